"""A special inspection from its population to its report; what is wrong is put right and looked at again."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from yiwang.core import clock
from yiwang.core.audit.models import Entry
from yiwang.core.errors import Conflict, Invalid, NotFound, Refused
from yiwang.core.forms.queries import form_in_force
from yiwang.core.notify.models import Notice
from yiwang.operations.cases.tests.district import HERE, STREET
from yiwang.operations.patrol.inspections import actions, rectifying
from yiwang.operations.patrol.inspections.actions import NewInspection, Sampling, Team
from yiwang.operations.patrol.inspections.population import Population, Row
from yiwang.operations.patrol.inspections.queries import figures, results
from yiwang.operations.patrol.inspections.rectifying import Order
from yiwang.operations.patrol.models import Inspection, Item, Stop, Task
from yiwang.operations.patrol.runs import actions as runs
from yiwang.operations.patrol.runs import filling
from yiwang.operations.patrol.tests.small import Town, planned

pytestmark = pytest.mark.django_db
LON, LAT = HERE
# Eight in the street of HERE, four in the one beside it.
ROWS = tuple(Row(f"公厕{n}", 114.76 + n * 0.012, LAT) for n in range(12))


def begun(town: Town, **changes: Any) -> Inspection:
    today = clock.today()
    values = {
        "name": "公厕专项检查",
        "unit_id": town.street_unit.pk,
        "area_code": STREET[:6],
        "form": "look",
        "starts_on": today,
        "ends_on": today + timedelta(days=2),
        **changes,
    }
    return actions.make(town.actor("inspector"), NewInspection(**values))


def sampled(town: Town, percent: int = 50, seed: int | None = 5) -> Inspection:
    lead, made = town.actor("inspector"), begun(town)
    made = actions.put_population(lead, made.pk, Population("file", ROWS), expected_version=made.version)
    wanted = Sampling(percent, "street", seed)
    return actions.draw(lead, made.pk, wanted, expected_version=made.version)


def running(town: Town) -> Inspection:
    made = sampled(town)
    teams = (Team("一组", (town.walker.pk,)), Team("二组", (town.other.pk, town.next_shift.pk)))
    return actions.run(town.actor("inspector"), made.pk, teams, expected_version=made.version)


def drawn(made: Inspection) -> list[str]:
    return list(Item.objects.filter(inspection=made, drawn__isnull=False).values_list("name", flat=True))


def test_a_sample_is_drawn_by_a_seed_that_stays_and_again_gives_the_same(town: Town) -> None:
    made = sampled(town)
    first = drawn(made)
    assert (len(first), made.sampling["seed"], made.sampling["population"]) == (6, 5, 12)
    assert len([name for name in first if int(name[2:]) < 8]) == 4
    lead = town.actor("inspector")
    other = actions.draw(lead, made.pk, Sampling(50, "street"), expected_version=made.version)
    assert drawn(other) != first  # a new seed of its own
    again = actions.draw(lead, made.pk, Sampling(50, "street", 5), expected_version=other.version)
    assert drawn(again) == first
    seeds = [entry.after["sampling"]["seed"] for entry in Entry.objects.filter(action="patrol.draw_sample")]
    assert len(seeds) == 3


def test_teams_go_and_what_they_find_stands_in_the_report(town: Town) -> None:
    made = running(town)
    tasks = list(Task.objects.filter(inspection=made).order_by("key"))
    assert sum(task.stops_count for task in tasks) == 6
    assert Notice.objects.filter(kind="patrol.inspection_begins").count() == 3
    walker, version = town.actor("walker"), form_in_force("look").version
    mine = Task.objects.get(inspection=made, team="一组")
    for at, stop in enumerate(Stop.objects.filter(task=mine)):
        runs.check_in(walker, mine.pk, stop.pk, lon=stop.shape.x, lat=stop.shape.y, accuracy_m=3)
        filling.fill(walker, mine.pk, stop.pk, form="look", version=version, answers={"clean": at > 0})
    runs.finish(walker, mine.pk)
    found = figures(made)
    assert found["whole"]["drawn"] == 6
    assert (found["whole"]["done"], found["whole"]["passed"]) == (3, 2)
    assert found["whole"]["mean"] == "200/3"
    assert found["failed"] == [{"field": "clean", "label": {"zh": "干净", "en": "Clean"}, "count": 1}]
    assert sum(row["drawn"] for row in found["by_unit"]) == 6
    lead = town.actor("inspector")
    with pytest.raises(Invalid, match="conclusion_needed"):
        actions.report(lead, made.pk, conclusion=" ", expected_version=made.version)
    ended = actions.report(lead, made.pk, conclusion="总体较好。", expected_version=made.version)
    assert ended.figures == found
    assert {task.state for task in Task.objects.filter(inspection=made)} == {"done", "missed"}
    with pytest.raises(Conflict, match="inspection_over"):
        actions.cancel(lead, made.pk, expected_version=ended.version)


def test_what_is_wrong_is_put_right_and_looked_at_again(town: Town) -> None:
    made, lead = running(town), town.actor("inspector")
    stop = Stop.objects.filter(task__inspection=made)[0]
    due = clock.today() + timedelta(days=3)
    order = rectifying.order(lead, stop.pk, Order("清理门前积水", town.unit.pk, due))
    assert Notice.objects.filter(kind="patrol.rectify", user_id=town.walker.pk).exists()
    with pytest.raises(Conflict, match="already_ordered"):
        rectifying.order(lead, stop.pk, Order("再来", town.unit.pk, due))
    with pytest.raises(Conflict, match="nothing_to_recheck"):
        rectifying.recheck(lead, order.pk, passed=True, note="", expected_version=1)
    with pytest.raises(NotFound):
        rectifying.report_done(town.actor("other"), order.pk, result="已清", expected_version=1)
    order = rectifying.report_done(town.actor("walker"), order.pk, result="已清", expected_version=1)
    with pytest.raises(Invalid, match="note_needed"):
        rectifying.recheck(lead, order.pk, passed=False, note="", expected_version=2)
    order = rectifying.recheck(lead, order.pk, passed=False, note="还有积水", expected_version=2)
    order = rectifying.report_done(town.actor("next_shift"), order.pk, result="又清了", expected_version=3)
    order = rectifying.recheck(lead, order.pk, passed=True, note="", expected_version=4)
    assert order.state == "passed"
    assert [row.rectification.state for row in results(made) if row.rectification] == ["passed"]
    assert figures(made)["whole"]["rectified"] == 1
    other = Stop.objects.filter(task__inspection=made)[1]
    past = Order("x", town.unit.pk, clock.today() - timedelta(days=1))
    with pytest.raises(Invalid, match="due_in_past"):
        rectifying.order(lead, other.pk, past)


def test_populations_come_from_plans_and_grids_too(town: Town) -> None:
    lead, plan = town.actor("planner"), planned(town)
    made = begun(town)
    made = actions.put_population(lead, made.pk, Population("plan", plan_id=plan.pk), expected_version=1)
    assert made.sampling == {"population": 3}
    made = actions.put_population(lead, made.pk, Population("grids"), expected_version=2)
    assert made.items.count() == 2
    with pytest.raises(Invalid, match="empty_population"):
        actions.put_population(lead, made.pk, Population("cases"), expected_version=3)
    far, team = Population("file", (Row("远", 10, 10),)), (Team("一组", (town.walker.pk,)),)
    with pytest.raises(Invalid, match="row_outside_district"):
        actions.put_population(lead, made.pk, far, expected_version=3)
    with pytest.raises(Conflict, match="no_sample"):
        actions.run(lead, made.pk, team, expected_version=3)


def test_what_runs_is_not_changed_and_strangers_do_not_lead(town: Town) -> None:
    made = running(town)
    with pytest.raises(Conflict, match="inspection_runs"):
        actions.draw(town.actor("inspector"), made.pk, Sampling(10), expected_version=made.version)
    with pytest.raises(NotFound, match="inspection_not_found"):
        actions.cancel(town.actor("walker"), made.pk, expected_version=made.version)
    with pytest.raises(Refused, match="permission_denied"):
        actions.make(town.actor("walker"), new_of(made))
    with pytest.raises(Conflict, match="patrol_changed"):
        actions.report(town.actor("inspector"), made.pk, conclusion="x", expected_version=1)
    ended = actions.cancel(town.actor("inspector"), made.pk, expected_version=made.version)
    assert {task.state for task in ended.tasks.all()} == {"cancelled"}


def new_of(made: Inspection) -> NewInspection:
    return NewInspection("x", made.unit_id, made.area_code, "look", made.starts_on, made.ends_on)


@pytest.mark.parametrize("teams", [(), (Team("一", ()),), (Team("一", (UUID(int=9),)),)])
def test_teams_that_cannot_go_are_refused(town: Town, teams: tuple[Team, ...]) -> None:
    made = sampled(town)
    with pytest.raises(Invalid):
        actions.run(town.actor("inspector"), made.pk, teams, expected_version=made.version)
