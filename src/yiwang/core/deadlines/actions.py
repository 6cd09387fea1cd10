"""Start a limit, stop it, go on with it, extend it; write it down; let its marks fire.

Whoever changes an owner changes its deadlines in the same transaction, the owner locked first. The verbs change
objects only and touch no database, so that a past can be replayed in memory; `keep` writes what they changed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from yiwang.core.calendars.rules import MICROSECOND, Limit, WorkCalendar
from yiwang.core.deadlines import rules
from yiwang.core.deadlines.firing import fire_due, fire_stuck
from yiwang.core.deadlines.models import Deadline
from yiwang.core.deadlines.rows import keep, run_of, write
from yiwang.core.deadlines.rules import AT_THE_MOMENT, DEFAULT_MARKS, MOMENT, Mark

__all__ = [
    "extend",
    "fire_due",
    "fire_stuck",
    "go_on",
    "keep",
    "left",
    "pass_over",
    "run_of",
    "start",
    "stop",
    "until",
]


def start(  # noqa: PLR0913 - whose limit it is, and what it is: all keywords
    *,
    owner_kind: str,
    owner_id: UUID,
    part_id: UUID | None,
    stage: str,
    limit: Limit,
    calendar_key: str,
    calendar: WorkCalendar,
    now: datetime,
    marks: Sequence[Mark] = DEFAULT_MARKS,
) -> Deadline:
    """A limit that runs from now on: a new row, not yet kept. Raises: NaiveTime; ValueError for marks out of order."""
    deadline = Deadline(
        owner_kind=owner_kind,
        owner_id=owner_id,
        part_id=part_id,
        stage=stage,
        calendar=calendar_key,
        limit_kind=limit.kind.value,
        limit_amount=limit.amount,
        marks=[mark.name for mark in marks],
    )
    return write(deadline, rules.begin(limit, marks, now, calendar))


def until(
    *,
    owner_kind: str,
    owner_id: UUID,
    part_id: UUID | None = None,
    stage: str,
    until: datetime,
    now: datetime,
    marks: Sequence[Mark] = AT_THE_MOMENT,
) -> Deadline:
    """A plain point in time with its marks, by default one at the moment itself; no calendar moves it."""
    deadline = Deadline(
        owner_kind=owner_kind,
        owner_id=owner_id,
        part_id=part_id,
        stage=stage,
        calendar="",
        limit_kind=MOMENT,
        limit_amount=Decimal(0),
        marks=[mark.name for mark in marks],
    )
    return write(deadline, rules.moment(until, marks, now))


def stop(deadline: Deadline, calendar: WorkCalendar | None, now: datetime) -> None:
    """Stop it and note what was left of it (negative: over by so much). Nothing more fires. Again changes nothing."""
    if deadline.stopped_at is not None:
        return
    run = rules.attuned(run_of(deadline), calendar)
    write(deadline, run)
    deadline.stopped_at, deadline.next_at = now, None
    deadline.remaining_us = rules.left(run, now, calendar) // MICROSECOND


def go_on(last: Deadline, calendar: WorkCalendar | None, now: datetime) -> Deadline:
    """A new row that goes on where `last` stopped, with the rest of its time; marks that had fired stay fired.

    One that had run over stays due when it was. Raises ValueError when `last` has not stopped.
    """
    if last.remaining_us is None:
        raise ValueError(f"{last} has not stopped")
    deadline = Deadline(
        owner_kind=last.owner_kind,
        owner_id=last.owner_id,
        part_id=last.part_id,
        stage=last.stage,
        calendar=last.calendar,
        limit_kind=last.limit_kind,
        limit_amount=last.limit_amount,
        marks=list(last.marks),
    )
    deadline.last = last
    rest = timedelta(microseconds=last.remaining_us)
    return write(deadline, rules.gone_on(run_of(last), rest, now, calendar))


def extend(deadline: Deadline, by: Limit, calendar: WorkCalendar, now: datetime) -> None:
    """Give it more time: the deadline and all marks move, and a mark that lies in the future again fires again.

    A stopped one has more left when it goes on. `limit_amount` stays what the table said.
    """
    stored = run_of(deadline)
    before = rules.attuned(stored, calendar)
    after = rules.extended(before, by, now, calendar)
    write(deadline, after)
    deadline.reached = rules.passed(after.mark_at, now)
    if deadline.remaining_us is not None:
        rest = rules.in_days_of(before.day, timedelta(microseconds=deadline.remaining_us), stored.day)
        deadline.remaining_us = (rest + after.allowed - before.allowed) // MICROSECOND
        deadline.next_at = None


def left(deadline: Deadline, calendar: WorkCalendar | None, now: datetime) -> timedelta:
    """What is left of it in its own time; negative: over by so much. Of a stopped one: what was left then."""
    if deadline.remaining_us is not None:
        return timedelta(microseconds=deadline.remaining_us)
    return rules.left(run_of(deadline), now, calendar)


def pass_over(deadline: Deadline, now: datetime) -> None:
    """Take the marks up to now for fired, telling nobody: for a new row that brings in a past.

    A plain moment fires all the same: something goes on then, such as a case whose suspension has ended.
    """
    if deadline.limit_kind == MOMENT:
        return
    deadline.fired = max(deadline.fired, rules.passed(deadline.mark_at, now))
    deadline.next_at = None if deadline.stopped_at else run_of(deadline).next_at
