"""Clocks: reminder marks fired per second, all due at once as on a busy morning, through the worker's own
`fire_due` with the reminders of cases: who is to be told is looked up, notices and events are written.

Beside it the least that could be done with as many rows of the same table: a bare psycopg loop that takes a hundred
with SKIP LOCKED, updates them and commits.
"""

import time
from collections.abc import Callable, Iterable
from statistics import median

from django.db import connection

from yiwang.core.deadlines import actions
from yiwang.core.deadlines.models import Deadline
from yiwang.core.notify.models import Notice
from yiwang.operations.cases.models import Case
from yiwang.operations.cases.tests import district as small
from yiwang.operations.cases.tests.district import Walk
from yiwang.project.benching import Figure

CASES = 60
ROUNDS = 3
GOAL = 0.25
# Copies of the clocks of cases that are being handled, each with one mark that is due since a moment.
_COPY = """
INSERT INTO deadlines_deadline (owner_kind, owner_id, part_id, stage, calendar, limit_kind, limit_amount, started_at,
  warn_at, due_at, allowed_us, spent_us, day_us, marks, percents, mark_at, fired, attempts, next_at)
SELECT owner_kind, owner_id, part_id, stage, calendar, limit_kind, limit_amount, started_at, warn_at, due_at,
  allowed_us, spent_us, day_us, '{due}', '{100}', array[at], 0, 0, at
FROM (
  SELECT d.*, n, now() - interval '1 minute' + n * interval '1 microsecond' AS at
  FROM generate_series(0, %(count)s - 1) AS n
  JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM deadlines_deadline WHERE id = ANY(%(ids)s)) AS d
    ON d.place = n %% %(templates)s
) AS v
"""
_TAKE = """
SELECT id FROM bare_deadline WHERE next_at <= now() ORDER BY next_at LIMIT 100 FOR UPDATE SKIP LOCKED
"""


def clocks(quick: bool) -> Iterable[Figure]:
    """`clocks_per_s`, on cases that are there or on a small district of its own."""
    count = 5_000 if quick else 100_000
    templates = running_clocks()
    ours, bare = [], []
    for _ in range(1 if quick else ROUNDS):
        make_due(templates, count)
        ours.append(rate(count, lambda: fire_all(count)))
        make_due(templates, count)
        bare.append(rate(count, bare_loop))
    clear()
    yield Figure(
        "clocks_per_s",
        median(ours),
        "marks/s",
        f"psycopg: 100 rows FOR UPDATE SKIP LOCKED, update, commit (goal {GOAL})",
        median(bare),
        f"{count} marks due at once, {len(templates)} cases",
    )


def running_clocks() -> list[int]:
    """Clocks of units that are at work, of a district made for it when there is none."""
    found = Deadline.objects.filter(owner_kind="case", stage="handle", stopped_at=None).order_by("-pk")
    if not Case.objects.exists():
        small.land()
        small.seeded()
        district = small.build()
        for _ in range(CASES):
            Walk(district).to("handling")
    return list(found.values_list("pk", flat=True)[:CASES])


def make_due(templates: list[int], count: int) -> None:
    """So many marks that are due and no others, in the platform's table and in a bare copy of it."""
    clear()
    while actions.fire_due():
        pass
    with connection.cursor() as cursor:
        cursor.execute(_COPY, {"count": count, "ids": templates, "templates": len(templates)})
        cursor.execute(
            "CREATE TABLE bare_deadline (LIKE deadlines_deadline INCLUDING DEFAULTS INCLUDING INDEXES)"
        )
        cursor.execute("INSERT INTO bare_deadline SELECT * FROM deadlines_deadline WHERE next_at <= now()")
        cursor.execute("VACUUM ANALYZE deadlines_deadline")
        cursor.execute("VACUUM ANALYZE bare_deadline")


def clear() -> None:
    """Take the copies away again, and what came of them."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE notify_notice")
        cursor.execute("SELECT to_regclass('bare_deadline') IS NOT NULL")
        if cursor.fetchone()[0]:
            cursor.execute("DELETE FROM deadlines_deadline AS d USING bare_deadline AS b WHERE d.id = b.id")
            cursor.execute("DROP TABLE bare_deadline")


def fire_all(count: int) -> None:
    """As the worker does, until nothing is due."""
    fired = 0
    while now := actions.fire_due():
        fired += now
    told = Notice.objects.count()
    if min(fired, told) < count:
        raise RuntimeError(f"{fired} marks fired and {told} notices were written, of {count} each")


def bare_loop() -> None:
    """The least that could be done."""
    connection.ensure_connection()
    raw = connection.connection
    while True:
        with raw.transaction():
            ids = [row[0] for row in raw.execute(_TAKE)]
            raw.execute(
                "UPDATE bare_deadline SET fired = fired + 1, next_at = NULL WHERE id = ANY(%s)", (ids,)
            )
        if not ids:
            return


def rate(count: int, work: Callable[[], None]) -> float:
    """So many per second."""
    began = time.perf_counter()
    work()
    return count / (time.perf_counter() - began)
