"""Which tasks a plan makes of a day. The same plan, targets, people and day give the same tasks, keys included."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from yiwang.operations.patrol.rules import sampling
from yiwang.operations.patrol.rules.frequency import Frequency, phase, times_on


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when one goes; over midnight when it ends at or before it starts."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Place:
    """A target of a plan: which grade of upkeep (A, B, C), and in which duty grid ("" for none)."""

    id: UUID
    grade: str
    grid: str
    order: int


@dataclass(frozen=True, slots=True)
class Scheme:
    """What of a plan decides on its tasks. Without `people` those on duty in the grids go."""

    frequency: Mapping[str, Frequency]
    windows: tuple[Window, ...]
    weekdays: frozenset[int]
    people: tuple[UUID, ...]
    percent: int
    seed: int
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A task to be: `key` is unique within plan and day; `grid` is the one that all its places lie in ("" for several);
    `seed` is the one its places were drawn by (None: all due)."""

    key: str
    grid: str
    window: Window
    person: UUID | None
    places: tuple[UUID, ...]
    seed: int | None


def drafts(
    scheme: Scheme, places: Iterable[Place], day: date, on_duty: Mapping[tuple[str, int], UUID]
) -> list[Draft]:
    """The tasks of a day, by key. `on_duty`: who goes for a grid in a window (by its index)."""
    if day < scheme.starts_on or (scheme.ends_on is not None and day > scheme.ends_on):
        return []
    known = {place.id: place for place in places}
    made: list[Draft] = []
    for turn, due in sorted(_due(scheme, known.values(), day).items()):
        seed = sampling.seed_of(scheme.seed, day, turn) if scheme.percent < 100 else None
        chosen = [known[one] for one in _drawn(due, scheme.percent, seed)]
        at = turn % len(scheme.windows)
        for walk, members in sorted(_walks(scheme, chosen, on_duty, at, day).items()):
            grids = {place.grid for place in members}
            made.append(
                Draft(
                    key=f"{turn}:{walk}",
                    grid=grids.pop() if len(grids) == 1 else "",
                    window=scheme.windows[at],
                    person=_who(scheme.people, on_duty, members[0].grid, at, day),
                    places=tuple(place.id for place in members),
                    seed=seed,
                )
            )
    return made


def _due(scheme: Scheme, places: Collection[Place], day: date) -> dict[int, list[Place]]:
    """The places that are due, by turn: what is due twice a day stands in the turns 0 and 1."""
    due: dict[int, list[Place]] = defaultdict(list)
    for place in places:
        often = scheme.frequency.get(place.grade)
        if often is None:
            continue
        times = times_on(often, day, weekdays=scheme.weekdays, phase=phase(str(place.id)))
        # What is due once in a while does not always fall into the first window.
        first = 0 if times != 1 else phase(f"{place.id}/{day}") % len(scheme.windows)
        for turn in range(first, first + times):
            due[turn].append(place)
    return due


def _drawn(due: Sequence[Place], percent: int, seed: int | None) -> list[UUID]:
    if seed is None:
        return [place.id for place in due]
    size = sampling.size_of(percent, len(due))
    return [
        UUID(key) for key in sampling.draw([sampling.Member(str(p.id), p.grade) for p in due], size, seed)
    ]


def _walks(
    scheme: Scheme, places: Iterable[Place], on_duty: Mapping[tuple[str, int], UUID], window: int, day: date
) -> dict[str, list[Place]]:
    """The places that one person goes to in one go, in their order; of a grid that nobody has, those of the grid."""
    found: dict[str, list[Place]] = defaultdict(list)
    for place in sorted(places, key=lambda one: (one.order, str(one.id))):
        person = _who(scheme.people, on_duty, place.grid, window, day)
        found[str(person or place.grid)].append(place)
    return found


def _who(
    people: Sequence[UUID], on_duty: Mapping[tuple[str, int], UUID], grid: str, window: int, day: date
) -> UUID | None:
    """A plan's own people take the grids in turn, day by day; else who is on duty there, and nobody if nobody is."""
    if people:
        return people[(phase(grid) + day.toordinal() + window) % len(people)]
    return on_duty.get((grid, window))
