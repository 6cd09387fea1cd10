"""Positions: batches of phones taken per second by the one door, each person's duty asked for, filtered, last places
told; and how long it takes to find who is nearest among ten thousand.

Beside them the physical limits: bare inserts of the very same rows, and one prepared KNN SELECT of the last places.
"""

import time
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import quantiles

from django.db import connection

from yiwang.city.duty.models import RosterEntry, Shift
from yiwang.core import clock
from yiwang.core.accounts.models import Assignment, Post, Role, Unit, User
from yiwang.project.benching import Figure
from yiwang.sensing.fleet import ingest, queries
from yiwang.sensing.fleet.ingest import Point
from yiwang.sensing.fleet.models import LastPosition, Mover

BATCH = 20
ROWS = 2_000  # rows of one insert
EVERY = timedelta(seconds=15)
BEGIN = datetime(2026, 3, 2, 1, tzinfo=UTC)
GOAL_MS = 100.0
KNN = """
select mover_id from fleet_lastposition
order by location <-> st_setsrid(st_point(%s, %s), 4326)::geography limit 20
"""


def figures(quick: bool) -> Iterable[Figure]:
    """How fast positions come in, and how fast the nearest are found."""
    people = staff(1_000 if quick else 10_000)
    batches = 150 if quick else 1_500
    with clock.frozen(BEGIN + timedelta(hours=6)):
        yield taken(people[: batches // 3], 3)
        yield nearest(people, 100 if quick else 500)


def staff(count: int) -> list[Mover]:
    """So many people on duty all day in one team, as movers."""
    unit = Unit.objects.get(code="centre")
    post = Post.objects.filter(unit=unit).order_by("pk")[0]
    role = Role.objects.order_by("pk")[0]
    users = User.objects.bulk_create(
        [User(username=f"walker{n}", name=f"队员{n}", password="!") for n in range(count)],
        batch_size=ROWS,
    )
    day = date(2026, 1, 1)
    Assignment.objects.bulk_create(
        [Assignment(user=user, post=post, role=role, unit=unit, valid_from=day) for user in users],
        batch_size=ROWS,
    )
    shift = Shift.objects.create(
        unit=unit, name="全天", mark="全", starts=datetime.min.time(), ends=datetime.min.time()
    )
    begin = BEGIN - timedelta(hours=6)
    RosterEntry.objects.bulk_create(
        [
            RosterEntry(unit=unit, user=user, on=BEGIN.date(), shift=shift, starts_at=begin,
                        ends_at=begin + timedelta(hours=23))
            for user in users
        ],
        batch_size=ROWS,
    )  # fmt: skip
    movers = Mover.objects.bulk_create([Mover(kind="person", user=user) for user in users], batch_size=ROWS)
    with connection.cursor() as cursor:
        cursor.execute("analyze")
    return movers


def taken(movers: list[Mover], rounds: int) -> Figure:
    """Batch after batch through `ingest.take`, then the same rows bare."""
    chance = Random(7)
    work = [(mover, walk(chance, turn)) for turn in range(rounds) for mover in movers]
    began = time.perf_counter()
    kept = sum(ingest.take(mover, points, points[-1].at).kept for mover, points in work)
    ours = kept / (time.perf_counter() - began)
    if kept != BATCH * len(work):
        raise RuntimeError(f"{kept} of {BATCH * len(work)} positions were kept")
    size = f"{kept} positions in batches of {BATCH}, one connection"
    beside = "bare inserts of the same rows, a transaction for each batch"
    return Figure("positions_per_s", ours, "positions/s", beside, kept / bare(), size)


def walk(chance: Random, turn: int) -> list[Point]:
    """Five minutes of somebody on foot."""
    lon, lat, at = chance.uniform(114.71, 114.84), chance.uniform(30.81, 30.89), BEGIN + turn * EVERY * BATCH
    north, east = chance.gauss(0, 0.0001), chance.gauss(0, 0.0001)
    return [Point(at + n * EVERY, lon + n * east, lat + n * north, 8.0, 1.1, 90.0) for n in range(BATCH)]


def bare() -> float:
    """Seconds for inserting everything that was kept into a table with the same columns and key."""
    with connection.cursor() as cursor:
        cursor.execute("create table bare_position (like fleet_position including all)")
        cursor.execute("select * from fleet_position order by mover_id, at")
        rows = cursor.fetchall()
        places = ", ".join(["%s"] * len(rows[0]))
        began = time.perf_counter()
        for begin in range(0, len(rows), BATCH):
            cursor.executemany(f"insert into bare_position values ({places})", rows[begin : begin + BATCH])
        seconds = time.perf_counter() - began
        cursor.execute("drop table bare_position")
    return seconds


def nearest(movers: list[Mover], asked: int) -> Figure:
    """The twenty nearest of all on duty, asked from everywhere."""
    chance, now = Random(9), clock.now()
    LastPosition.objects.all().delete()
    LastPosition.objects.bulk_create(
        [
            LastPosition(mover=mover, at=now - timedelta(seconds=chance.randrange(600)),
                         location=f"SRID=4326;POINT({chance.uniform(114.5, 115)} {chance.uniform(30.6, 31)})")
            for mover in movers
        ],
        batch_size=ROWS,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("analyze fleet_lastposition")
    spots = [(chance.uniform(114.5, 115), chance.uniform(30.6, 31)) for _ in range(asked)]
    ours, plain = [], []
    raw = connection.connection.cursor()
    for lon, lat in spots:
        began = time.perf_counter()
        found = queries.nearest(lon, lat, at=now)
        ours.append(1000 * (time.perf_counter() - began))
        if len(found) != 20:
            raise RuntimeError(f"{len(found)} of twenty were found")
        began = time.perf_counter()
        raw.execute(KNN, (lon, lat), prepare=True).fetchall()
        plain.append(1000 * (time.perf_counter() - began))
    beside = f"one prepared KNN SELECT; goal {GOAL_MS:.0f} ms"
    size = f"{asked} questions among {len(movers)} people on duty"
    return Figure("nearest_p95_ms", p95(ours), "ms", beside, p95(plain), size)


def p95(times: list[float]) -> float:
    """Below which nineteen of twenty lie."""
    return quantiles(times, n=20)[-1]
