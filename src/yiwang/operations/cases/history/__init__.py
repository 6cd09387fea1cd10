"""The third way in, for what is past: whole cases with all their steps at once (the history door).

It follows the same table by the same rules as the live doors, in memory, and writes what they would have written. No
event and no notice comes of it; a case that is not at its end goes on from here, its clocks running. What the
table forbids is a fault of that one case. The same case of a source is never brought in twice.

A source that tells only when a case was opened and ended is brought in the *reduced* way: the steps between are
written as imported and not known (`Step.data.imported`), nobody is said to have done them, and no limit runs but
the one that the source gives.
"""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from yiwang.core import clock
from yiwang.core.actor import Actor, system
from yiwang.core.imports import actions as imports
from yiwang.operations.cases.rules import Given, Photo

if TYPE_CHECKING:
    from yiwang.operations.cases.history.memory import Memory

__all__ = ["CaseFault", "Given", "Loaded", "PastCase", "PastStep", "Photo", "load", "load_chunk"]

TARGET = "cases"
CHUNK = 2000
IMPORTER = system("history")
NOTHING = Given()


@dataclass(frozen=True, slots=True)
class PastStep:
    """One step as it was taken: when, by whom, with what. The first step of a case is its opening (`verb` may be "").

    `unit_id` names the unit whose task is meant, where several have one. `main_key` is the external key of the case
    that this one was bound to. `known`: false for a step of the reduced way that the source does not tell of.
    """

    at: datetime
    verb: str = ""
    actor: Actor = IMPORTER
    given: Given = NOTHING
    unit_id: int | None = None
    main_key: str = ""
    known: bool = True


@dataclass(frozen=True, slots=True)
class PastCase:
    """A case as it was, with its steps in the order of their times. `key` names it in its source for good.

    Position is lon/lat (EPSG:4326); without one the case is laid to `area` (an area code, place unknown), with one
    outside the district too when `area` is given. `reduced`: the short way, see above; only there `due_at` (the
    source's own deadline) and `told_at` (when the reporter was answered) count.
    """

    key: str
    category: str
    description: str
    source: str
    steps: tuple[PastStep, ...]
    lon: float | None = None
    lat: float | None = None
    area: str = ""
    address: str = ""
    occurred_at: datetime | None = None
    reporter_name: str = ""
    reporter_phone: str = ""
    reduced: bool = False
    due_at: datetime | None = None
    told_at: datetime | None = None
    remarks: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseFault:
    """Why a case was not brought in: the step (from 1; 0 for the case as a whole), what is wrong and where."""

    key: str
    step: int
    verb: str
    code: str
    reason: str
    field: str = ""


@dataclass(slots=True)
class Loaded:
    """What became of a past. `cases`, `steps`: new ones; `present`: there before; every case is counted once.

    `made` holds the new ids by key, of a single chunk only.
    """

    cases: int = 0
    steps: int = 0
    present: int = 0
    faults: list[CaseFault] = field(default_factory=list)
    made: dict[str, UUID] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)


Say = Callable[[Loaded], None]


def load(
    past: Iterable[PastCase],
    *,
    source: str,
    say: Say = lambda so_far: None,
    actor: Actor = IMPORTER,
    chunk: int = CHUNK,
) -> Loaded:
    """Bring in a past as a stream, so many cases to a transaction; `say` hears how far it is after each.

    `source` names where it comes from: with a case's key it tells whether the case is there already. Cases that are
    bound to each other stand in one chunk, or the main one in an earlier one and is still open.
    """
    from yiwang.operations.cases.history.memory import Memory

    total, memory = Loaded(), Memory()
    cases = iter(past)
    while part := list(islice(cases, chunk)):
        with uncollected():
            loaded = load_chunk(part, source=source, actor=actor, memory=memory)
        total.cases += loaded.cases
        total.steps += loaded.steps
        total.present += loaded.present
        total.faults += loaded.faults
        say(total)
    return total


@contextmanager
def uncollected() -> Iterator[None]:
    """Python's search for circles of objects waits: a chunk makes hundreds of thousands, and drops them together."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@transaction.atomic
def load_chunk(
    past: Iterable[PastCase],
    *,
    source: str,
    actor: Actor = IMPORTER,
    run_id: UUID | None = None,
    memory: "Memory | None" = None,
) -> Loaded:
    """Bring in some cases in one transaction. Of two with one key the first counts, the second is a fault.

    `memory` may be handed from chunk to chunk, so that what was looked up for one serves the next.
    """
    from yiwang.operations.cases.history.memory import Memory
    from yiwang.operations.cases.history.replay import Replay
    from yiwang.operations.cases.history.rows import write

    given: dict[str, PastCase] = {}
    loaded = Loaded()
    for case in past:
        if case.key in given:
            loaded.faults.append(CaseFault(case.key, 0, "", "double", "同样的编号出现了两次。", "key"))
        given.setdefault(case.key, case)
    there = imports.claim(TARGET, source, list(given))
    fresh = [case for key, case in given.items() if key not in there]
    loaded.present, loaded.known = len(there), set(there)
    replay = Replay(fresh, source, memory or Memory(), clock.now())
    replay.run()
    written = write(replay, actor, source)
    loaded.faults += replay.failed.values()
    loaded.cases, loaded.steps, loaded.made = len(written.made), written.steps, written.made
    imports.remember(TARGET, source, written.made, run_id)
    return loaded


def by_time(cases: Iterable[PastCase]) -> Iterator[tuple[PastCase, int, PastStep]]:
    """All steps of some cases in the order of their times; those of one moment in the order of the cases."""
    steps = [(step.at, place, number, case, step) for place, case in enumerate(cases)
             for number, step in enumerate(case.steps)]  # fmt: skip
    steps.sort(key=lambda row: row[:3])
    for _, _, number, case, step in steps:
        yield case, number, step
