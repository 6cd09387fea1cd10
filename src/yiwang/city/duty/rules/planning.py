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
) -> list[Clash]:
    """What stands in the way of the wanted cells, by person and day.

    `around` is what is rostered for these people already, in any unit, from the day before to the day after; a cell of
    the same unit and day gives way to the wanted one. `away` are absences, first and last day included.
    """
    wanted = list(wanted)
    replaced = {(cell.unit, cell.user, cell.on) for cell in wanted}
    kept: dict[UUID, list[Cell]] = defaultdict(list)
    known: dict[tuple[int, UUID, date], int | None] = {}
    for cell in around:
        if (cell.unit, cell.user, cell.on) in replaced:
            known[cell.unit, cell.user, cell.on] = cell.shift
        elif cell.span is not None:
            kept[cell.user].append(cell)
    for cell in wanted:
        if cell.span is not None:
            kept[cell.user].append(cell)
    found: list[Clash] = []
    for cell in wanted:
        before = known.get((cell.unit, cell.user, cell.on), cell.shift)
        if before != cell.shift:
            found.append(Clash(cell.user, cell.on, ClashKind.TAKEN))
        found += _of_time(cell, kept[cell.user], away.get(cell.user, ()), least_rest)
    return sorted(set(found), key=lambda one: (one.user, one.on, one.kind))


def _of_time(
    cell: Cell, beside: Sequence[Cell], away: Sequence[tuple[date, date]], least_rest: timedelta
) -> Iterable[Clash]:
    if cell.span is None:
        return
    if any(first <= cell.on <= last for first, last in away):
        yield Clash(cell.user, cell.on, ClashKind.AWAY)
    others = [one.span for one in beside if one is not cell and one.span is not None]
    if any(cell.span.overlaps(span) for span in others):
        yield Clash(cell.user, cell.on, ClashKind.OVERLAP)
        return
    wide = Span(cell.span.starts_at - least_rest, cell.span.ends_at + least_rest)
    if any(wide.overlaps(span) for span in others):
        yield Clash(cell.user, cell.on, ClashKind.SHORT_REST)
