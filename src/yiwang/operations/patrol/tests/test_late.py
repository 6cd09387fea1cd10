"""What a phone tells late: nothing that was found or done in time is lost, and nothing old takes the place of new."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from yiwang.core import clock
from yiwang.core.audit.models import Entry
from yiwang.core.errors import Conflict, NotFound
from yiwang.core.forms.queries import form_in_force
from yiwang.core.ids import uuid7
from yiwang.operations.cases.actions import NewCase
from yiwang.operations.cases.models import Case
from yiwang.operations.cases.tests.district import CATEGORY, HERE, picture
from yiwang.operations.patrol.inspections import actions as inspections
from yiwang.operations.patrol.models import Finding, Stop, Task
from yiwang.operations.patrol.runs import actions, filling, handing_over
from yiwang.operations.patrol.runs.handing_over import NewHandOver
from yiwang.operations.patrol.tests.small import METRE, Town, first_task, planned
from yiwang.operations.patrol.tests.test_inspections import running

pytestmark = pytest.mark.django_db
LON, LAT = HERE


def found(town: Town, task: Task, *, who: str = "walker", at: datetime | None = None) -> Finding:
    actor = town.actor(who)
    new = NewCase(CATEGORY, "路口有暴露垃圾", LON, LAT, "", id=uuid7(), photos=(picture(actor),))
    return actions.find(actor, task.pk, new, at=at)


def fill(town: Town, task: Task, stop: Stop, at: datetime, **answers: Any) -> Stop:
    version = form_in_force("look").version
    return filling.fill(
        town.actor("walker"), task.pk, stop.pk, form="look", version=version, answers=answers, at=at
    )


@pytest.mark.parametrize("state", ["done", "missed", "cancelled", "handed_over"])
def test_what_was_found_is_a_case_whatever_became_of_the_task(town: Town, state: str) -> None:
    task = first_task(planned(town), town.walker)
    Task.objects.filter(pk=task.pk).update(state=state, ended_at=task.starts_at)
    with clock.frozen(task.ends_at + timedelta(minutes=31)):
        one = found(town, task)
    task.refresh_from_db()
    assert (task.state, task.findings_count, Case.objects.count()) == (state, 1, 1)
    assert one.case.source == "collector_patrol"
    assert Entry.objects.get(action="patrol.find", object_id=str(task.pk)).after["late"] is True


def test_what_was_found_before_the_next_had_the_task_is_linked_to_it(town: Town) -> None:
    task = first_task(planned(town), town.walker)
    walker = town.actor("walker")
    actions.start(walker, task.pk)
    made = handing_over.hand_over(walker, NewHandOver((task.pk,), receiver_id=town.next_shift.pk))
    handing_over.acknowledge(town.actor("next_shift"), made.pk)
    assert found(town, task).task_id == task.pk
    task.refresh_from_db()
    assert (task.person_id, task.state, task.findings_count) == (town.next_shift.pk, "under_way", 1)
    with pytest.raises(NotFound, match="task_not_found"):
        found(town, task, who="other")


def test_work_from_before_the_end_is_taken_and_moves_nothing(town: Town) -> None:
    task, actor = first_task(planned(town), town.walker), town.actor("walker")
    begun = clock.now()
    stop = task.stops.all()[0]
    with clock.frozen(begun + timedelta(minutes=30)):
        ended = actions.finish(actor, task.pk, note="下雨").ended_at
    with clock.frozen(begun + timedelta(minutes=40)):
        actions.check_in(actor, task.pk, stop.pk, lon=LON, lat=LAT, accuracy_m=5, at=begun)
        fill(town, task, stop, begun, clean=True)
        actions.finish(actor, task.pk, note="", at=begun + timedelta(minutes=20))
        task.refresh_from_db()
        assert (task.state, task.ended_at, task.done_count, task.note) == ("done", ended, 1, "下雨")
        with pytest.raises(Conflict, match="task_not_open"):
            actions.check_in(actor, task.pk, stop.pk, lon=LON, lat=LAT, accuracy_m=5)


def test_what_the_clock_ended_takes_the_end_that_was_within_the_grace(town: Town) -> None:
    task, actor = first_task(planned(town), town.walker), town.actor("walker")
    for stop in task.stops.all():
        fill(town, task, stop, clock.now(), clean=True)
    with clock.frozen(task.ends_at + timedelta(minutes=40)):
        actions.miss_overdue()
        late = actions.finish(actor, task.pk, at=task.ends_at + timedelta(minutes=20))
        assert (late.state, late.ended_at) == ("done", task.ends_at)


def test_work_after_a_report_is_kept_and_moves_nothing(town: Town) -> None:
    made, at = running(town), clock.now()
    task = Task.objects.get(inspection=made, team="一组")
    with clock.frozen(at + timedelta(hours=1)):
        inspections.report(town.actor("inspector"), made.pk, conclusion="好", expected_version=made.version)
        stop = fill(town, task, task.stops.all()[0], at + timedelta(minutes=30), clean=True)
        with pytest.raises(Conflict, match="task_not_open"):
            fill(town, task, stop, clock.now(), clean=True)
    task.refresh_from_db()
    assert (stop.passed, task.state, task.done_count) == (True, "missed", 1)
    made.refresh_from_db()
    assert made.figures["whole"]["done"] == 0
    assert Entry.objects.get(action="patrol.fill_form", object_id=str(task.pk)).after["late"] is True


def test_a_form_filled_earlier_replaces_none_and_the_nearest_check_in_stands(town: Town) -> None:
    task, actor = first_task(planned(town), town.walker), town.actor("walker")
    stop, at = task.stops.all()[0], clock.now()
    with clock.frozen(at + timedelta(minutes=10)):
        newer = fill(town, task, stop, clock.now(), clean=False).filled_id
        assert fill(town, task, stop, at, clean=True).passed is False
        stop.refresh_from_db()
        assert stop.filled_id == newer
        for metres, minute in ((20, 5), (40, 3), (20, 8), (20, 2), (300, 9)):
            actions.check_in(
                actor,
                task.pk,
                stop.pk,
                lon=LON,
                lat=LAT + metres * METRE,
                accuracy_m=5,
                at=at + timedelta(minutes=minute),
            )
    stop.refresh_from_db()
    assert round(stop.distance_m or 0) == 20
    assert stop.checked_in_at == at + timedelta(minutes=2)
