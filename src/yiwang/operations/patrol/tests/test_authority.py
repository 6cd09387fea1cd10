"""Who may send whom where: one assignment must hold the unit and the area, and the people with them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from yiwang.core import clock
from yiwang.core.accounts.models import Assignment, Unit, User
from yiwang.core.accounts.tests.people import Browser, actor, person, unit
from yiwang.core.errors import Invalid, Refused
from yiwang.operations.cases.tests.district import ELSEWHERE, HERE, STREET
from yiwang.operations.patrol.calls import actions as calls
from yiwang.operations.patrol.calls import nearby
from yiwang.operations.patrol.calls.actions import NewCall
from yiwang.operations.patrol.calls.nearby import Seen
from yiwang.operations.patrol.inspections import actions as inspections
from yiwang.operations.patrol.inspections.actions import NewInspection, Sampling, Team
from yiwang.operations.patrol.inspections.population import Population, Row
from yiwang.operations.patrol.plans import actions as plans
from yiwang.operations.patrol.plans.actions import NewTarget
from yiwang.operations.patrol.runs import actions as runs
from yiwang.operations.patrol.tests.small import WALKS, Town, first_task, new_plan, planned

pytestmark = pytest.mark.django_db
LON, LAT = HERE
LEADS = ("patrol.view_work", "patrol.edit_plan", "patrol.lead_inspection", "patrol.call_people")
INSIDE = (NewTarget("大门", lon=LON, lat=LAT),)


@pytest.fixture
def leader(town: Town) -> User:
    """Leads the street of HERE, at its unit."""
    return person("streetleader", *LEADS, at=town.unit, areas=[STREET])


def test_a_plan_lies_where_one_assignment_holds_unit_and_area(town: Town, leader: User) -> None:
    mine = new_plan(town, area_code=STREET, targets=INSIDE)
    for change in ({"area_code": ELSEWHERE}, {"unit_id": town.street_unit.pk}, {"area_code": STREET[:6]}):
        with pytest.raises(Refused, match="permission_denied"):
            plans.make_plan(actor(leader), replace(mine, **change))  # type: ignore[arg-type]
    away = (*INSIDE, NewTarget("车站", lon=114.9, lat=LAT))
    with pytest.raises(Invalid, match="outside_area"):
        plans.make_plan(actor(leader), replace(mine, targets=away))
    with pytest.raises(Invalid, match="person_not_found"):
        plans.make_plan(actor(leader), replace(mine, people=(town.other.pk,)))
    assert plans.make_plan(actor(leader), replace(mine, people=(town.walker.pk,))).people == [town.walker.pk]


def test_two_halves_of_authority_are_no_whole(town: Town, leader: User) -> None:
    at = Assignment.objects.get(user=leader)
    Assignment.objects.create(user=leader, post=at.post, role=at.role, unit=town.street_unit,
        areas=[], valid_from=date(2020, 1, 1))  # fmt: skip
    wanted = new_plan(town, area_code=STREET, targets=INSIDE, unit_id=town.street_unit.pk)
    with pytest.raises(Refused, match="permission_denied"):
        plans.make_plan(actor(leader), wanted)


def test_a_task_goes_to_somebody_who_walks_there(town: Town, leader: User) -> None:
    task = first_task(planned(town), town.walker)
    for who in (town.planner, town.other):
        with pytest.raises(Invalid, match="person_not_found"):
            runs.reassign(actor(leader), task.pk, who.pk)
    User.objects.filter(pk=town.next_shift.pk).update(is_active=False)
    with pytest.raises(Invalid, match="person_not_found"):
        runs.reassign(actor(leader), task.pk, town.next_shift.pk)


def test_an_inspection_stays_in_its_area_with_people_of_it(town: Town, leader: User) -> None:
    today = clock.today()
    new = NewInspection("检查", town.unit.pk, STREET, "look", today, today)
    with pytest.raises(Refused, match="permission_denied"):
        inspections.make(actor(leader), replace(new, area_code=ELSEWHERE))
    made = inspections.make(actor(leader), new)
    rows = (Row("近", LON, LAT), Row("远", 114.9, LAT))
    with pytest.raises(Invalid, match="row_outside_area"):
        inspections.put_population(actor(leader), made.pk, Population("file", rows), expected_version=1)
    inspections.put_population(actor(leader), made.pk, Population("file", rows[:1]), expected_version=1)
    inspections.draw(actor(leader), made.pk, Sampling(100), expected_version=2)
    with pytest.raises(Invalid, match="person_not_found"):
        inspections.run(actor(leader), made.pk, (Team("一组", (town.other.pk,)),), expected_version=3)
    team = (Team("一组", (town.walker.pk,)),)
    with (
        clock.frozen(clock.now() + timedelta(days=1)),
        pytest.raises(Invalid, match="ends_in_past"),
    ):
        inspections.run(actor(leader), made.pk, team, expected_version=3)
    assert inspections.run(actor(leader), made.pk, team, expected_version=3).state == "running"


def test_a_call_is_for_ones_own_area_and_people(town: Town, leader: User) -> None:
    with pytest.raises(Refused, match="permission_denied"):
        calls.call(actor(leader), NewCall("来", 114.9, LAT, (town.walker.pk,)))
    for stranger in (town.other, town.planner):
        with pytest.raises(Invalid, match="person_not_found"):
            calls.call(actor(leader), NewCall("来", LON, LAT, (stranger.pk,)))
    made = calls.call(actor(leader), NewCall("来", LON, LAT, (town.walker.pk,)))
    with pytest.raises(Invalid, match="person_not_found"):
        calls.call_more(actor(leader), made.pk, (town.other.pk,))


def test_who_was_called_shows_where_they_are_to_their_own_callers_only(
    town: Town, leader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    monkeypatch.setattr(nearby, "last_seen", lambda people: {who: Seen(now, LON, LAT, 5) for who in people})
    calls.call(town.actor("planner"), NewCall("来", LON, LAT, (leader_walks(leader).pk, town.other.pk)))

    def places(user: User) -> dict[str, float | None]:
        [shown] = Browser(user).get("/patrol/calls").json()["items"]
        return {row["person"]["name"]: row["lon"] for row in shown["people"]}

    assert set(places(town.planner).values()) == {LON}
    assert places(leader) == {"人streetleader": LON, "人otherwalker": None}
    watcher = person("watcher", "patrol.view_work", "fleet.view_position", areas=[ELSEWHERE],
        at=unit("watchunit", Unit.objects.get(code="root")))  # fmt: skip
    Assignment.objects.filter(user=watcher).update(areas=[ELSEWHERE, STREET])
    assert set(places(watcher).values()) == {LON}


def leader_walks(leader: User) -> User:
    role = Assignment.objects.get(user=leader).role
    role.permissions = [*role.permissions, "patrol.walk_task"]
    role.save()
    return leader


def test_people_of_units_below_are_found_and_people_above_are_not(town: Town) -> None:
    team = unit("patrolteam", town.unit)
    below = person("belowwalker", *WALKS, at=team)
    above = person("abovewalker", *WALKS, at=Unit.objects.get(code="root"))
    in_grid = person("gridwalker", *WALKS, at=town.street_unit, areas=[f"{STREET}001"])
    caller = person("unitcaller", "patrol.call_people", at=town.unit, areas=[STREET])
    found = nearby.called_by(actor(caller))
    assert {below.pk, in_grid.pk, town.walker.pk} <= found
    assert not {above.pk, town.other.pk} & found
