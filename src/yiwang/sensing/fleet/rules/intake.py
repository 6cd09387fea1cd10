"""Which positions of a batch come in at all."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar


class Timed(Protocol):
    """Something with a moment and a place."""

    @property
    def at(self) -> datetime:
        """When (aware)."""

    @property
    def lon(self) -> float:
        """Degrees."""

    @property
    def lat(self) -> float:
        """Degrees."""


P = TypeVar("P", bound=Timed)
# Networks and clocks that are set by them stay within this; more is a phone whose clock is wrong.
TOLERANCE = timedelta(minutes=2)
# A phone's clock may run a little ahead; what lies further in the future is no observation.
AHEAD = timedelta(minutes=2)
# A phone may have been without a network over a long weekend.
OLDEST = timedelta(days=7)


class Refusal(StrEnum):
    """Why a position is not taken; nothing of it is stored but the count."""

    IN_FUTURE = "in_future"
    TOO_OLD = "too_old"
    OFF_DUTY = "off_duty"
    NO_PLACE = "no_place"


@dataclass(frozen=True, slots=True)
class Doors:
    """When positions are let in: the batch's arrival, and the times on duty [begin, end) (None: always)."""

    received_at: datetime
    duty: Sequence[tuple[datetime, datetime]] | None


def put_right(claimed_at: datetime, sent_at: datetime, received_at: datetime) -> datetime:
    """When a position was, of which the phone says `claimed_at` and that it sent it at `sent_at` (all aware).

    A clock that is wrong is put right by its difference at sending. That is never twice the same, so a position is
    known again by what was claimed, not by this.
    """
    behind = received_at - sent_at
    return claimed_at + behind if abs(behind) > TOLERANCE else claimed_at


def sort_out(points: Iterable[P], doors: Doors) -> tuple[list[P], int, Counter[Refusal]]:
    """Those that come in, by time; how many repeat a moment of the same batch (the first one counts); the others."""
    refused: Counter[Refusal] = Counter()
    taken: dict[datetime, P] = {}
    repeated = 0
    for point in points:
        reason = _refusal(point, doors)
        if reason is not None:
            refused[reason] += 1
        elif point.at in taken:
            repeated += 1
        else:
            taken[point.at] = point
    return [taken[at] for at in sorted(taken)], repeated, refused


def _refusal(point: Timed, doors: Doors) -> Refusal | None:
    if point.lon == 0.0 and point.lat == 0.0:  # what receivers say that do not know
        return Refusal.NO_PLACE
    if point.at > doors.received_at + AHEAD:
        return Refusal.IN_FUTURE
    if point.at < doors.received_at - OLDEST:
        return Refusal.TOO_OLD
    if doors.duty is not None and not any(begin <= point.at < end for begin, end in doors.duty):
        return Refusal.OFF_DUTY
    return None
