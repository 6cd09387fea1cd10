"""Limits of lamps, which are nobody's, for the tests of this room."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from yiwang.core.calendars.rules import ZONE, Limit, LimitKind, WorkCalendar, work_calendar
from yiwang.core.deadlines import actions
from yiwang.core.deadlines.declare import Fired, forget_reminder, on_marks
from yiwang.core.deadlines.models import Deadline
from yiwang.core.deadlines.rules import DEFAULT_MARKS, Mark
from yiwang.core.ids import uuid7

OFFICE = work_calendar((("08:00", "12:00"), ("14:00", "18:00")), {})
LATE = (*DEFAULT_MARKS, Mark("late", Fraction(2)))
HOUR = timedelta(hours=1)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


MONDAY = local("2025-11-03 08:00")


def limit(amount: str = "10", kind: str = "urgent_hour") -> Limit:
    return Limit(LimitKind(kind), Decimal(amount))


def started(
    amount: str = "10",
    *,
    kind: str = "urgent_hour",
    owner_kind: str = "lamp",
    owner_id: UUID | None = None,
    now: datetime = MONDAY,
    marks: Sequence[Mark] = LATE,
    calendar: WorkCalendar = OFFICE,
) -> Deadline:
    """A deadline that is not kept yet."""
    return actions.start(
        owner_kind=owner_kind,
        owner_id=owner_id or uuid7(),
        part_id=None,
        stage="burning",
        limit=limit(amount, kind),
        calendar_key="default",
        calendar=calendar,
        now=now,
        marks=marks,
    )


def kept(amount: str = "10", **given: object) -> Deadline:
    """A deadline in the database."""
    deadline = started(amount, **given)  # type: ignore[arg-type]
    actions.keep([deadline])
    return deadline


@contextmanager
def reminding(reminder: Callable[[list[Fired]], None], kind: str = "lamp") -> Iterator[None]:
    """Let a function act on the marks of a kind for a while."""
    on_marks(kind)(reminder)
    try:
        yield
    finally:
        forget_reminder(kind)
