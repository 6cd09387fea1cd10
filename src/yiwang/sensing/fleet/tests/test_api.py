"""Positions over HTTP: sent for oneself, seen by who leads the unit, a trail on the record."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from yiwang.city.duty.tests.team import MONDAY, NOON, Team, build
from yiwang.core import clock
from yiwang.core.accounts.tests.people import Browser
from yiwang.core.audit.models import Entry
from yiwang.sensing.fleet.models import Position

pytestmark = pytest.mark.django_db
LON, LAT = 114.80, 30.84


@pytest.fixture(autouse=True)
def held() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def team() -> Team:
    team = build()
    team.roster((team.anna, MONDAY, team.early))
    return team


def batch(count: int, *, ahead: timedelta = timedelta()) -> dict[str, Any]:
    """Positions of the last minutes, as a phone tells them whose clock is `ahead`."""
    items = [
        {
            "at": (NOON + ahead - timedelta(seconds=20 * (count - n))).isoformat(),
            "lon": LON,
            "lat": LAT + n * 0.0002,
            "accuracy_m": 6,
            "battery": 70,
        }
        for n in range(count)
    ]
    return {"device_id": str(uuid4()), "sent_at": (NOON + ahead).isoformat(), "items": items}


@pytest.mark.parametrize("ahead", [timedelta(), timedelta(seconds=-119), timedelta(hours=3)])
def test_what_is_sent_again_is_known_however_long_it_was_on_its_way(team: Team, ahead: timedelta) -> None:
    anna, told = Browser(team.anna), batch(5, ahead=ahead)
    answers = []
    for seconds in (0.2, 0.9, 7.4, 61.0):
        with clock.frozen(NOON + timedelta(seconds=seconds)):
            told["sent_at"] = (NOON + ahead + timedelta(seconds=seconds // 2)).isoformat()
            answers.append(anna.post("/positions", told).json())
    assert [(one["kept"], one["repeated"]) for one in answers] == [(5, 0), (0, 5), (0, 5), (0, 5)]
    rows = Position.objects.filter(mover__user=team.anna).order_by("at")
    assert [row.claimed_at.isoformat() for row in rows] == [one["at"] for one in told["items"]]
    other = {**told, "device_id": str(uuid4())}
    with clock.frozen(NOON + timedelta(seconds=300)):  # off by as much as it was on its way
        assert anna.post("/positions", other).json()["kept"] == 5


def test_a_phone_with_a_wrong_clock_is_put_right(team: Team) -> None:
    anna = Browser(team.anna)
    assert anna.post("/positions", batch(5, ahead=timedelta(hours=3))).json() == {
        "kept": 5, "repeated": 0, "refused": {}
    }  # fmt: skip
    assert anna.post("/positions", batch(5)).json()["repeated"] == 5
    assert Browser(team.bert).post("/positions", batch(5)).json() == {
        "kept": 0, "repeated": 0, "refused": {"off_duty": 5}
    }  # fmt: skip
    assert Browser(team.leader).post("/positions", batch(1)).status_code == 403
    assert Browser().post("/positions", batch(1)).status_code == 401
    assert anna.post("/positions", batch(501)).status_code == 422


def test_who_leads_the_unit_sees_who_is_where(team: Team) -> None:
    Browser(team.anna).post("/positions", batch(5))
    assert Browser(team.anna).get("/positions/last").status_code == 403
    assert Browser(team.far).get("/positions/last").json()["items"] == []
    assert Browser(team.far).get("/positions/last", unit=team.unit.pk).status_code == 404
    leader = Browser(team.leader)
    (one,) = leader.get("/positions/last", unit=team.unit.pk, bbox="114,30,115,31").json()["items"]
    assert (one["user"]["name"], one["shift"], one["battery"]) == ("人anna", "早班", 70)
    assert leader.get("/positions/last", bbox="1,2,3").json()["code"] == "bad_bbox"
    (near,) = leader.get("/positions/near", lon=LON, lat=LAT).json()["items"]
    assert near["distance_m"] == pytest.approx(89, abs=2)
    states = {one["user"]["name"]: one["state"] for one in leader.get("/positions/people").json()["items"]}
    assert states["人anna"] == "on_map"
    assert states["人bert"] == "off_duty"


def test_looking_at_anothers_trail_is_on_the_record_at_ones_own_is_not(team: Team) -> None:
    Browser(team.anna).post("/positions", batch(6))
    path = f"/positions/trails/{team.anna.pk}"
    asked = {"from": (NOON - timedelta(hours=4)).isoformat(), "to": NOON.isoformat()}
    assert Browser(team.bert).get(path, **asked).status_code == 404
    assert Browser(team.far).get(path, **asked).status_code == 404
    assert Browser(team.anna).get(path, **asked).json()["positions"] == 6
    assert not Entry.objects.filter(action="fleet.view_trail").exists()
    seen = Browser(team.leader).get(path, **asked).json()
    assert [len(line) for line in seen["lines"]] == [2]
    assert seen["mileage_m"] == pytest.approx(111, abs=1)
    assert Entry.objects.get(action="fleet.view_trail").object_id == str(team.anna.pk)
    days = Browser(team.leader).get(f"{path}/days", first="2026-11-01", last="2026-11-30").json()
    assert days == {"days": ["2026-11-23"], "kept_days": 90}
    long = {"from": (NOON - timedelta(days=8)).isoformat(), "to": NOON.isoformat()}
    assert Browser(team.leader).get(path, **long).json()["code"] == "bad_span"
