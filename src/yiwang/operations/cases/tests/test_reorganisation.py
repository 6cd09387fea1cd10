"""A unit is merged or closed while cases are open: nothing is lost, clocks run on, the right people see it."""

import pytest

from yiwang.core import clock
from yiwang.core.accounts import declare
from yiwang.core.accounts import reorganisation as tree
from yiwang.core.accounts.models import Unit, User
from yiwang.core.accounts.tests import people
from yiwang.core.audit.models import Entry
from yiwang.core.deadlines.models import Deadline
from yiwang.core.errors import Conflict
from yiwang.core.events import relay
from yiwang.core.events.models import OutboxEvent
from yiwang.core.notify.models import Notice
from yiwang.operations.cases import access, handlers, present, reorganisation, store
from yiwang.operations.cases.models import Case, Step, Task
from yiwang.operations.cases.tests.district import District, Walk


def merge(district: District) -> int:
    """The first unit becomes part of the other; what that did to cases."""
    tree.merge(people.SYSTEM, district.unit.pk, into_id=district.other_unit.pk, note="机构改革")
    return reorganisation.hand_over(district.unit.pk)


def sees(user: User, case: Case) -> bool:
    return access.list_cases_for(people.actor(user)).filter(pk=case.pk).exists()


@pytest.mark.parametrize("state", ["pending_handle", "handling"])
def test_an_open_task_goes_to_the_successor_with_state_and_clock(district: District, state: str) -> None:
    walk = Walk(district).to(state)
    before = Task.objects.get(case=walk.case, kind="handle")
    running = Deadline.objects.get(owner_id=walk.case.pk, part_id=before.pk, stopped_at=None)
    assert not sees(district.other_clerk, walk.case)
    assert merge(district) == 1
    case = Case.objects.get(pk=walk.case.pk)
    task = Task.objects.get(case=case, kind="handle")
    assert (task.pk, task.state, task.assignee_id, task.unit) == (
        before.pk, before.state, before.assignee_id, district.other_unit,
    )  # fmt: skip
    assert (case.state, case.handling_unit, case.due_at) == (state, district.other_unit, walk.case.due_at)
    [clock_now] = Deadline.objects.filter(owner_id=case.pk, stopped_at=None)
    assert (clock_now.pk, clock_now.due_at) == (running.pk, running.due_at)
    assert sees(district.other_clerk, case)
    assert sees(district.clerk, case), "who worked on it goes on with it"
    step = Step.objects.get(case=case, verb="take_over")
    assert (step.seq, case.version) == (walk.case.version + 2, walk.case.version + 1)
    assert step.data["unit"]["id"] == district.other_unit.pk
    assert Entry.objects.filter(action="cases.take_over", object_id=str(case.pk)).count() == 1
    walk.case = case
    walk.to("closed")


def test_it_happens_once_however_often_it_is_asked_for(district: District) -> None:
    Walk(district).to("pending_handle")
    assert merge(district) == 1
    assert reorganisation.hand_over(district.unit.pk) == 0
    assert reorganisation.hand_over_leftovers() == 0
    assert Step.objects.filter(verb="take_over").count() == 1


def test_the_new_people_are_told_and_browsers_hear(district: District) -> None:
    walk = Walk(district).to("pending_handle")
    Notice.objects.all().delete()
    merge(district)
    event = OutboxEvent.objects.filter(type="case.advanced").order_by("-pk")[0]
    assert event.payload["verb"] == "take_over"
    assert district.other_unit.path in event.audience["unit_paths"]
    handlers.tell_next(walk.case.pk, event.payload["version"])
    assert district.other_clerk.pk in Notice.objects.values_list("user_id", flat=True)


def test_a_check_that_fails_comes_back_to_the_successor(district: District) -> None:
    walk = Walk(district).to("pending_check")
    merge(district)
    walk.case.refresh_from_db()
    walk.step("collector", "fail_check", note="没有清干净", photos=())
    task = Task.objects.get(case=walk.case, kind="handle")
    assert (task.state, task.unit) == ("running", district.other_unit)


def test_where_both_units_worked_on_a_case_the_main_task_remains(district: District) -> None:
    walk = Walk(district).to("pending_dispatch")
    walk.step("dispatcher", "dispatch", unit_id=district.unit.pk, assist_ids=(district.other_unit.pk,))
    merge(district)
    tasks = {task.is_main: task for task in Task.objects.filter(case=walk.case, kind="handle")}
    assert (tasks[True].unit, tasks[True].state) == (district.other_unit, "waiting")
    assert tasks[False].state == "cancelled"
    assert Deadline.objects.filter(owner_id=walk.case.pk, stopped_at=None).count() == 1
    walk.case.refresh_from_db()
    walk.to("closed")


def test_an_ended_case_keeps_its_unit_and_both_see_it(district: District) -> None:
    walk = Walk(district).to("closed")
    assert merge(district) == 0
    assert Task.objects.get(case=walk.case, kind="handle").unit == district.unit
    assert sees(district.clerk, walk.case)
    assert sees(district.other_clerk, walk.case), "the old unit lies below its successor"


def test_a_unit_at_work_cannot_be_closed_without_a_successor(district: District) -> None:
    walk = Walk(district).to("handling")
    with pytest.raises(Conflict) as refused:
        tree.close(people.SYSTEM, district.unit.pk, on=clock.today(), successor_id=None, note="")
    assert refused.value.params == {"cases.open_tasks": 1}
    tree.close(
        people.SYSTEM, district.unit.pk, on=clock.today(), successor_id=district.other_unit.pk, note=""
    )
    reorganisation.hand_over(district.unit.pk)
    assert sees(district.other_clerk, walk.case)
    assert not sees(district.clerk, walk.case), "the people of a closed unit hold no post any more"


def test_what_comes_late_is_found(district: District) -> None:
    """A dispatch that read the tree before the merger commits after it."""
    walk = Walk(district).to("pending_handle")
    Unit.objects.filter(pk=district.unit.pk).update(valid_to=clock.today(), successor=district.other_unit)
    assert reorganisation.hand_over_leftovers() == 1
    assert Task.objects.get(case=walk.case, kind="handle").unit == district.other_unit


def test_the_preview_counts_what_is_open(district: District) -> None:
    Walk(district).to("handling")
    Walk(district).to("pending_check")
    Walk(district).to("closed")
    [concern] = [one for one in declare.concerns() if one.key == "cases.open_tasks"]
    assert (concern.count([district.unit.pk]), concern.count([district.other_unit.pk])) == (2, 0)


def test_the_timeline_words_it(district: District) -> None:
    walk = Walk(district).to("handling")
    merge(district)
    acceptor = district.actor("acceptor")
    shown = present.detail(acceptor, store.read_for(acceptor, walk.case.pk))
    assert [row["label"]["zh"] for row in shown["timeline"] if row["verb"] == "take_over"] == ["机构承接"]


def test_the_events_lead_there(district: District) -> None:
    walk = Walk(district).to("handling")
    tree.merge(people.SYSTEM, district.unit.pk, into_id=district.other_unit.pk, note="")
    relay.deliver_due()
    assert Task.objects.get(case=walk.case, kind="handle").unit == district.other_unit
