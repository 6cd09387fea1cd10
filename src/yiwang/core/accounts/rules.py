"""Decisions about signing in, being away and changing the tree of units, pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from yiwang.core.errors import Invalid

# Level-3 protection practice (GB/T 22239-2019, 8.1.4.1 b asks for a limit on failed tries; the numbers are ours).
MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a name stands before the next try: locked until a moment, or with tries left."""

    locked_until: datetime | None
    tries_left: int


def standing(failures: Sequence[datetime], now: datetime) -> Standing:
    """From the failed tries since the last success, newest first: five within fifteen minutes lock the name.

    The lock runs from the newest failure. Tries made while locked are not recorded, so a lock ends by itself.
    """
    recent = [at for at in failures if at > now - LOCKED_FOR]
    if len(recent) >= MOST_FAILURES:
        return Standing(locked_until=recent[0] + LOCKED_FOR, tries_left=0)
    return Standing(locked_until=None, tries_left=MOST_FAILURES - len(recent))


class AbsenceReason(StrEnum):
    """Why somebody is away; worded by the client."""

    LEAVE = "leave"
    SICK = "sick"
    TRIP = "trip"
    TRAINING = "training"
    OTHER = "other"


LONGEST_ABSENCE = timedelta(days=366)
# An illness is entered when the person is back or able to call.
ENTERED_LATE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Days:
    """From a day to a day, both included."""

    first: date
    last: date

    def meets(self, other: "Days") -> bool:
        """Whether the two have a day in common."""
        return self.first <= other.last and other.first <= self.last


def check_days(days: Days, today: date) -> None:
    """Raises Invalid `ends_before_start`, `too_long`, `too_late` with the field at fault."""
    if days.last < days.first:
        raise Invalid("ends_before_start", "结束日期不能早于开始日期。", field="ends_on")
    if days.last - days.first > LONGEST_ABSENCE:
        raise Invalid("too_long", f"一次最长 {LONGEST_ABSENCE.days} 天。", field="ends_on")
    if days.first < today - ENTERED_LATE:
        raise Invalid("too_late", f"最多补登 {ENTERED_LATE.days} 天前的缺勤。", field="starts_on")
    if days.last < today:
        raise Invalid("is_over", "结束日期已过，无需登记。", field="ends_on")


class UnitChangeKind(StrEnum):
    """What can happen to a unit."""

    MOVED = "moved"
    MERGED = "merged"
    RENAMED = "renamed"
    CLOSED = "closed"


def new_path(path: str, old_prefix: str, new_prefix: str) -> str:
    """A unit's path after the subtree at `old_prefix` came to `new_prefix`; other paths stay as they are.

    Both prefixes end in the moved unit's own id and a dot: "1.4.9." from "1.4." to "1.7.4." is "1.7.4.9.".
    """
    return new_prefix + path[len(old_prefix) :] if path.startswith(old_prefix) else path


def may_come_under(path: str, parent_path: str) -> bool:
    """Whether a unit may be put under another: never under itself or what lies below it."""
    return not parent_path.startswith(path)
