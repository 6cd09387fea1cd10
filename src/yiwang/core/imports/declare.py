"""How a room declares what can be brought in to it.

A room's `intake.py` declares `Target`s; `yiwang import` and later screens find them here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from yiwang.core.actor import Actor
from yiwang.core.imports.faults import BadMapping, BadTable, Cells, Fault, Unfit, shown

__all__ = [
    "BadMapping",
    "BadTable",
    "Bringing",
    "Fault",
    "Kind",
    "Outcome",
    "Parsed",
    "Target",
    "TargetField",
    "Unfit",
    "Value",
    "declare",
    "shown",
    "target",
    "targets",
]

Value = str | int | float | Decimal | bool | datetime | None


class Kind(StrEnum):
    """What a field holds, and so how a cell is read."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    MOMENT = "moment"
    LONGITUDE = "longitude"
    LATITUDE = "latitude"


@dataclass(frozen=True, slots=True)
class TargetField:
    """One field of what is brought in. `longest` is for texts, in characters; `meaning` says it in a sentence."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    longest: int | None = None
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A row that could be read: its line, its external key, its fields' values, the row as it stood."""

    line: int
    key: str
    values: Mapping[str, Value]
    original: Cells


@dataclass(frozen=True, slots=True)
class Bringing:
    """The circumstances of one chunk: who brings it in, from which source, with which options of the mapping."""

    actor: Actor
    source: str
    options: Mapping[str, object]
    run_id: UUID


@dataclass(slots=True)
class Outcome:
    """What became of a chunk: ids of new objects by key, keys that were there before, and faults."""

    made: dict[str, UUID] = field(default_factory=dict)
    present: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Target:
    """Something that can be brought in.

    `bring` writes the rows of one chunk in the transaction that it is called in, each row or a fault for it;
    `prepare` checks the mapping's own options before the first row and raises BadMapping. `folder` holds the
    shipped mappings (`*.toml`).
    """

    key: str
    fields: tuple[TargetField, ...]
    bring: Callable[[Bringing, Sequence[Parsed]], Outcome]
    prepare: Callable[[Mapping[str, object]], None] = lambda options: None
    folder: Path | None = None

    def field(self, name: str) -> TargetField | None:
        """The field of a name."""
        return next((one for one in self.fields if one.name == name), None)


_targets: dict[str, Target] = {}


def declare(new: Target) -> Target:
    """Makes a target known. Raises ValueError when the key is another's."""
    if _targets.setdefault(new.key, new) is not new:
        raise ValueError(f"two import targets are called {new.key!r}")
    return new


def target(key: str) -> Target:
    """The target of a key; raises BadMapping when there is none."""
    if key not in _targets:
        raise BadMapping(
            f"Nothing called {key!r} can be brought in; there are: {', '.join(sorted(_targets)) or 'none'}."
        )
    return _targets[key]


def targets() -> list[Target]:
    """Everything that can be brought in."""
    return list(_targets.values())
