"""Positions by the one door: on duty only, once, in any order; last positions, who is near, trails, retention."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiwang.city.duty.models import PersonSkill
from yiwang.city.duty.tests.team import MONDAY, NOON, Team, build
from yiwang.core import clock
from yiwang.core.accounts import erasure
from yiwang.core.accounts.models import Assignment, User
from yiwang.core.accounts.tests.people import actor, person
from yiwang.core.audit.models import Entry
from yiwang.sensing.fleet import ingest, partitions, queries, retention
from yiwang.sensing.fleet.ingest import Point, Taken
from yiwang.sensing.fleet.models import LastPosition, Mover, Position
from yiwang.sensing.fleet.rules import Quality

pytestmark = pytest.mark.django_db
LON, LAT = 114.80, 30.84
METRE = 1 / 111_195
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def held() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def team() -> Team:
    team = build()
    team.roster(
        (team.anna, MONDAY, team.early), (team.bert, MONDAY, team.early), (team.cora, MONDAY, team.night)
    )
    return team


def walk(count: int, *, begin: int = -60, east: float = 0.0) -> list[Point]:
    """A position every twenty seconds, so many minutes from noon, northward at a walk."""
    first = NOON + begin * MINUTE
    return [
        Point(first + timedelta(seconds=20 * n), LON + east * METRE, LAT + 25 * METRE * n, 8.0, 1.2, 0.0, 80)
        for n in range(count)
    ]


def take(user: User, points: list[Point]) -> Taken:
    return ingest.take(ingest.person(user.pk), points, NOON)


def rows(user: User) -> list[tuple[object, ...]]:
    known = Position.objects.filter(mover__user=user).order_by("at")
    return list(known.values_list("at", "lon", "lat", "accuracy_m", "quality"))


def test_a_batch_that_comes_twice_is_kept_once(team: Team) -> None:
    points = walk(10)
    assert take(team.anna, points[:6]) == Taken(6, 0, {})
    assert take(team.anna, points) == Taken(4, 6, {})
    assert len(rows(team.anna)) == 10
    last = LastPosition.objects.get()
    assert (last.at, last.battery) == (points[-1].at, 80)


def test_off_duty_nothing_is_stored(team: Team) -> None:
    assert take(team.cora, walk(5)) == Taken(0, 0, {"off_duty": 5})
    assert take(team.anna, walk(5, begin=121)) == Taken(0, 0, {"in_future": 5})
    assert take(team.anna, walk(5, begin=-361)) == Taken(2, 0, {"off_duty": 3})
    assert take(team.anna, [Point(NOON - MINUTE, 0.0, 0.0)]) == Taken(0, 0, {"no_place": 1})
    assert take(team.anna, [Point(NOON - 9 * 24 * 60 * MINUTE, LON, LAT)]) == Taken(0, 0, {"too_old": 1})
    assert not Position.objects.filter(mover__user=team.cora).exists()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**9))
def test_the_order_of_batches_leaves_no_trace(team: Team, seed: int) -> None:
    chance = Random(seed)
    points = walk(40)
    for place in chance.sample(range(40), 8):
        there = points[place]
        points[place] = Point(there.at, LON + chance.choice([-0.06, 0.06, 60 * METRE]), there.lat,
                              chance.choice([8.0, 8.0, 400.0]))  # fmt: skip
    Position.objects.all().delete()
    LastPosition.objects.all().delete()
    take(team.anna, points)
    mixed = list(points)
    chance.shuffle(mixed)
    while mixed:
        some, mixed = mixed[:7], mixed[7:]
        take(team.bert, some)
    assert rows(team.anna) == rows(team.bert)
    one, other = LastPosition.objects.order_by("mover__user__username")
    assert (one.at, one.location.coords) == (other.at, other.location.coords)


def test_a_spike_is_kept_and_not_shown(team: Team) -> None:
    points = walk(12)
    points[-1] = Point(points[-1].at, LON + 0.08, LAT, 8.0)
    take(team.anna, points)
    assert rows(team.anna)[-1][-1] == Quality.JUMP
    assert LastPosition.objects.get().at == points[-2].at
    shown = queries.trail(team.anna.pk, NOON - 120 * MINUTE, NOON)
    assert (shown.positions, shown.filtered) == (11, 1)
    assert shown.mileage_m == pytest.approx(10 * 25, rel=0.01)
    assert [len(line) for line in shown.lines] == [2]


def test_the_nearest_on_duty_come_first(team: Team) -> None:
    take(team.anna, walk(10, begin=-5, east=300))
    take(team.bert, walk(10, begin=-5, east=100))
    near = queries.nearest(LON, LAT, at=NOON)
    assert [one.user_id for one in near] == [team.bert.pk, team.anna.pk]
    assert near[0].distance_m == pytest.approx(236, abs=15)
    PersonSkill.objects.create(user=team.anna, skill="first_aid")
    assert [one.user_id for one in queries.nearest(LON, LAT, at=NOON, skill="first_aid")] == [team.anna.pk]
    assert [one.user_id for one in queries.nearest(LON, LAT, at=NOON, limit=1)] == [team.bert.pk]
    assert queries.nearest(LON, LAT, at=NOON, among=[]) == []
    assert queries.nearest(LON, LAT, at=NOON + 20 * MINUTE) == []
    # Their shift is over, however fresh their position.
    assert queries.nearest(LON, LAT, at=NOON + 121 * MINUTE, fresh_s=3 * 3600) == []


def test_who_is_on_duty_stands_on_the_map(team: Team) -> None:
    take(team.anna, walk(10, begin=-5))
    shown, more = queries.last_positions(User.objects.all(), at=NOON)
    assert [one.user_id for one in shown] == [team.anna.pk]
    assert not more
    assert queries.last_positions(User.objects.all(), at=NOON, bbox=(LON + 1, LAT, LON + 2, LAT + 1))[0] == []
    assert queries.last_positions(User.objects.all(), at=NOON + 121 * MINUTE)[0] == []


def test_days_past_their_time_are_dropped_whole(team: Team) -> None:
    take(team.anna, walk(3))
    old = MONDAY - timedelta(days=200)
    partitions.ensure([old])
    assert retention.turn_over() == {"made": 3, "dropped": 1, "last": 0}
    assert old not in partitions.existing()
    assert Entry.objects.get(action="fleet.forget_positions").after == {"days": 1, "last": 0}
    assert retention.turn_over() == {"made": 0, "dropped": 0, "last": 0}
    assert len(rows(team.anna)) == 3
    with clock.frozen(NOON + timedelta(days=90)):
        assert retention.turn_over()["last"] == 0
    with clock.frozen(NOON + timedelta(days=91)):
        assert retention.turn_over()["last"] == 1
    assert not rows(team.anna)
    assert not LastPosition.objects.exists()


def test_of_who_is_erased_no_position_stays(team: Team) -> None:
    take(team.anna, walk(3))
    take(team.bert, walk(3))
    Assignment.objects.filter(user=team.anna).update(valid_to=MONDAY)
    erasure.erase_person(
        actor(person("eraser", "accounts.erase_person", at=team.root)), team.anna.pk, reason="离职"
    )
    assert not rows(team.anna)
    assert [one.mover.user_id for one in LastPosition.objects.all()] == [team.bert.pk]
    assert len(rows(team.bert)) == 3


def test_a_vehicle_moves_without_a_roster() -> None:
    mover = Mover.objects.create(kind="vehicle")
    assert ingest.take(mover, walk(4), NOON).kept == 4
