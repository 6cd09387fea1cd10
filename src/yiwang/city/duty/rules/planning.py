"""Laying a pattern of shifts over people and days, and what stands in its way."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Working time [starts_at, ends_at), aware."""

    starts_at: datetime
    ends_at: datetime

    def holds(self, at: datetime) -> bool:
        """Whether a moment lies within."""
        return self.starts_at <= at < self.ends_at

    def overlaps(self, other: "Span") -> bool:
        """Whether some moment lies within both."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Cell:
    """What somebody does on a day: a shift with its time, or rest (no shift, no time)."""

    user: UUID
    on: date
    shift: int | None
    span: Span | None = None
    unit: int = 0


class ClashKind(StrEnum):
    """What stands in the way of a cell; OVERLAP forbids it, the others are pointed out."""

    TAKEN = "taken"  # the day is rostered already, otherwise
    AWAY = "away"  # the person is away that day
    OVERLAP = "overlap"  # the person works at that time for another unit, or still from the day before
    SHORT_REST = "short_rest"  # too little rest before or after


@dataclass(frozen=True, slots=True)
class Clash:
    """One thing that stands in the way of one cell."""

    user: UUID
    on: date
    kind: ClashKind


def shift_span(on: date, starts: time, ends: time) -> Span:
    """When a shift of a day runs (UTC); an end that is not after the beginning is on the day after."""
    last = on if ends > starts else on + DAY
    return Span(
        datetime.combine(on, starts, ZONE).astimezone(UTC), datetime.combine(last, ends, ZONE).astimezone(UTC)
    )


def lay_out(
    people: Sequence[UUID],
    pattern: Sequence[int | None],
    days: Sequence[date],
    *,
    stagger: int = 0,
    by_week: bool = False,
) -> list[tuple[UUID, date, int | None]]:
    """Each person's shift (None: rest) for each day, the pattern over and over.

    It begins on the first day, or with `by_week` on the Monday before it; each person is `stagger` steps ahead of the
    one before. Raises ValueError for an empty pattern.
    """
    if not pattern:
        raise ValueError("a pattern has at least one step")
    if not days:
        return []
    begin = days[0] - days[0].weekday() * DAY if by_week else days[0]
    return [
        (person, on, pattern[((on - begin).days + number * stagger) % len(pattern)])
        for number, person in enumerate(people)
        for on in days
    ]


def clashes(
    wanted: Iterable[Cell],
    around: Iterable[Cell],
    away: Mapping[UUID, Sequence[tuple[date, date]]],
    *,
    least_rest: timedelta,
    stops: frozenset[ClashKind] = frozenset(),
) -> list[Clash]:
    """What stands in the way of the wanted cells, by person and day.

    `around` is what is rostered for these people already, in any unit, from the day before to the day after; a cell of
    the same unit and day gives way to the wanted one. `away` are absences, first and last day included. `stops`: what
    keeps a cell from being written (OVERLAP always does, with TAKEN nothing that is rostered is); what is rostered
    there then stays, and stands beside the others.
    """
    wanted = list(wanted)
    known = {_place_of(cell): cell for cell in around}
    found: list[Clash] = []
    for cell in wanted:
        before = known.get(_place_of(cell), cell).shift
        if before != cell.shift:
            found.append(Clash(cell.user, cell.on, ClashKind.TAKEN))
        if cell.span and any(first <= cell.on <= last for first, last in away.get(cell.user, ())):
            found.append(Clash(cell.user, cell.on, ClashKind.AWAY))
    stopped = {(one.user, one.on) for one in found if one.kind in stops}
    written = [
        cell
        for cell in wanted
        if (cell.user, cell.on) not in stopped and not (ClashKind.TAKEN in stops and _place_of(cell) in known)
    ]
    twice, beside = _twice(wanted, written, known)
    for cell in wanted:
        if cell in twice:
            found.append(Clash(cell.user, cell.on, ClashKind.OVERLAP))
        elif cell.span and _near(cell, beside[cell.user], least_rest):
            found.append(Clash(cell.user, cell.on, ClashKind.SHORT_REST))
    return sorted(set(found), key=lambda one: (one.user, one.on, one.kind))


Place = tuple[int, UUID, date]


def _place_of(cell: Cell) -> Place:
    return cell.unit, cell.user, cell.on


def _twice(
    wanted: Sequence[Cell], written: Sequence[Cell], known: Mapping[Place, Cell]
) -> tuple[set[Cell], Mapping[UUID, Sequence[Cell]]]:
    """The wanted cells that overlap with another to be written or with what stays; and all of those, by person.

    Each that is found leaves what is rostered in its place, which may overlap with further ones.
    """
    twice: set[Cell] = set()
    while True:
        replaced = {_place_of(cell) for cell in written if cell not in twice}
        beside: dict[UUID, list[Cell]] = defaultdict(list)
        for cell in (*written, *(cell for place, cell in known.items() if place not in replaced)):
            beside[cell.user].append(cell)
        more = {cell for cell in wanted if cell.span and _near(cell, beside[cell.user], timedelta())}
        if more <= twice:
            return twice, beside
        twice |= more


def _near(cell: Cell, beside: Iterable[Cell], least_rest: timedelta) -> bool:
    """Whether a cell with a time is closer than that to one of another day or unit."""
    if cell.span is None:
        return False
    wide = Span(cell.span.starts_at - least_rest, cell.span.ends_at + least_rest)
    return any(
        one.span is not None and wide.overlaps(one.span)
        for one in beside
        if _place_of(one) != _place_of(cell)
    )
