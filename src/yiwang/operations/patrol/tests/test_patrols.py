"""From a plan to a task that is done: drawn up once, walked, filled, found, handed over, missed."""

from datetime import timedelta
from typing import Any

import pytest

from yiwang.core import clock
from yiwang.core.accounts.models import Absence
from yiwang.core.audit.models import Entry
from yiwang.core.errors import Conflict, Invalid, NotFound, Refused
from yiwang.core.ids import uuid7
from yiwang.core.notify.models import Notice
from yiwang.operations.cases.actions import NewCase
from yiwang.operations.cases.models import Case
from yiwang.operations.cases.tests.district import CATEGORY, HERE, picture
from yiwang.operations.patrol.models import Finding, Target, Task
from yiwang.operations.patrol.plans import actions as plans
from yiwang.operations.patrol.plans.actions import NewTarget
from yiwang.operations.patrol.plans.drawing_up import draw_up_ahead, draw_up_plan
from yiwang.operations.patrol.plans.queries import preview
from yiwang.operations.patrol.runs import actions, filling, handing_over
from yiwang.operations.patrol.runs.handing_over import NewHandOver
from yiwang.operations.patrol.runs.queries import covered
from yiwang.operations.patrol.tests.small import METRE, Town, first_task, new_plan, planned

pytestmark = pytest.mark.django_db
LON, LAT = HERE


def version() -> int:
    from yiwang.core.forms.queries import form_in_force

    return form_in_force("look").version


def test_a_plan_makes_tasks_by_grade_grid_and_window_once(town: Town) -> None:
    plan = planned(town)
    today = Task.objects.filter(plan=plan, day=clock.today())
    assert today.filter(person=town.walker).count() == 2  # grade A: twice
    assert today.filter(person=town.other).count() == 1
    task = first_task(plan, town.walker)
    assert [stop.name for stop in task.stops.all()] == ["大门", "后门"]
    assert {stop.grade for stop in task.stops.all()} == {"A"}
    assert task.starts_at.astimezone(clock.LOCAL).hour == 8
    before = Task.objects.count()
    assert (draw_up_plan(plan), draw_up_ahead(), Task.objects.count()) == (0, 0, before)
    assert [row["tasks"] for row in preview(plan)] == [3] * 7


def test_who_is_away_is_stood_in_for(town: Town) -> None:
    today = clock.today()
    Absence.objects.create(user=town.walker, substitute=town.next_shift, starts_on=today, ends_on=today,
        reason="leave", entered_by_name="x")  # fmt: skip
    plan = planned(town)
    assert Task.objects.filter(plan=plan, day=today, person=town.next_shift).count() == 2
    assert Task.objects.filter(plan=plan, day=today + timedelta(days=1), person=town.walker).count() == 2


def test_a_key_place_is_graded_a_and_a_share_is_drawn_by_a_kept_seed(town: Town) -> None:
    many = tuple(NewTarget(f"点{n}", lon=114.9 + n / 1000, lat=LAT, is_key=n < 4) for n in range(12))
    plan = planned(town, targets=many, sample_percent=25, seed=11)
    assert Target.objects.filter(plan=plan, grade="A").count() == 4
    drawn = {
        task.key: [stop.name for stop in task.stops.all()]
        for task in Task.objects.filter(plan=plan, day=clock.today())
    }
    assert 3 <= sum(map(len, drawn.values())) <= 5  # a quarter of what is due in each turn, rounded up
    Task.objects.filter(plan=plan).delete()
    draw_up_plan(plan)
    again = Task.objects.filter(plan=plan, day=clock.today())
    assert {task.key: [stop.name for stop in task.stops.all()] for task in again} == drawn


def test_a_change_of_the_plan_renews_what_lies_ahead_and_keeps_today(town: Town) -> None:
    plan = planned(town)
    kept = list(Task.objects.filter(plan=plan, day=clock.today()).values_list("pk", flat=True))
    targets = [NewTarget(one.name, one.pk, one.shape.x, one.shape.y) for one in plan.targets.all()[:1]]
    changed = plans.change_plan(
        town.actor("planner"), plan.pk, new_plan(town, targets=tuple(targets)), expected_version=1
    )
    draw_up_plan(changed)
    assert list(Task.objects.filter(plan=plan, day=clock.today()).values_list("pk", flat=True)) == kept
    ahead = Task.objects.filter(plan=plan, day__gt=clock.today())
    assert {task.stops_count for task in ahead} == {1}
    with pytest.raises(Conflict, match="patrol_changed"):
        plans.change_plan(town.actor("planner"), plan.pk, new_plan(town), expected_version=1)
    ended = plans.set_state(town.actor("planner"), plan.pk, "ended", expected_version=2)
    assert not ahead.all().exists()
    with pytest.raises(Conflict, match="plan_ended"):
        plans.set_state(town.actor("planner"), plan.pk, "active", expected_version=ended.version)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"targets": ()}, "no_targets"),
        ({"windows": ()}, "no_windows"),
        ({"frequency": {}}, "no_visits"),
        ({"targets": (NewTarget("远", lon=10, lat=10),)}, "outside_district"),
        ({"kind": "routes"}, "no_line"),
        ({"kind": "grids", "targets": (NewTarget("x", grid_code="nope"),)}, "grid_not_found"),
        ({"people": (uuid7(),)}, "person_not_found"),
        ({"unit_id": 10**9}, "unit_not_found"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(town: Town, change: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid, match=code):
        plans.make_plan(town.actor("planner"), new_plan(town, **change))


def test_a_task_is_walked_filled_and_done_and_on_the_record(town: Town) -> None:
    plan, actor = planned(town), town.actor("walker")
    task = first_task(plan, town.walker)
    actions.start(actor, task.pk)
    stop = task.stops.all()[0]
    far = actions.check_in(actor, task.pk, stop.pk, lon=LON, lat=LAT + 300 * METRE, accuracy_m=10)
    assert (far.within, round(far.distance_m or 0)) == (False, 300)
    near = actions.check_in(actor, task.pk, stop.pk, lon=LON, lat=LAT + 30 * METRE, accuracy_m=10)
    assert near.within
    later = actions.check_in(actor, task.pk, stop.pk, lon=LON, lat=LAT + 300 * METRE, accuracy_m=10)
    assert later.within  # what counted stays
    for each in task.stops.all():
        filling.fill(actor, task.pk, each.pk, form="look", version=version(), answers={"clean": each == stop})
    done = actions.finish(actor, task.pk)
    assert (done.state, done.done_count, done.stops_count) == ("done", 2, 2)
    assert [one.passed for one in task.stops.order_by("order")] == [True, False]
    assert Entry.objects.filter(action="patrol.finish_task", object_id=str(task.pk)).exists()
    with pytest.raises(Conflict, match="task_not_open"):
        actions.start(actor, task.pk)
    visits = {target.name: found for target, found in covered(town.actor("planner"), task.day, task.day)}
    assert (visits["大门"].due, visits["大门"].made) == (2, 1)


def test_what_is_left_undone_needs_a_reason_and_an_other_form_is_refused(town: Town) -> None:
    plan, actor = planned(town), town.actor("walker")
    task = first_task(plan, town.walker)
    with pytest.raises(Invalid, match="note_needed"):
        actions.finish(actor, task.pk)
    with pytest.raises(Invalid, match="other_form"):
        filling.fill(actor, task.pk, task.stops.all()[0].pk, form="street_patrol", version=1, answers={})
    with pytest.raises(Invalid, match="stop_not_found"):
        actions.check_in(actor, task.pk, uuid7(), lon=LON, lat=LAT, accuracy_m=1)
    assert actions.finish(actor, task.pk, note="下雨").note == "下雨"


def test_nobody_elses_task_can_be_walked(town: Town) -> None:
    task = first_task(planned(town), town.walker)
    for who in ("other", "planner", "next_shift"):
        with pytest.raises(NotFound, match="task_not_found"):
            actions.start(town.actor(who), task.pk)


def test_a_finding_is_a_case_by_the_one_door_once(town: Town) -> None:
    plan, actor = planned(town), town.actor("walker")
    task = first_task(plan, town.walker)
    case_id, stop = uuid7(), task.stops.all()[0]
    new = NewCase(CATEGORY, "路口有暴露垃圾", LON, LAT, "hotline", id=case_id, photos=(picture(actor),))
    found = actions.find(actor, task.pk, new, stop_id=stop.pk)
    assert actions.find(actor, task.pk, new, stop_id=stop.pk) == found
    case = Case.objects.get(pk=case_id)
    assert (case.source, case.state, case.reported_by) == ("collector_patrol", "reported", town.walker.pk)
    before, after = picture(actor, "blue"), picture(actor, "green")
    photos = (type(before)(before.file_id, "before"), type(after)(after.file_id, "after"))
    at_once = NewCase(CATEGORY, "小广告已清理", LON, LAT, "", id=uuid7(), photos=photos, verb="self_handle")
    assert actions.find(actor, task.pk, at_once).handled_at_once
    task.refresh_from_db()
    assert (task.findings_count, task.state, Finding.objects.count()) == (2, "under_way", 2)


def test_a_refused_finding_leaves_nothing(town: Town) -> None:
    plan, actor = planned(town), town.actor("walker")
    task = first_task(plan, town.walker)
    with pytest.raises((Conflict, Invalid, Refused)):
        actions.find(actor, task.pk, NewCase(CATEGORY, "没有照片", LON, LAT, ""))
    task.refresh_from_db()
    assert (task.state, task.version, Case.objects.count()) == ("planned", 1, 0)


def test_time_goes_by(town: Town) -> None:
    plan, actor = planned(town), town.actor("walker")
    task = first_task(plan, town.walker)
    afternoon = Task.objects.filter(plan=plan, person=town.walker, day=clock.today()).order_by("-starts_at")[
        0
    ]
    with pytest.raises(Conflict, match="task_too_early"):
        actions.start(actor, afternoon.pk)
    in_time = clock.now() + timedelta(hours=2)
    with clock.frozen(clock.now() + timedelta(hours=4)):
        over = Task.objects.filter(ends_at__lt=clock.now() - timedelta(minutes=30)).count()
        assert actions.miss_overdue() == over
        task.refresh_from_db()
        assert (task.state, task.ended_at) == ("missed", task.ends_at)
        with pytest.raises(Conflict, match="task_over"):
            actions.start(actor, task.pk)
        stop = task.stops.all()[0]
        actions.check_in(actor, task.pk, stop.pk, lon=LON, lat=LAT, accuracy_m=5, at=in_time)
        task.refresh_from_db()
        assert task.state == "under_way"  # the phone was offline: what happened in time counts
        assert actions.miss_overdue() == 1


def test_a_shift_hands_over_and_the_next_takes_it(town: Town) -> None:
    plan, walker = planned(town), town.actor("walker")
    task = first_task(plan, town.walker)
    actions.start(walker, task.pk)
    key = uuid7()
    new = NewHandOver((task.pk,), "后门没看", ("井盖待修",), town.next_shift.pk)
    made = handing_over.hand_over(walker, new, hand_over_id=key)
    assert handing_over.hand_over(walker, new, hand_over_id=key) == made
    task.refresh_from_db()
    assert task.state == "handed_over"
    assert Notice.objects.filter(user_id=town.next_shift.pk, kind="patrol.handed_over").exists()
    with pytest.raises((Refused, NotFound)):
        handing_over.acknowledge(town.actor("other"), made.pk)
    with pytest.raises(Refused, match="not_the_receiver"):
        handing_over.acknowledge(walker, made.pk)
    handing_over.acknowledge(town.actor("next_shift"), made.pk)
    task.refresh_from_db()
    assert (task.state, task.person_id) == ("under_way", town.next_shift.pk)
    assert handing_over.acknowledge(town.actor("next_shift"), made.pk).acknowledged_at
    with pytest.raises(Invalid, match="nothing_handed_over"):
        handing_over.hand_over(walker, NewHandOver(()))


def test_a_task_is_given_away_and_called_off(town: Town) -> None:
    plan = planned(town)
    task = first_task(plan, town.walker)
    planner = town.actor("planner")
    assert actions.reassign(planner, task.pk, None).person is None
    assert (
        actions.start(town.actor("next_shift"), task.pk).person == town.next_shift
    )  # free: who takes it has it
    with pytest.raises(Conflict, match="task_not_open"):
        actions.reassign(planner, task.pk, town.walker.pk)
    assert actions.cancel(planner, task.pk, note="道路封闭").state == "cancelled"
    with pytest.raises(NotFound):
        actions.cancel(town.actor("walker"), task.pk, note="不想去")


def test_a_grid_is_reached_by_standing_in_it_and_a_street_by_its_nearest_point(town: Town) -> None:
    grids = planned(town, kind="grids", targets=(), form="")
    assert Target.objects.filter(plan=grids).count() == 2
    actor, task = town.actor("walker"), first_task(grids, town.walker)
    stop = task.stops.get()
    assert not actions.check_in(actor, task.pk, stop.pk, lon=114.95, lat=LAT, accuracy_m=5).within
    assert actions.check_in(actor, task.pk, stop.pk, lon=114.72, lat=30.81, accuracy_m=5).within
    assert actions.finish(actor, task.pk).done_count == 1
    line = ((LON, LAT), (LON, LAT + 500 * METRE))
    streets = planned(town, kind="streets", targets=(NewTarget("人民路", line=line),), form="")
    task = first_task(streets, town.walker)
    assert task.length_m == pytest.approx(500, rel=0.01)
    stop = task.stops.get()
    assert actions.check_in(actor, task.pk, stop.pk, lon=LON, lat=LAT + 400 * METRE, accuracy_m=5).within
