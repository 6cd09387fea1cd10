"""The arithmetic of time limits: pure, exact to the microsecond, without loops over days or minutes.

Working time is a number line. `WorkCalendar.position` maps an instant to the working time that has passed
since a fixed origin, `WorkCalendar.instant` maps it back; a deadline is one addition there, a duration one
subtraction.
All times are aware; all reckoning is in Asia/Shanghai, which keeps one offset all year since 1992.
Working day, working hours and lights: docs/standards/working-time.md.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
MICROSECOND = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NO_TIME = timedelta(0)
WARNING_SHARE = Fraction(4, 5)
LONGEST_AMOUNT = Decimal(3660)
_WEEK = 7
_WEEKDAYS = 5


class NaiveTime(ValueError):
    """A time without a zone was given where an aware one is needed."""


class LimitKind(StrEnum):
    """How the amount of a limit is counted."""

    URGENT_HOUR = "urgent_hour"  # 紧急工作时: round the clock
    WORKING_HOUR = "working_hour"  # 工作时: only in working time
    WORKING_DAY = "working_day"  # 工作日: as many working hours as a working day has
    NATURAL_DAY = "natural_day"  # 自然日: calendar days


class Light(StrEnum):
    """How far a clock has run: green up to 80 %, yellow up to 100 %, red above."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit as the filing table states it, for instance 2 working days. `amount` > 0, at most 3660."""

    kind: LimitKind
    amount: Decimal

    def __post_init__(self) -> None:
        if not (self.amount.is_finite() and 0 < self.amount <= LONGEST_AMOUNT):
            raise ValueError(f"a limit is more than 0 and at most {LONGEST_AMOUNT}, not {self.amount}")


@dataclass(frozen=True, slots=True)
class Span:
    """Working time within one day, [start, end) in local time; `end` may be 00:00 for the day's end."""

    start: time
    end: time

    @property
    def start_offset(self) -> timedelta:
        """Time from midnight to the start."""
        return _since_midnight(self.start)

    @property
    def end_offset(self) -> timedelta:
        """Time from midnight to the end; 24 h when the end is midnight."""
        return _since_midnight(self.end) or DAY


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked, and when on them.

    `spans`: the working time of every working day, in order, not overlapping.
    `first`, `days`: consecutive days from `first`, True where worked; outside them Monday to Friday count.
    `provisional`: years whose official notice is not known, so that their days may still change.
    """

    spans: tuple[Span, ...]
    first: date
    days: tuple[bool, ...]
    provisional: frozenset[int] = frozenset()
    day_length: timedelta = field(init=False, compare=False)
    _offsets: tuple[tuple[timedelta, timedelta], ...] = field(init=False, repr=False, compare=False)
    _worked_before: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check_spans(self.spans)
        offsets = tuple((span.start_offset, span.end_offset) for span in self.spans)
        length = sum((end - start for start, end in offsets), NO_TIME)
        object.__setattr__(self, "_offsets", offsets)
        object.__setattr__(self, "day_length", length)
        object.__setattr__(self, "_worked_before", list(accumulate(self.days, initial=0)))

    def is_workday(self, day: date) -> bool:
        """Whether `day` is worked."""
        index = day.toordinal() - self.first.toordinal()
        if 0 <= index < len(self.days):
            return self.days[index]
        return day.weekday() < _WEEKDAYS

    def position(self, at: datetime) -> timedelta:
        """Working time from the origin (start of `first`) to `at`; negative before it."""
        local = _local(at)
        whole = self._workdays_before(local.toordinal()) * self.day_length
        return whole + self._within(local) if self.is_workday(local.date()) else whole

    def instant(self, position: timedelta) -> datetime:
        """The earliest instant (UTC) with that much working time behind it: a span's end stays that end."""
        day_number, rest = divmod(position - MICROSECOND, self.day_length)
        rest += MICROSECOND
        midnight = datetime.combine(date.fromordinal(self._nth_workday(day_number)), time(), ZONE)
        for start, end in self._offsets:
            if rest <= end - start:
                return (midnight + start + rest).astimezone(UTC)
            rest -= end - start
        raise AssertionError("the rest of a division is no longer than a working day")

    def _within(self, local: datetime) -> timedelta:
        offset, within = _since_midnight(local.time()), NO_TIME
        for start, end in self._offsets:
            if offset > start:
                within += min(offset, end) - start
        return within

    def _workdays_before(self, ordinal: int) -> int:
        """Working days from `first` up to, not including, day `ordinal`; negative before `first`."""
        start, end = self.first.toordinal(), self.first.toordinal() + len(self.days)
        if ordinal < start:
            return _weekdays_before(ordinal) - _weekdays_before(start)
        if ordinal <= end:
            return self._worked_before[ordinal - start]
        return self._worked_before[-1] + _weekdays_before(ordinal) - _weekdays_before(end)

    def _nth_workday(self, number: int) -> int:
        """Ordinal of the working day that has `number` working days before it, counted from `first`."""
        start, end = self.first.toordinal(), self.first.toordinal() + len(self.days)
        if number < 0:
            return _nth_weekday(_weekdays_before(start) + number)
        if number < self._worked_before[-1]:
            return start + bisect_left(self._worked_before, number + 1) - 1
        return _nth_weekday(_weekdays_before(end) + number - self._worked_before[-1])


def work_calendar(
    spans: Iterable[Iterable[str]], days: Mapping[date, bool], provisional: Iterable[int] = ()
) -> WorkCalendar:
    """The calendar of `("08:00", "12:00")` pairs and a day table; a missing day counts by its weekday.

    Raises: ValueError when a span is empty, out of order or overlaps the one before.
    """
    read = tuple(Span(*map(time.fromisoformat, pair)) for pair in spans)
    first = min(days, default=date(2000, 1, 3))
    length = max(days).toordinal() - first.toordinal() + 1 if days else 0
    dates = (date.fromordinal(first.toordinal() + index) for index in range(length))
    worked = tuple(days.get(day, day.weekday() < _WEEKDAYS) for day in dates)
    return WorkCalendar(read, first, worked, frozenset(provisional))


def length(limit: Limit, calendar: WorkCalendar) -> timedelta:
    """The limit as a duration: of working time for the working kinds, of time as it passes for the others."""
    unit = {LimitKind.WORKING_DAY: calendar.day_length, LimitKind.NATURAL_DAY: DAY}.get(limit.kind, HOUR)
    numerator, denominator = limit.amount.as_integer_ratio()
    return unit * numerator / denominator


def deadline(start: datetime, limit: Limit, calendar: WorkCalendar) -> datetime:
    """The instant (UTC) at which the whole limit, counted from `start`, has just been used up.

    A deadline of a working kind never lies outside working time; on the end of a span it stays there.
    Raises: NaiveTime.
    Source: the four kinds of limit of GB/T 30428.8 tables; their reading in docs/standards/working-time.md.
    """
    return after(start, length(limit, calendar), limit.kind, calendar)


def after(start: datetime, duration: timedelta, kind: LimitKind, calendar: WorkCalendar) -> datetime:
    """The instant (UTC) when `duration`, counted in the time of `kind`, has passed since `start`.

    `duration` 0 gives `start` itself. Serves extensions and clocks that go on after a suspension.
    Raises: NaiveTime; ValueError when `duration` is negative.
    """
    if duration < NO_TIME:
        raise ValueError("a clock does not run backwards")
    if duration == NO_TIME or kind in _ROUND_THE_CLOCK:
        return _utc(start) + duration
    return calendar.instant(calendar.position(start) + duration)


def used(start: datetime, end: datetime, kind: LimitKind, calendar: WorkCalendar) -> timedelta:
    """Time of `kind` between two instants; negative when `end` is before `start`. Raises: NaiveTime."""
    if kind in _ROUND_THE_CLOCK:
        return _utc(end) - _utc(start)
    return calendar.position(end) - calendar.position(start)


def used_minutes(start: datetime, end: datetime, kind: LimitKind, calendar: WorkCalendar) -> int:
    """Whole minutes of `kind` between two instants, rounded down."""
    return used(start, end, kind, calendar) // MINUTE


def remaining(at: datetime, due: datetime, kind: LimitKind, calendar: WorkCalendar) -> timedelta:
    """Time of `kind` left at `at`; negative once overdue (for working kinds: working time overdue)."""
    return used(at, due, kind, calendar)


def used_share(
    start: datetime, due: datetime, at: datetime, kind: LimitKind, calendar: WorkCalendar
) -> Fraction:
    """Which part of the time from `start` to `due` is used at `at`: exact, 0 before the start, may pass 1.

    Taken between two instants and not from the limit, so that an extended deadline counts as extended.
    """
    whole = used(start, due, kind, calendar)
    part = used(start, at, kind, calendar)
    if whole <= NO_TIME:
        return Fraction(2) if at > due else Fraction(0)
    return max(Fraction(0), Fraction(part // MICROSECOND, whole // MICROSECOND))


def light(share: Fraction) -> Light:
    """The light of a clock: green ≤ 80 %, yellow ≤ 100 %, red above."""
    if share <= WARNING_SHARE:
        return Light.GREEN
    return Light.YELLOW if share <= 1 else Light.RED


def warning_at(start: datetime, due: datetime, kind: LimitKind, calendar: WorkCalendar) -> datetime:
    """The last instant (UTC) of green: 80 % of the time from `start` to `due` is used, rounded down.

    Stored beside the deadline, it makes the light a comparison that the database can do.
    """
    whole = max(NO_TIME, used(start, due, kind, calendar))
    return after(start, whole * 4 // 5, kind, calendar)


_ROUND_THE_CLOCK = frozenset({LimitKind.URGENT_HOUR, LimitKind.NATURAL_DAY})


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise NaiveTime(f"{at.isoformat()} has no time zone")
    return at.astimezone(UTC)


def _local(at: datetime) -> datetime:
    return _utc(at).astimezone(ZONE)


def _since_midnight(clock: time) -> timedelta:
    return timedelta(
        hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond
    )


def _check_spans(spans: tuple[Span, ...]) -> None:
    if not spans:
        raise ValueError("a calendar needs working time")
    for span in spans:
        if span.start_offset >= span.end_offset:
            raise ValueError(f"working time {span.start:%H:%M}-{span.end:%H:%M} is empty")
    for earlier, later in pairwise(spans):
        if earlier.end_offset > later.start_offset:
            raise ValueError(f"working time from {later.start:%H:%M} overlaps the one before")


def _weekdays_before(ordinal: int) -> int:
    """Mondays to Fridays among the days before `ordinal`; day 1 of the proleptic calendar is a Monday."""
    weeks, rest = divmod(ordinal - 1, _WEEK)
    return weeks * _WEEKDAYS + min(rest, _WEEKDAYS)


def _nth_weekday(number: int) -> int:
    """Ordinal of the weekday that has `number` weekdays before it."""
    weeks, rest = divmod(number, _WEEKDAYS)
    return weeks * _WEEK + rest + 1
