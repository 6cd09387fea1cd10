"""Clocking in and out: never refused for the sake of a position, flagged where it does not fit."""

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon

from yiwang.city.duty import actions, retention
from yiwang.city.duty.actions import NewPlace
from yiwang.city.duty.commands import COMMANDS, ClockIn
from yiwang.city.duty.models import Clocking, PersonSkill, RosterEntry, Shift, Swap
from yiwang.city.duty.tests.team import MONDAY, NOON, Team, build
from yiwang.city.geo.models import Area, DutyGrid
from yiwang.core import clock, erasing
from yiwang.core.accounts import erasure
from yiwang.core.accounts.models import Assignment, User
from yiwang.core.accounts.tests.people import actor, person
from yiwang.core.audit.models import Entry
from yiwang.core.commands.declare import Doubt, Moment
from yiwang.core.errors import Conflict, Invalid, NotFound, Refused
from yiwang.core.files import sweeping
from yiwang.core.files.actions import store
from yiwang.core.files.models import StoredFile
from yiwang.core.files.tests.factories import picture
from yiwang.core.ids import uuid7

pytestmark = pytest.mark.django_db
LON, LAT = 114.80, 30.84
SIX = NOON - timedelta(hours=6)


@pytest.fixture(autouse=True)
def held() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def team() -> Team:
    team = build()
    actions.add_place(actor(team.leader), team.unit.pk, NewPlace("中队部", LON, LAT, 100))
    team.roster((team.anna, MONDAY, team.early))
    return team


def send(
    user: User,
    way: str,
    at: datetime = SIX,
    doubt: Doubt = Doubt.NONE,
    late: timedelta = timedelta(),
    **body: Any,
) -> Clocking:
    moment = Moment(at, at + late, at, doubt)
    told = COMMANDS[0].run(actor(user), (key := uuid7()), ClockIn(way=way, **body), moment)
    row = Clocking.objects.get(pk=key)
    assert told["state"] == row.state
    return row


def test_within_the_fence_it_counts_at_once(team: Team) -> None:
    row = send(team.anna, "in", lon=LON, lat=LAT + 0.001, accuracy_m=10)
    assert (row.verdict, row.state, row.distance_m, row.place) == ("inside", "taken", 0, "中队部")
    assert row.entry is not None
    assert row.entry.on == MONDAY
    assert Entry.objects.get(action="duty.clock").after["state"] == "taken"


def test_outside_without_a_position_or_at_a_doubtful_time_it_waits(team: Team) -> None:
    assert send(team.anna, "in", lon=LON, lat=LAT + 0.02).state == "waiting"
    assert send(team.anna, "in", lon=LON, lat=LAT + 0.02).distance_m == pytest.approx(2067, abs=20)
    lost = send(team.anna, "in", fallback="note", note="地下室没有信号")
    assert (lost.verdict, lost.state) == ("no_fix", "waiting")
    assert send(team.anna, "in", doubt=Doubt.BOUNDED, lon=LON, lat=LAT).state == "waiting"


def test_a_coarse_position_is_none(team: Team) -> None:
    assert send(team.anna, "in", lon=LON, lat=LAT + 0.002, accuracy_m=150).state == "taken"
    row = send(team.anna, "in", lon=LON, lat=LAT, accuracy_m=60_000)
    assert (row.verdict, row.state, row.accuracy_m) == ("no_fix", "waiting", 60_000)


def test_what_comes_late_waits_unless_a_picture_of_then_proves_it(team: Team) -> None:
    here = {"lon": LON, "lat": LAT, "accuracy_m": 10}
    assert send(team.anna, "in", late=timedelta(minutes=2), **here).state == "taken"
    row = send(team.anna, "in", late=timedelta(hours=6), **here)
    assert (row.verdict, row.state, row.received_at) == ("inside", "waiting", NOON)
    photo = store(actor(team.anna), stream=io.BytesIO(picture()), name="a.jpg")
    for minutes, state in ((14, "taken"), (16, "waiting")):
        StoredFile.objects.filter(pk=photo.pk).update(taken_at=SIX - timedelta(minutes=minutes))
        late = {"late": timedelta(hours=6), "photo": photo.pk}
        assert send(team.anna, "in", **late, **here).state == state
        assert send(team.anna, "in", doubt=Doubt.CLOCK, **late, **here).state == "waiting"


def test_what_stands_instead_of_a_position_is_asked_for(team: Team) -> None:
    with pytest.raises(Invalid, match="fallback_needs_photo"):
        send(team.anna, "in", fallback="photo")
    with pytest.raises(Invalid, match="fallback_needs_note"):
        send(team.anna, "in", fallback="note", note=" ")
    with pytest.raises(Invalid, match="file_not_found"):
        send(team.anna, "in", fallback="photo", photo=uuid7())
    assert not Clocking.objects.exists()


def test_the_duty_grid_of_the_day_is_a_fence_too(team: Team) -> None:
    shape = MultiPolygon(Polygon.from_bbox((LON + 0.1, LAT, LON + 0.11, LAT + 0.01)), srid=4326)
    place = {"geometry": shape, "simulated": True, "source": "test", "name": "某", "name_en": "Some"}
    Area.objects.create(code="420117", level="district", kind="district", **place)
    Area.objects.create(code="420117001", parent_id="420117", level="street", kind="street", **place)
    Area.objects.create(
        code="420117001001", parent_id="420117001", level="community", kind="community", **place
    )
    DutyGrid.objects.create(
        code="420117001001Z01", name="第1责任网格", name_en="1", community_id="420117001001", geometry=shape
    )
    team.roster((team.bert, MONDAY, team.early), grids=("420117001001Z01",))
    row = send(team.bert, "in", lon=LON + 0.105, lat=LAT + 0.005)
    assert (row.verdict, row.place) == ("inside", "第1责任网格")
    assert send(team.anna, "in", lon=LON + 0.105, lat=LAT + 0.005).verdict == "outside"


def test_the_leader_settles_what_waits_and_nobody_their_own(team: Team) -> None:
    row = send(team.anna, "in")
    with pytest.raises(NotFound, match="clocking_not_found"):
        actions.settle(actor(team.far), row.pk, confirm=True, note="")
    with pytest.raises(Invalid, match="empty"):
        actions.settle(actor(team.leader), row.pk, confirm=False, note=" ")
    assert actions.settle(actor(team.leader), row.pk, confirm=False, note="照片不符").state == "rejected"
    assert actions.settle(actor(team.leader), row.pk, confirm=True, note="").state == "confirmed"
    own = send(team.leader, "in")
    with pytest.raises(Refused, match="own_clocking"):
        actions.settle(actor(team.leader), own.pk, confirm=True, note="")
    fine = send(team.anna, "out", lon=LON, lat=LAT)
    with pytest.raises(Conflict, match="nothing_to_settle"):
        actions.settle(actor(team.leader), fine.pk, confirm=True, note="")


def test_who_has_no_shift_may_clock_and_it_is_told(team: Team) -> None:
    row = send(team.bert, "in", lon=LON, lat=LAT)
    assert row.entry is None
    assert row.unit_id == team.unit.pk


def test_a_roster_that_is_written_after_the_clocking_has_it(team: Team) -> None:
    row = send(team.bert, "in", lon=LON, lat=LAT)
    team.roster((team.bert, MONDAY, team.early))
    row.refresh_from_db()
    assert row.entry == RosterEntry.objects.get(user=team.bert, on=MONDAY)
    team.roster((team.bert, MONDAY, team.night))
    row.refresh_from_db()
    assert row.entry is None
    team.roster((team.anna, MONDAY + timedelta(days=1), team.early))
    team.roster((team.bert, MONDAY, team.early))
    row.refresh_from_db()
    assert row.entry is not None


def proven(team: Team) -> tuple[Clocking, StoredFile]:
    photo = store(actor(team.anna), stream=io.BytesIO(picture()), name="a.jpg")
    body = {"lon": LON, "lat": LAT, "accuracy_m": 10, "photo": photo.pk, "note": "门口排队"}
    return send(team.anna, "in", **body), photo


def test_the_place_of_a_clocking_is_forgotten_after_a_while_that_it_was_is_not(team: Team) -> None:
    row, photo = proven(team)
    with clock.frozen(SIX + timedelta(days=90)):
        assert retention.forget_places() == 0
    with clock.frozen(SIX + timedelta(days=90, seconds=1)):
        assert retention.forget_places() == 1
        assert retention.forget_places() == 0
        assert Entry.objects.get(action="duty.forget_places").after == {"clockings": 1}
        row.refresh_from_db()
        assert (row.location, row.place, row.accuracy_m, row.photo) == (None, "", None, None)
        assert (row.occurred_at, row.verdict, row.state) == (SIX, "inside", "taken")
        assert sweeping.forget_unclaimed() == 1
    assert not StoredFile.objects.filter(pk=photo.pk).exists()


def test_of_who_is_erased_only_the_fact_stays(team: Team) -> None:
    row, photo = proven(team)
    other = send(team.bert, "in", lon=LON, lat=LAT, note="开会")
    PersonSkill.objects.create(user=team.anna, skill="first_aid", certificate="C-7")
    Swap.objects.create(unit=team.unit, asker=team.anna, other=team.bert, on=MONDAY, reason="看病")
    Assignment.objects.filter(user=team.anna).update(valid_to=MONDAY)
    boss = actor(person("eraser", "accounts.erase_person", at=team.root))
    erasure.erase_person(boss, team.anna.pk, reason="离职")
    row.refresh_from_db()
    assert (row.location, row.note, row.photo, row.occurred_at) == (None, "", None, SIX)
    photo.refresh_from_db()
    assert photo.claimed_at is None
    assert Swap.objects.get().reason == ""
    assert not PersonSkill.objects.exists()
    other.refresh_from_db()
    assert (other.note, other.location is None) == ("开会", False)


def test_words_with_a_certain_text_lose_it_wherever_they_stand(team: Team) -> None:
    row = send(team.anna, "in", note="找 13900000000")
    Shift.objects.filter(pk=team.night.pk).update(name="夜 13900000000")
    PersonSkill.objects.create(user=team.anna, skill="first_aid", certificate="13900000000")
    gone = erasing.Erasure(frozenset(), ("13900000000",), lambda text: text.replace("13900000000", "*"))
    assert erasing.reach(gone)["duty.words"] == 3
    row.refresh_from_db()
    assert row.note == "找 *"


def test_without_any_fence_nothing_is_held_against_one() -> None:
    nobody = person("dora", "duty.clock_in")
    assert send(nobody, "in", lon=LON, lat=LAT).state == "taken"
