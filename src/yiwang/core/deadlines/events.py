"""What this room announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from yiwang.core.events.declare import Event


@dataclass(frozen=True, slots=True)
class DeadlineMoved(Event):
    """Limits of these owners run to another time now, because their calendar changed: what shows it is stale."""

    type: ClassVar[str] = "deadline.moved"

    owner_kind: str
    owner_ids: tuple[UUID, ...]

    @property
    def aggregate(self) -> str:
        """All limits of the kind: batches come in their order."""
        return f"deadlines:{self.owner_kind}"
