"""What this room announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from yiwang.core.events.declare import Event


@dataclass(frozen=True, slots=True)
class AuthorityChanged(Event):
    """What a person may do has changed; their browsers fetch the session again."""

    type: ClassVar[str] = "account.authority_changed"
    user_id: UUID

    @property
    def aggregate(self) -> str:
        """Events of one person come in order."""
        return f"user:{self.user_id}"


@dataclass(frozen=True, slots=True)
class AbsenceChanged(Event):
    """Somebody's absence was entered or cancelled."""

    type: ClassVar[str] = "account.absence_changed"
    absence_id: UUID

    @property
    def aggregate(self) -> str:
        """Events of one absence come in order."""
        return f"absence:{self.absence_id}"


class _OfTree:
    """What happened to a unit. All of them come in one order: a merge before the move of what was merged."""

    __slots__ = ()

    @property
    def aggregate(self) -> str:
        """The tree of units is one thing."""
        return "units:tree"


@dataclass(frozen=True, slots=True)
class UnitMoved(_OfTree, Event):
    """A unit and all below it stand under another parent; `old_path` is now `new_path`."""

    type: ClassVar[str] = "unit.moved"
    unit_id: int
    old_path: str
    new_path: str


@dataclass(frozen=True, slots=True)
class UnitMerged(_OfTree, Event):
    """A unit has become part of another, which takes over its open work, its people and what lay below it."""

    type: ClassVar[str] = "unit.merged"
    unit_id: int
    successor_id: int


@dataclass(frozen=True, slots=True)
class UnitClosed(_OfTree, Event):
    """A unit does not exist any more; with a successor, that one takes over its open work."""

    type: ClassVar[str] = "unit.closed"
    unit_id: int
    successor_id: int | None


@dataclass(frozen=True, slots=True)
class UnitRenamed(_OfTree, Event):
    """A unit has another name."""

    type: ClassVar[str] = "unit.renamed"
    unit_id: int
