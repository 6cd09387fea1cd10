"""Let marks fire that are due: told once, whatever happens in between.

One transaction takes a number of due deadlines that no other worker holds, notes their marks as fired, and lets
each kind's reminder act on them. A reminder that fails is undone and tried on halves, down to the single deadline
that fails; that one alone is tried again later, and after many attempts its mark is kept as stuck, where
`yiwang deadlines` shows it, and its next mark goes on.
"""

import logging
import traceback
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction

from yiwang.core import clock
from yiwang.core.deadlines.declare import Fired, Reminder, reminder_of
from yiwang.core.deadlines.models import StuckMark
from yiwang.core.errors import Conflict, NotFound

MOST_ATTEMPTS = 8
LONGEST_WAIT = timedelta(minutes=5)
# So many single failures in one batch, and the fault is the reminder's: the rest waits untried, not counted.
MOST_ALONE = 8
PUT_OFF = timedelta(seconds=5)
AT_ONCE = 500

log = logging.getLogger(__name__)

# Nearly always one mark is due and the one after it is not, which needs no look through the whole array.
_TAKE = """
WITH due AS (
  SELECT id, fired AS was, attempts AS tried FROM deadlines_deadline
  WHERE next_at <= %(now)s ORDER BY next_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE deadlines_deadline AS d SET
  fired = CASE WHEN coalesce(d.mark_at[d.fired + 2] > %(now)s, true) THEN d.fired + 1
          ELSE (SELECT count(*) FROM unnest(d.mark_at) AS m(at) WHERE m.at <= %(now)s) END,
  next_at = CASE WHEN coalesce(d.mark_at[d.fired + 2] > %(now)s, true) THEN d.mark_at[d.fired + 2]
            ELSE (SELECT min(m.at) FROM unnest(d.mark_at) AS m(at) WHERE m.at > %(now)s) END,
  attempts = 0
FROM due WHERE d.id = due.id
RETURNING d.id, d.owner_kind, d.owner_id, d.part_id, d.stage, d.due_at,
  due.was, due.tried, d.marks[due.was + 1 : d.fired], d.mark_at[due.was + 1 : d.fired]
"""
_PUT_BACK = """
UPDATE deadlines_deadline AS d SET fired = v.was, attempts = v.tried, next_at = v.again_at
FROM unnest(%s::bigint[], %s::smallint[], %s::smallint[], %s::timestamptz[]) AS v(id, was, tried, again_at)
WHERE d.id = v.id
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """A due deadline: how many of its marks had fired before, how often these were tried, and what fires now."""

    id: int
    was: int
    tried: int
    fired: list[Fired]


def fire_due(limit: int = AT_ONCE) -> int:
    """Fire the marks of up to `limit` deadlines that are due, in one transaction; returns how many marks fired.

    Other workers' deadlines are passed by. A failing reminder raises nothing; a lost database does.
    """
    now = clock.now()
    with transaction.atomic():
        taken = _take(now, limit)
        by_kind: dict[str, list[Taken]] = defaultdict(list)
        for one in taken:
            by_kind[one.fired[0].owner_kind].append(one)
        unfired = sum(_remind(kind, rows, now) for kind, rows in by_kind.items())
    return sum(len(one.fired) for one in taken) - unfired


@transaction.atomic
def fire_stuck(stuck_id: int) -> None:
    """Fire a mark again that could not fire. Raises NotFound; Conflict when it was settled; what the reminder does."""
    stuck = StuckMark.objects.select_for_update().filter(pk=stuck_id).first()
    if stuck is None:
        raise NotFound("stuck_mark_not_found", "没有这条未送达的提醒。")
    if stuck.settled_at is not None:
        raise Conflict("stuck_mark_settled", "这条提醒已经补发。", settled_at=stuck.settled_at.isoformat())
    row = stuck.deadline
    reminder = reminder_of(row.owner_kind)
    if reminder is not None:
        owner = (row.owner_kind, row.owner_id, row.part_id)
        reminder([Fired(row.pk, *owner, row.stage, stuck.mark, stuck.mark_at, row.due_at)])
    stuck.settled_at = clock.now()
    stuck.save(update_fields=["settled_at"])


def wait_after(attempts: int) -> timedelta:
    """How long a deadline waits after so many failed attempts (1 or more): 1 s, 2 s, 4 s … at most 5 min."""
    return min(timedelta(seconds=2 ** min(attempts - 1, 16)), LONGEST_WAIT)


def _take(now: datetime, limit: int) -> list[Taken]:
    connection.ensure_connection()
    # Binary: hundreds of times are read several times as fast as from text.
    with connection.connection.cursor(binary=True) as cursor:
        cursor.execute(_TAKE, {"now": now, "limit": limit})
        rows = cursor.fetchall()
    return [
        Taken(
            pk,
            was,
            tried,
            [
                Fired(pk, kind, owner, part, stage, name, at, due_at)
                for name, at in zip(marks, mark_at, strict=True)
            ],
        )
        for pk, kind, owner, part, stage, due_at, was, tried, marks, mark_at in rows
    ]


@dataclass
class _Attempt:
    """A reminder tried on many, and on fewer where it fails."""

    reminder: Reminder
    failed: list[tuple[Taken, Exception]] = field(default_factory=list)
    put_off: list[Taken] = field(default_factory=list)

    def on(self, rows: list[Taken]) -> None:
        """Try it; what fails alone is in `failed` afterwards, what was not tried any more in `put_off`."""
        if len(self.failed) >= MOST_ALONE:
            self.put_off += rows
            return
        error = self._try(rows)
        if error is None:
            return
        if len(rows) == 1:
            self.failed.append((rows[0], error))
            return
        middle = len(rows) // 2
        self.on(rows[:middle])
        self.on(rows[middle:])

    def _try(self, rows: list[Taken]) -> Exception | None:
        try:
            with transaction.atomic():
                self.reminder([mark for row in rows for mark in row.fired])
                # A broken foreign key must show here, as these rows' failure, and not at commit, as everybody's.
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        except Exception as error:
            if connection.connection is None or connection.connection.closed:
                raise
            return error
        return None


def _remind(kind: str, rows: list[Taken], now: datetime) -> int:
    """Let a kind's reminder act; returns how many marks did not fire and are tried again or kept as stuck."""
    reminder = reminder_of(kind)
    if reminder is None:
        return 0
    attempt = _Attempt(reminder)
    attempt.on(rows)
    if not attempt.failed:
        return 0
    error = attempt.failed[0][1]
    log.warning("reminder of %s failed on %s of %s: %r", kind, len(attempt.failed), len(rows), error)
    again: list[tuple[int, int, int, datetime]] = []
    for row, reason in attempt.failed:
        if row.tried + 1 < MOST_ATTEMPTS:
            again.append((row.id, row.was, row.tried + 1, now + wait_after(row.tried + 1)))
        else:
            _give_up(row, reason, now)
    again += [(row.id, row.was, row.tried, now + PUT_OFF) for row in attempt.put_off]
    if again:
        with connection.cursor() as cursor:
            cursor.execute(_PUT_BACK, [list(column) for column in zip(*again, strict=True)])
    return sum(len(row.fired) for row in [*(row for row, _ in attempt.failed), *attempt.put_off])


def _give_up(row: Taken, error: Exception, now: datetime) -> None:
    """Keep the marks where somebody sees them; the deadline goes on to its next one."""
    reason = "".join(traceback.format_exception(error))[-8000:].replace("\x00", "")
    for mark in row.fired:
        StuckMark.objects.create(
            deadline_id=row.id, mark=mark.mark, mark_at=mark.at, reason=reason, attempts=row.tried + 1, at=now
        )
    log.error("deadline #%s could not fire after %s attempts: %r", row.id, row.tried + 1, error)
