"""Who takes over from whom: a place in a team, a task that nobody takes, and whose a hand-over is."""

from datetime import timedelta
from typing import Any

import pytest

from yiwang.core import clock
from yiwang.core.accounts.tests.people import Browser, actor, person
from yiwang.core.errors import Invalid, NotFound, Refused
from yiwang.operations.cases.tests.district import STREET
from yiwang.operations.patrol import access
from yiwang.operations.patrol.models import HandOver, Plan, Task
from yiwang.operations.patrol.runs import actions, handing_over
from yiwang.operations.patrol.runs.handing_over import NewHandOver
from yiwang.operations.patrol.tests.small import WALKS, Town, first_task, planned

pytestmark = pytest.mark.django_db


def test_a_task_that_nobody_takes_is_missed(town: Town) -> None:
    task, walker = first_task(planned(town), town.walker), town.actor("walker")
    made = handing_over.hand_over(walker, NewHandOver((task.pk,)))
    with clock.frozen(task.ends_at + timedelta(hours=1)):
        actions.miss_overdue()
        task.refresh_from_db()
        assert (task.state, task.ended_at) == ("missed", task.ends_at)
        # The next had taken it in time, with a phone that was offline.
        handing_over.acknowledge(town.actor("next_shift"), made.pk, at=task.ends_at - timedelta(hours=1))
    task.refresh_from_db()
    assert (task.state, task.person_id) == ("planned", town.next_shift.pk)


def test_who_leaves_a_team_is_replaced_and_the_others_go_on(town: Town) -> None:
    task, walker = first_task(planned(town), town.walker), town.actor("walker")
    third = person("thirdwalker", *WALKS, at=town.unit, areas=[STREET])
    Task.objects.filter(pk=task.pk).update(person=None, members=[town.walker.pk, third.pk], team="一组")
    actions.start(walker, task.pk)
    made = handing_over.hand_over(walker, NewHandOver((task.pk,), receiver_id=town.next_shift.pk))
    task.refresh_from_db()
    assert task.state == "under_way"
    handing_over.acknowledge(town.actor("next_shift"), made.pk)
    task.refresh_from_db()
    assert (task.person, task.members) == (None, [town.next_shift.pk, third.pk])
    with pytest.raises(NotFound, match="task_not_found"):
        actions.finish(walker, task.pk, note="走了")
    assert actions.finish(actor(third), task.pk, note="下雨").state == "done"


def test_what_is_for_a_unit_is_taken_by_its_people_only(town: Town) -> None:
    task = first_task(planned(town), town.walker)
    made = handing_over.hand_over(town.actor("walker"), NewHandOver((task.pk,)))
    whole = person("wholedistrict", *WALKS, areas=[STREET[:6]])
    assert not Browser(whole).get("/patrol/hand-overs").json()["items"][0]["may_acknowledge"]
    with pytest.raises(Refused, match="not_the_receiver"):
        handing_over.acknowledge(actor(whole), made.pk)
    assert Browser(town.next_shift).get("/patrol/hand-overs").json()["items"][0]["may_acknowledge"]
    handing_over.acknowledge(town.actor("next_shift"), made.pk)


def test_who_does_not_walk_here_is_no_receiver(town: Town) -> None:
    task = first_task(planned(town), town.walker)
    for who in (town.planner, town.other, town.walker):
        with pytest.raises(Invalid, match="person_not_found"):
            handing_over.hand_over(town.actor("walker"), NewHandOver((task.pk,), receiver_id=who.pk))


def test_the_right_is_asked_again_under_the_lock(town: Town) -> None:
    plan = planned(town)

    def taken_away(_self: Any, pk: Any) -> None:
        Plan.objects.filter(pk=pk).update(area_code="990000", unit=town.unit)

    near = Plan.objects.filter(pk=plan.pk).filter(area_code__startswith=STREET[:6])
    with pytest.MonkeyPatch.context() as patch:
        locked = type(Plan.objects.select_for_update())
        patch.setattr(locked, "get", taken_away)
        with pytest.raises(NotFound, match="plan_not_found"):
            access.one(near, plan.pk, "plan_not_found", lock=True)


def test_a_list_of_hand_overs_costs_the_same_however_long(
    town: Town, django_assert_max_num_queries: Any
) -> None:
    plan, walker = planned(town), town.actor("walker")
    for task in Task.objects.filter(plan=plan, person=town.walker):
        handing_over.hand_over(walker, NewHandOver((task.pk,)))
    browser = Browser(town.next_shift)
    browser.get("/patrol/hand-overs")
    assert HandOver.objects.count() == 6
    with django_assert_max_num_queries(12):
        assert len(browser.get("/patrol/hand-overs").json()["items"]) == 6
