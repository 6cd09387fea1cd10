"""Rosters and attendance over HTTP: nobody, the wrong person, the right one, the right one in the wrong unit."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from yiwang.city.duty.models import Clocking, RosterEntry
from yiwang.city.duty.seed import load
from yiwang.city.duty.tests.team import MONDAY, NOON, Team, build
from yiwang.core import clock
from yiwang.core.accounts.tests.people import Browser, actor
from yiwang.core.exporting import Wanted, exported_list

pytestmark = pytest.mark.django_db
SIX = NOON - timedelta(hours=6)


@pytest.fixture(autouse=True)
def held() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def team() -> Team:
    return build()


def clocking(team: Team, way: str, minutes: int, state: str = "taken") -> Clocking:
    at = SIX + timedelta(minutes=minutes)
    entry = RosterEntry.objects.get(user=team.anna, on=MONDAY)
    return Clocking.objects.create(user=team.anna, unit=team.unit, entry=entry, way=way, occurred_at=at, received_at=at,
                                   verdict="inside", state=state)  # fmt: skip


def test_a_roster_is_seen_by_the_unit_and_made_by_its_leader(team: Team) -> None:
    path, asked = f"/duty/roster/{team.unit.pk}/cells", {"unit_id": team.unit.pk, "first": MONDAY.isoformat()}
    cells = {
        "expected_version": 0,
        "cells": [{"user_id": str(team.anna.pk), "on": MONDAY.isoformat(), "shift_id": team.early.pk}],
    }
    assert Browser().get("/duty/roster", **asked).status_code == 401
    assert Browser(team.anna).write("put", path, cells).status_code == 403
    assert Browser(team.far).write("put", path, cells).status_code == 404
    assert Browser(team.far).get("/duty/roster", **asked).status_code == 404
    leader = Browser(team.leader)
    assert leader.write("put", path, cells).json() == {"version": 1, "written": 1, "clashes": []}
    assert leader.write("put", path, cells).json()["code"] == "roster_changed"
    seen = Browser(team.anna).get("/duty/roster", **asked).json()
    assert (seen["version"], seen["editable"], len(seen["rows"])) == (1, False, 4)
    assert seen["rest_days"] == ["2026-11-28", "2026-11-29"]
    anna = next(row for row in seen["rows"] if row["user"]["name"] == "人anna")
    assert [cell["shift_id"] for cell in anna["cells"]] == [team.early.pk]
    assert {shift["mark"]: shift["over_midnight"] for shift in seen["shifts"]} == {"早": False, "夜": True}


def test_a_plan_is_shown_before_it_is_carried_out(team: Team) -> None:
    plan = {
        "unit_id": team.unit.pk,
        "people": [str(team.anna.pk), str(team.bert.pk)],
        "first": MONDAY.isoformat(),
        "days": 6,
        "pattern": [team.early.pk, team.early.pk, None],
        "stagger": 1,
    }
    leader = Browser(team.leader)
    assert leader.post("/duty/roster/preview", plan).json()["written"] == 12
    assert not RosterEntry.objects.exists()
    assert Browser(team.anna).post("/duty/roster/plan", plan).status_code == 403
    assert leader.post("/duty/roster/plan", {**plan, "expected_version": 0}).json()["written"] == 12
    assert leader.post("/duty/roster/plan", {**plan, "pattern": []}).json()["code"] == "roster_changed"


def test_the_month_is_the_leaders_and_one_sees_ones_own_clockings(team: Team) -> None:
    team.roster((team.anna, MONDAY, team.early))
    clocking(team, "in", 9)
    asked = {"unit_id": team.unit.pk, "month": MONDAY.isoformat()}
    assert Browser(team.anna).get("/duty/attendance", **asked).status_code == 403
    assert Browser(team.far).get("/duty/attendance", **asked).status_code == 404
    rows = Browser(team.leader).get("/duty/attendance", **asked).json()["items"]
    anna = next(row for row in rows if row["user"]["name"] == "人anna")
    assert len(anna["days"]) == 30
    assert (anna["days"][22]["outcome"], anna["days"][22]["late_min"]) == ("running", 9)
    assert len(Browser(team.anna).get("/duty/clockings").json()["items"]) == 1
    assert Browser(team.bert).get("/duty/clockings").json()["items"] == []
    assert Browser(team.far).get("/duty/clockings").json()["items"] == []


def test_a_clocking_is_settled_by_the_leader_of_its_unit(team: Team) -> None:
    team.roster((team.anna, MONDAY, team.early))
    row = clocking(team, "in", 0, "waiting")
    path = f"/duty/clockings/{row.pk}/settle"
    assert Browser(team.anna).post(path, {"confirm": True}).status_code == 403
    assert Browser(team.far).post(path, {"confirm": True}).status_code == 404
    settled = Browser(team.leader).post(path, {"confirm": True}).json()["items"][0]
    assert (settled["state"], settled["decided_by"]) == ("confirmed", "人leader")


def test_the_month_is_written_out_as_it_is_shown(team: Team) -> None:
    team.roster((team.anna, MONDAY, team.early))
    clocking(team, "in", 12)
    clocking(team, "out", 8 * 60)
    wanted = Wanted(
        {"unit_id": team.unit.pk, "month": MONDAY.isoformat()}, "", ("name", "late", "hours", "d23"), "zh"
    )
    with clock.frozen(NOON + timedelta(hours=5)):
        rows = list(exported_list("duty.attendance").found(actor(team.leader), wanted).rows())
    assert rows[0] == ["人anna", 1, 7.8, "早 √ 迟12"]


def test_ones_own_days_say_where_to_clock_in_and_until_when_one_is_on_duty(team: Team) -> None:
    team.roster((team.anna, MONDAY, team.early), (team.anna, MONDAY + timedelta(days=1), None))
    mine = Browser(team.anna).get("/duty/mine").json()
    assert [(day["on"], day["shift"]) for day in mine["days"]] == [
        ("2026-11-23", "早班"),
        ("2026-11-24", None),
    ]
    assert mine["on_duty"]
    assert mine["until"] == "2026-11-23T06:00:00Z"
    assert not Browser(team.bert).get("/duty/mine").json()["on_duty"]
    now = Browser(team.leader).get("/duty/now").json()["items"]
    assert [(one["user"]["name"], one["shift"]) for one in now] == [("人anna", "早班")]


def test_a_swap_goes_its_way_over_http(team: Team) -> None:
    tuesday = MONDAY + timedelta(days=1)
    team.roster((team.anna, tuesday, team.early))
    new = {
        "unit_id": team.unit.pk,
        "on": tuesday.isoformat(),
        "other_id": str(team.bert.pk),
        "reason": "有事",
    }
    swap = Browser(team.anna).post("/duty/swaps", new).json()["items"][0]
    assert (swap["shift"], swap["verbs"]) == ("早班", ["withdraw"])
    assert Browser(team.far).get("/duty/swaps").json()["items"] == []
    path = f"/duty/swaps/{swap['id']}"
    assert Browser(team.bert).post(f"{path}/agree", {}).json()["items"][0]["verbs"] == []
    assert Browser(team.leader).get("/duty/swaps", state="open").json()["items"][0]["verbs"] == [
        "approve",
        "refuse",
    ]
    assert Browser(team.leader).post(f"{path}/approve", {}).json()["items"][0]["state"] == "approved"


def test_skills_and_places_are_kept_by_the_leader(team: Team) -> None:
    load()
    leader, path = Browser(team.leader), f"/duty/people/{team.anna.pk}/skills/first_aid"
    assert Browser(team.anna).write("put", path, {}).status_code == 403
    assert Browser(team.far).write("put", path, {}).status_code == 404
    assert leader.write("put", path, {"certificate": "C-7", "valid_to": "2027-01-01"}).status_code == 204
    listed = Browser(team.anna).get("/duty/skills").json()["items"]
    assert [one["skills"] for one in listed if one["skills"]] == [
        [{"code": "first_aid", "certificate": "C-7", "valid_to": "2027-01-01", "expired": False}]
    ]
    place = {"name": "中队部", "lon": 114.8, "lat": 30.84, "radius_m": 80}
    assert Browser(team.far).post("/duty/places", {**place, "unit_id": team.unit.pk}).status_code == 404
    made = leader.post("/duty/places", {**place, "unit_id": team.unit.pk}).json()
    moved = leader.write(
        "put", f"/duty/places/{made['id']}", {**place, "radius_m": 90, "expected_version": 1}
    )
    assert moved.json()["radius_m"] == 90
    assert Browser(team.far).delete(f"/duty/places/{made['id']}").status_code == 404
    assert leader.delete(f"/duty/places/{made['id']}").status_code == 204
    assert leader.get("/duty/places", unit_id=team.unit.pk).json()["items"] == []
