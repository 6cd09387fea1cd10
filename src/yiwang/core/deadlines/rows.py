"""Deadlines as rows: from and to the value that `rules` reckon with, and into the database, many at once."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import connection

from yiwang.core.calendars.rules import MICROSECOND
from yiwang.core.deadlines.models import Deadline
from yiwang.core.deadlines.rules import Run
from yiwang.core.prepared import insert

# What the verbs and a recomputation may change of a deadline that is stored. `fired` is not simply written: a mark
# may have fired since the deadline was read, so what is stored is taken back to at most this, never put forward.
_KEEP = """
UPDATE deadlines_deadline AS d SET
  started_at = v.started_at, warn_at = v.warn_at, due_at = v.due_at, stopped_at = v.stopped_at,
  remaining_us = v.remaining_us, allowed_us = v.allowed_us, spent_us = v.spent_us, day_us = v.day_us,
  mark_at = v.mark_at::timestamptz[], fired = least(d.fired, v.reached),
  next_at = CASE WHEN v.stopped_at IS NULL
            THEN (v.mark_at::timestamptz[])[least(d.fired, v.reached) + 1] END
FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[],
            %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::smallint[])
  AS v(id, started_at, warn_at, due_at, stopped_at, remaining_us, allowed_us, spent_us, day_us, mark_at, reached)
WHERE d.id = v.id
RETURNING d.id, d.fired
"""


def keep(rows: Iterable[Deadline], *, learn: bool = True) -> None:
    """Write new deadlines and changed ones, each kind in one statement.

    Without `learn` the rows are thrown away afterwards: neither their keys nor what fired meanwhile is read back.
    """
    new: list[Deadline] = []
    stored: list[Deadline] = []
    for row in rows:
        (stored if row.pk else new).append(row)
    # What was stopped only now may have fired since it was read: what goes on with it must know.
    followed = {id(row.last) for row in new if row.last is not None}
    if stored:
        _keep_stored(stored, learn=learn or any(id(row) in followed for row in stored))
    if new:
        for row in new:
            if row.last is not None:
                _refire(row, max(row.fired, row.last.fired))
        insert(new, keys=learn)


def _keep_stored(rows: list[Deadline], *, learn: bool) -> None:
    """Write changed rows and learn how many of their marks have fired."""
    # In the order in which a recomputation locks them too, so that neither waits for the other in a circle.
    rows.sort(key=lambda row: row.pk)
    columns = [list(column) for column in zip(*map(_kept, rows), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, columns)
        if not learn:
            return
        fired = dict(cursor.fetchall())
    for row in rows:
        _refire(row, fired.get(row.pk, row.fired))
        row.reached = None


def _refire(row: Deadline, fired: int) -> None:
    row.fired = fired if row.reached is None else min(fired, row.reached)
    row.next_at = None if row.stopped_at else run_of(row).next_at


def run_of(deadline: Deadline) -> Run:
    """The row as the value that `rules` reckon with."""
    return Run(
        kind=deadline.limit_kind,
        started_at=deadline.started_at,
        allowed=timedelta(microseconds=deadline.allowed_us),
        spent=timedelta(microseconds=deadline.spent_us),
        day=timedelta(microseconds=deadline.day_us),
        percents=tuple(deadline.percents),
        warn_at=deadline.warn_at,
        due_at=deadline.due_at,
        mark_at=tuple(deadline.mark_at),
        fired=deadline.fired,
    )


def write(deadline: Deadline, run: Run) -> Deadline:
    """Put a run into its row."""
    deadline.started_at = run.started_at
    deadline.warn_at = run.warn_at
    deadline.due_at = run.due_at
    deadline.allowed_us = run.allowed // MICROSECOND
    deadline.spent_us = run.spent // MICROSECOND
    deadline.day_us = run.day // MICROSECOND
    deadline.percents = list(run.percents)
    deadline.mark_at = list(run.mark_at)
    deadline.fired = run.fired
    deadline.next_at = run.next_at
    return deadline


def _kept(row: Deadline) -> tuple[object, ...]:
    return (
        row.pk,
        row.started_at,
        row.warn_at,
        row.due_at,
        row.stopped_at,
        row.remaining_us,
        row.allowed_us,
        row.spent_us,
        row.day_us,
        f"{{{','.join(at.isoformat() for at in row.mark_at)}}}",
        row.reached,
    )
