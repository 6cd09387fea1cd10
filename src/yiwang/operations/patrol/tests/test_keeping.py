"""What is measured again, let go of after its time, or erased with a person; and who is sent when people are away."""

from datetime import timedelta

import pytest
from django.db import transaction

from yiwang.core import clock
from yiwang.core.accounts.models import Absence, User
from yiwang.core.erasing import Erasure, reach
from yiwang.operations.cases.tests.district import HERE
from yiwang.operations.patrol.calls import actions as calls
from yiwang.operations.patrol.calls.actions import NewCall
from yiwang.operations.patrol.models import Call, HandOver, Item, Stop, Task
from yiwang.operations.patrol.plans.actions import NewTarget
from yiwang.operations.patrol.plans.drawing_up import at_work, draw_up_plan
from yiwang.operations.patrol.rules.presence import Step
from yiwang.operations.patrol.runs import actions, coverage, handing_over
from yiwang.operations.patrol.runs.handing_over import NewHandOver
from yiwang.operations.patrol.tests.small import METRE, Town, first_task, new_plan, planned
from yiwang.operations.patrol.tests.test_inspections import sampled

pytestmark = pytest.mark.django_db
LON, LAT = HERE


def test_both_who_walked_are_measured_when_their_positions_come(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = ((LON, LAT), (LON, LAT + 1000 * METRE))
    plan = planned(town, kind="streets", targets=(NewTarget("人民路", line=line),), form="")
    task, begun = first_task(plan, town.walker), clock.now()
    actions.start(town.actor("walker"), task.pk)
    with clock.frozen(begun + timedelta(minutes=20)):
        made = handing_over.hand_over(town.actor("walker"), NewHandOver((task.pk,)))
        handing_over.acknowledge(town.actor("next_shift"), made.pk)
    with clock.frozen(begun + timedelta(minutes=40)):
        assert actions.finish(town.actor("next_shift"), task.pk, note="x").covered_m == 0
    walks = {town.walker.pk: (0, 300), town.next_shift.pk: (700, 1000)}
    spans = {}

    def steps(person, since, until):  # type: ignore[no-untyped-def]
        spans[person] = (since, until)
        return [Step(n * 60, LON, LAT + m * METRE) for n, m in enumerate(walks[person])]

    monkeypatch.setattr(coverage, "_steps", steps)
    with clock.frozen(begun + timedelta(days=1)):
        assert coverage.measure_again() == 1
    task.refresh_from_db()
    assert task.covered_m == pytest.approx(660, abs=20)
    assert spans[town.walker.pk] == (begun, begun + timedelta(minutes=20))
    assert spans[town.next_shift.pk] == (begun + timedelta(minutes=20), begun + timedelta(minutes=40))
    with clock.frozen(begun + timedelta(days=4)):
        assert coverage.measure_again() == 0


def test_where_people_stood_goes_after_its_time(town: Town) -> None:
    task = first_task(planned(town), town.walker)
    stop = task.stops.all()[0]
    actions.check_in(town.actor("walker"), task.pk, stop.pk, lon=LON, lat=LAT, accuracy_m=5)
    assert coverage.forget_check_in_places() == 0
    with clock.frozen(clock.now() + timedelta(days=366)):
        assert coverage.forget_check_in_places() == 1
    stop = Stop.objects.get(pk=stop.pk)
    assert (stop.location, stop.within) == (None, True)


def test_a_citizen_goes_out_of_what_was_written(town: Town) -> None:
    said = "王五13900000000"
    task = first_task(planned(town), town.walker)
    handing_over.hand_over(town.actor("walker"), NewHandOver((task.pk,), said, (said,)))
    calls.call(town.actor("planner"), NewCall(said, LON, LAT, (town.walker.pk,)))
    Task.objects.filter(pk=task.pk).update(note=said)
    Item.objects.filter(inspection=sampled(town)).update(address=said)
    gone = Erasure(frozenset(), ("13900000000",), lambda text: text.replace(said, "某人"))
    with transaction.atomic():
        reached = reach(gone)
    assert reached["patrol.inspection"] == 12
    made = HandOver.objects.get()
    assert (made.note, made.open_items, Call.objects.get().reason) == ("某人", ["某人"], "某人")
    task.refresh_from_db()
    assert task.note == "某人"


def test_nobody_is_sent_who_is_gone_or_away(town: Town) -> None:
    today = clock.today()
    for who, instead in ((town.walker, town.next_shift), (town.next_shift, None)):
        Absence.objects.create(user=who, substitute=instead, starts_on=today, ends_on=today,
            reason="leave", entered_by_name="x")  # fmt: skip
    User.objects.filter(pk=town.other.pk).update(is_active=False)
    assert at_work([town.walker.pk, town.other.pk], today) == []
    plan = planned(town)
    due = Task.objects.filter(plan=plan, day=today)
    assert set(due.values_list("person", flat=True)) == {None}
    own = planned(town, people=(town.walker.pk, town.next_shift.pk), name="x")
    assert set(own.tasks.filter(day=today).values_list("person", flat=True)) == {None}
    assert draw_up_plan(own) == 0
    assert new_plan(town).people == ()
