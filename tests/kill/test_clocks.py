"""A hundred thousand running limits fall due while the worker is killed five times: each mark fires, and once."""

import os
import random
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from tests.processes.conftest import Start, start, wait_until
from yiwang.core import clock
from yiwang.core.deadlines.models import Deadline, StuckMark
from yiwang.core.events import queries as events
from yiwang.core.notify.models import Notice
from yiwang.operations.cases.tests import district as small
from yiwang.operations.cases.tests.district import Walk

pytestmark = [pytest.mark.kill, pytest.mark.full]
__all__ = ["start"]

LIMITS, CASES, KILLS = 100_000, 20, 5
STARTS_IN_S, LASTS_S = 30.0, 50.0
# Half of the marks evenly, half in lumps of thousands at one moment, as at eight in the morning.
_COPY = """
INSERT INTO deadlines_deadline (owner_kind, owner_id, part_id, stage, calendar, limit_kind, limit_amount, started_at,
  warn_at, due_at, allowed_us, spent_us, day_us, marks, percents, mark_at, fired, attempts, next_at)
SELECT owner_kind, owner_id, part_id, stage, calendar, limit_kind, limit_amount, started_at, warn_at, at,
  allowed_us, spent_us, day_us, '{due}', '{100}', array[at], 0, 0, at
FROM (
  SELECT d.*, %(first)s::timestamptz + n * interval '1 microsecond' + interval '1 second' * %(lasts)s
    * CASE WHEN n %% 2 = 0 THEN n::float / %(count)s ELSE (n %% 10 + 1) / 11.0 END AS at
  FROM generate_series(0, %(count)s - 1) AS n
  JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM deadlines_deadline WHERE stage = 'handle'
    AND stopped_at IS NULL) AS d ON d.place = n %% %(cases)s
) AS v
"""
# Each notice of a copy, with how many seconds after its mark's time it was written.
_TOLD = """
SELECT count(*), count(DISTINCT (link, params ->> 'due_at')),
  percentile_cont(ARRAY[0.5, 0.99, 1]) WITHIN GROUP (
    ORDER BY extract(epoch FROM created_at - (params ->> 'due_at')::timestamptz))
FROM notify_notice WHERE kind = 'case.overdue' AND created_at >= %s
"""


def make_limits() -> datetime:
    """Limits of cases that are being handled, with one mark each; when the first one is due."""
    small.land()
    small.seeded()
    district = small.build()
    for _ in range(CASES):
        Walk(district).to("handling")
    first = clock.now() + timedelta(seconds=STARTS_IN_S)
    values = {"first": first, "lasts": LASTS_S, "count": LIMITS, "cases": CASES}
    with connection.cursor() as cursor:
        cursor.execute(_COPY, values)
        cursor.execute("ANALYZE")
    assert clock.now() < first - timedelta(seconds=5), "this machine is too slow for this test"
    return first


def test_every_mark_fires_exactly_once_although_the_worker_is_killed(
    start: Start, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    began, first = clock.now(), make_limits()
    surroundings = {"YIWANG_HOME": str(tmp_path), "YIWANG_SECRET_KEY": "s" * 40}
    worker = start("yiwang.project.worker", **surroundings)
    rest = random.Random(7)
    for number in range(KILLS):
        # Some time after it has begun to work again, so that each kill hits a worker that fires.
        kill_at = first + timedelta(seconds=LASTS_S * (number + rest.uniform(0.5, 1)) / (KILLS + 1))
        time.sleep(max((kill_at - clock.now()).total_seconds(), 0))
        os.killpg(worker.pid, 9)
        worker.wait()
        worker = start("yiwang.project.worker", **surroundings)
    wait_until(lambda: not due().exists(), 600)
    wait_until(lambda: not events.backlog().pending, 120)
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, [began])
        notices, marks, (p50, p99, longest) = cursor.fetchone()
    with capsys.disabled():
        sys.stdout.write(
            f"\n{marks:,} marks, {KILLS} kills: late p50 {p50:.2f} s, p99 {p99:.2f} s, at most {longest:.2f} s\n"
        )
    assert (notices, marks) == (LIMITS, LIMITS)
    assert Deadline.objects.filter(marks=["due"], fired=1, next_at=None).count() == LIMITS
    assert not StuckMark.objects.exists()
    assert Notice.objects.filter(kind="case.time_short").count() == 0


def due() -> object:
    """The copies whose mark has not fired."""
    return Deadline.objects.filter(marks=["due"], next_at__isnull=False)
