"""How often a place is visited: so many times a day, a week, a month, or every so many days."""

from calendar import monthrange
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

EVERY_DAY = frozenset(range(1, 8))
MOST_TIMES = 12
MOST_DAYS = 92


class Per(StrEnum):
    """What the number of visits is counted over."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Frequency:
    """`times` visits per day, week or month; with `Per.DAYS`, every `days` days. No visits at all: `times` 0."""

    times: int
    per: Per = Per.DAY
    days: int = 1


def phase(key: str) -> int:
    """A number from 0 to 2**32 - 1 that belongs to a key for good: it spreads the visits of many over the days."""
    return int.from_bytes(sha256(key.encode()).digest()[:4], "big")


def times_on(
    frequency: Frequency, day: date, *, weekdays: Collection[int] = EVERY_DAY, phase: int = 0
) -> int:
    """How many visits fall on a day.

    `weekdays`: the days of the week on which one goes (1 Monday to 7 Sunday). Over every whole week or month the
    number is exactly the frequency's, spread as evenly as whole numbers allow; `phase` shifts it.
    """
    if day.isoweekday() not in weekdays:
        return 0
    match frequency.per:
        case Per.DAY:
            return frequency.times
        case Per.DAYS:
            return frequency.times if (_counted(day, weekdays) + phase) % frequency.days == 0 else 0
        case Per.WEEK:
            working: Sequence[int] = sorted(weekdays)
            return _share(frequency.times, working.index(day.isoweekday()), len(working), phase)
        case Per.MONTH:
            working = _working_days(day, weekdays)
            return _share(frequency.times, working.index(day.day), len(working), phase)


def _share(times: int, at: int, among: int, phase: int) -> int:
    """What falls on place `at` of `among` when `times` are laid round in equal steps."""
    shifted = (at + phase) % among
    return (shifted + 1) * times // among - shifted * times // among


def _working_days(day: date, weekdays: Collection[int]) -> Sequence[int]:
    last = monthrange(day.year, day.month)[1]
    return [n for n in range(1, last + 1) if day.replace(day=n).isoweekday() in weekdays]


def _counted(day: date, weekdays: Collection[int]) -> int:
    """The number of days on which one goes from the first day of the calendar to this one."""
    weeks, rest = divmod(day.toordinal() - 1, 7)  # 0001-01-01 is a Monday
    return weeks * len(weekdays) + sum(1 for one in weekdays if one <= rest + 1)
