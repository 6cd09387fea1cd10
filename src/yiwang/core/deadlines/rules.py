"""The arithmetic of a running limit: begin, stop, go on, extend, count again. Pure, exact to the microsecond.

A limit counts in its *own time*: working time for the working kinds, time as it passes for the others. One run
lasts from a start to a stop. `spent` is the own time used up in earlier runs, `allowed` what this run began with
(extensions included), both by a working day of `day`. Everything else follows from them and a calendar:
the whole is `spent + allowed`, and a mark at a share of the whole lies `share * whole - spent` after the start.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from yiwang.core.calendars.rules import (
    DAY,
    MICROSECOND,
    NO_TIME,
    Limit,
    LimitKind,
    NaiveTime,
    WorkCalendar,
    after,
    length,
    used,
)

MOMENT = "moment"  # not a limit but a point in time, such as the end of a suspension
WORKING_KINDS = frozenset({LimitKind.WORKING_HOUR.value, LimitKind.WORKING_DAY.value})
MOST_PERCENT = 10_000
_HUNDRED = 100
_WARNING_PERCENT = 80


@dataclass(frozen=True, slots=True)
class Mark:
    """A reminder at a share of the whole limit: 4/5 before its end, 2 when it is over by as much again.

    `share` is more than 0, at most 100, in whole per cent.
    """

    name: str
    share: Fraction

    def __post_init__(self) -> None:
        percent = self.share * _HUNDRED
        if percent.denominator != 1 or not 0 < percent <= MOST_PERCENT:
            raise ValueError(f"a mark stands at a whole per cent up to {MOST_PERCENT}, not at {self.share}")

    @property
    def percent(self) -> int:
        """The share in per cent."""
        return int(self.share * _HUNDRED)


DEFAULT_MARKS = (Mark("warn", Fraction(4, 5)), Mark("due", Fraction(1)))
AT_THE_MOMENT = (Mark("due", Fraction(1)),)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a limit. Times: aware UTC. `percents` and `mark_at` go together, in order of time.

    `warn_at` is the last instant of green (80 %), `due_at` the end. The first `fired` marks have fired.
    `allowed` at or below 0: the limit was used up in earlier runs, and `due_at` lies there.
    """

    kind: str
    started_at: datetime
    allowed: timedelta
    spent: timedelta
    day: timedelta
    percents: tuple[int, ...]
    warn_at: datetime
    due_at: datetime
    mark_at: tuple[datetime, ...]
    fired: int = 0

    @property
    def next_at(self) -> datetime | None:
        """When the next mark fires; None when all have."""
        return self.mark_at[self.fired] if self.fired < len(self.mark_at) else None


def begin(limit: Limit, marks: Sequence[Mark], now: datetime, calendar: WorkCalendar) -> Run:
    """A limit that starts now. Raises ValueError when the marks are not in order; NaiveTime."""
    run = _blank(limit.kind.value, now, length(limit, calendar), _percents(marks), day=calendar.day_length)
    return _laid(run, calendar)


def moment(until: datetime, marks: Sequence[Mark], now: datetime) -> Run:
    """A run from now to a point in time, counted as time passes; a point that is past is due at once."""
    return _laid(_blank(MOMENT, now, until - now, _percents(marks)), None)


def left(run: Run, now: datetime, calendar: WorkCalendar | None) -> timedelta:
    """Own time left at `now`; negative: over by so much. Time between earlier runs does not count."""
    run = attuned(run, calendar)
    return run.allowed - _used(run.kind, run.started_at, now, calendar)


def gone_on(last: Run, rest: timedelta, now: datetime, calendar: WorkCalendar | None) -> Run:
    """The run that continues `last` with what it had left when it stopped; marks that had fired stay fired.

    A mark that was reached before the stop keeps its time; one that had not fired by then fires now.
    """
    whole = last.spent + last.allowed
    run = replace(last, started_at=_utc(now), allowed=rest, spent=whole - rest)
    return _laid(attuned(run, calendar), calendar)


def extended(run: Run, by: Limit, now: datetime, calendar: WorkCalendar) -> Run:
    """The run with a longer limit: every mark moves to its share of the new whole.

    A mark that fired fires again only when it lies in the future again. A length of another kind of time is
    counted from the present deadline on: one natural day more, on a Friday evening, may be no working time.
    """
    run = attuned(run, calendar)
    own = _own_clock(run.kind)
    if own is _own_clock(by.kind.value):
        more = length(by, calendar)
    else:
        more = used(run.due_at, after(run.due_at, length(by, calendar), by.kind, calendar), own, calendar)
    return _unfired(_laid(replace(run, allowed=run.allowed + more), calendar), now)


def counted_again(run: Run, now: datetime, calendar: WorkCalendar) -> Run:
    """The run by a calendar that has changed, from its start; with the same calendar it is the same run.

    What earlier runs used up stays as it was counted when they stopped.
    """
    return _unfired(_laid(attuned(run, calendar), calendar), now)


def attuned(run: Run, calendar: WorkCalendar | None) -> Run:
    """The run by the length of a working day today: 2 working days stay 2 working days when the hours change."""
    if calendar is None or run.kind != LimitKind.WORKING_DAY or run.day == calendar.day_length:
        return run
    day = calendar.day_length
    return replace(
        run, allowed=in_days_of(day, run.allowed, run.day), spent=in_days_of(day, run.spent, run.day), day=day
    )


def in_days_of(day: timedelta, part: timedelta, old: timedelta) -> timedelta:
    """As much of working days of length `day` as `part` is of working days of length `old`."""
    new, known = Fraction(day // MICROSECOND, old // MICROSECOND).as_integer_ratio()
    return part * new / known


def passed(mark_at: Sequence[datetime], now: datetime) -> int:
    """How many marks have been reached."""
    return sum(at <= now for at in mark_at)


def _blank(
    kind: str, now: datetime, allowed: timedelta, percents: tuple[int, ...], *, day: timedelta = DAY
) -> Run:
    """A run without its instants: all of them where they are when the limit is none."""
    start = _utc(now)
    over = min(start, start + allowed)
    return Run(kind, start, allowed, NO_TIME, day, percents, over, over, (over,) * len(percents))


def _laid(run: Run, calendar: WorkCalendar | None) -> Run:
    """The run with its instants. What lies at or before its start was reached in an earlier run and stays."""
    whole = run.spent + run.allowed
    found: dict[int, datetime] = {}  # two marks mostly lie at the warning and at the end

    def at(percent: int, known: datetime) -> datetime:
        offset = whole * percent // _HUNDRED - run.spent
        if offset <= NO_TIME:
            return min(known, run.started_at)
        if percent not in found:
            found[percent] = _after(run.kind, run.started_at, offset, calendar)
        return found[percent]

    return replace(
        run,
        warn_at=at(_WARNING_PERCENT, run.warn_at),
        due_at=at(_HUNDRED, run.due_at),
        mark_at=tuple(map(at, run.percents, run.mark_at)),
    )


def _unfired(run: Run, now: datetime) -> Run:
    """Marks that lie in the future again are to fire again; the others stay fired."""
    return replace(run, fired=min(run.fired, passed(run.mark_at, now)))


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise NaiveTime(f"{at.isoformat()} has no time zone")
    return at.astimezone(UTC)


def _own_clock(kind: str) -> LimitKind:
    return LimitKind.WORKING_HOUR if kind in WORKING_KINDS else LimitKind.URGENT_HOUR


def _after(kind: str, start: datetime, offset: timedelta, calendar: WorkCalendar | None) -> datetime:
    if kind not in WORKING_KINDS:
        return start + offset
    return after(start, offset, LimitKind.WORKING_HOUR, _known(calendar))


def _used(kind: str, start: datetime, end: datetime, calendar: WorkCalendar | None) -> timedelta:
    if kind not in WORKING_KINDS:
        return end - start
    return used(start, end, LimitKind.WORKING_HOUR, _known(calendar))


def _known(calendar: WorkCalendar | None) -> WorkCalendar:
    if calendar is None:
        raise ValueError("working time needs a calendar")
    return calendar


def _percents(marks: Sequence[Mark]) -> tuple[int, ...]:
    percents = tuple(mark.percent for mark in marks)
    if any(later <= earlier for earlier, later in pairwise(percents)):
        raise ValueError(f"marks go by their shares, each beyond the one before: {percents}")
    return percents
