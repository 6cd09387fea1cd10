"""Judging a day by its shift, its clockings and the person's absences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from yiwang.city.duty.rules.planning import Span

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Punch:
    """One clocking that counts: when (aware), and whether in or out."""

    at: datetime
    way: str


class Outcome(StrEnum):
    """How a day stands. PLANNED and RUNNING are not over yet; the others are final."""

    NONE = "none"  # nothing was planned
    REST = "rest"
    LEAVE = "leave"
    PLANNED = "planned"
    RUNNING = "running"
    PRESENT = "present"
    MISSING_IN = "missing_in"  # left, but never came
    MISSING_OUT = "missing_out"  # came, but never left
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Day:
    """A judged day. `late_min` and `early_min` are whole minutes beyond the shift's ends, 0 within the grace."""

    outcome: Outcome
    in_at: datetime | None = None
    out_at: datetime | None = None
    late_min: int = 0
    early_min: int = 0


@dataclass(frozen=True, slots=True)
class Totals:
    """A month of one person. `due` are the days on which they should have worked and that are over, leave left out;
    `minutes` were worked within the shifts."""

    due: int = 0
    present: int = 0
    late: int = 0
    early: int = 0
    missing: int = 0
    absent: int = 0
    leave: int = 0
    minutes: int = 0


def match(
    spans: Sequence[Span], at: datetime, way: str, *, before: timedelta, after: timedelta
) -> int | None:
    """Which of the spans a clocking belongs to: the nearest whose time for clocking is open; None for none.

    In: from `before` its beginning to its end. Out: from its beginning to `after` its end.
    """
    near: list[tuple[timedelta, int]] = []
    for number, span in enumerate(spans):
        opens = span.starts_at - before if way == "in" else span.starts_at
        closes = span.ends_at if way == "in" else span.ends_at + after
        if opens <= at <= closes:
            near.append((abs(at - (span.starts_at if way == "in" else span.ends_at)), number))
    return min(near)[1] if near else None


def judge(
    span: Span | None,
    punches: Iterable[Punch],
    *,
    planned: bool,
    away: bool,
    now: datetime,
    grace: timedelta,
    after: timedelta,
) -> Day:
    """How a day stands at `now`: `span` its shift (None with `planned`: rest), `punches` those that belong to it.

    The first one in and the last one out count; who came in again after it has not left. A missing one is called so
    when its time has closed: in at the shift's end, out `after` it.
    Who is away cannot be late; a day of rest is none of leave.
    """
    if span is None and planned:
        return Day(Outcome.REST)
    if away:
        return Day(Outcome.LEAVE)
    if span is None:
        return Day(Outcome.NONE)
    punches = list(punches)
    in_at = min((one.at for one in punches if one.way == "in"), default=None)
    last = last_of(punches)
    out_at = last.at if last and last.way == "out" else None
    late = _beyond(in_at - span.starts_at, grace) if in_at else 0
    early = _beyond(span.ends_at - out_at, grace) if out_at else 0
    return Day(_outcome(span, in_at, out_at, now, after), in_at, out_at, late, early)


def _outcome(
    span: Span, in_at: datetime | None, out_at: datetime | None, now: datetime, after: timedelta
) -> Outcome:
    if in_at is not None and out_at is not None:
        return Outcome.PRESENT
    if in_at is not None:
        return Outcome.RUNNING if now <= span.ends_at + after else Outcome.MISSING_OUT
    if now < span.ends_at:
        return Outcome.PLANNED if now < span.starts_at or out_at is None else Outcome.MISSING_IN
    return Outcome.MISSING_IN if out_at is not None else Outcome.ABSENT


def last_of(punches: Iterable[Punch]) -> Punch | None:
    """The last one; of two at one moment the one out."""
    return max(punches, key=lambda one: (one.at, one.way == "out"), default=None)


def _beyond(by: timedelta, grace: timedelta) -> int:
    return int(by // MINUTE) if by > grace else 0


def worked(span: Span, punches: Iterable[Punch]) -> Span | None:
    """When somebody is on duty of a shift: all of it, but no longer after they clocked out and did not come back.

    None when they left as it began. Coming late does not shorten it: who should be there may be asked.
    """
    last = last_of(punches)
    if last is None or last.way == "in":
        return span
    ends_at = min(span.ends_at, last.at)
    return Span(span.starts_at, ends_at) if ends_at > span.starts_at else None


def totals(days: Iterable[tuple[Span | None, Day]]) -> Totals:
    """A month in figures; days that are not over are left out."""
    due = present = late = early = missing = absent = leave = 0
    minutes = timedelta()
    for span, day in days:
        if span is None and day.outcome is not Outcome.LEAVE:
            continue
        match day.outcome:
            case Outcome.LEAVE:
                leave += 1
                continue
            case Outcome.PLANNED | Outcome.RUNNING | Outcome.NONE | Outcome.REST:
                continue
            case Outcome.PRESENT:
                present += 1
            case Outcome.MISSING_IN | Outcome.MISSING_OUT:
                missing += 1
            case Outcome.ABSENT:
                absent += 1
        due += 1
        late += day.late_min > 0
        early += day.early_min > 0
        if span and day.in_at and day.out_at:
            minutes += max(min(day.out_at, span.ends_at) - max(day.in_at, span.starts_at), timedelta())
    return Totals(due, present, late, early, missing, absent, leave, int(minutes // MINUTE))
