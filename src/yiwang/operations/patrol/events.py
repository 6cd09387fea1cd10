"""What this room announces: boards and phones look again."""

from dataclasses import dataclass
from typing import ClassVar

from yiwang.core.events.declare import Event


@dataclass(frozen=True, slots=True)
class TaskChanged(Event):
    """A task was drawn up, or moved on."""

    type: ClassVar[str] = "patrol.task_changed"

    task_id: str
    verb: str
    state: str

    @property
    def aggregate(self) -> str:
        """Events of one task come in order."""
        return f"patrol_task:{self.task_id}"


@dataclass(frozen=True, slots=True)
class CallChanged(Event):
    """Somebody was called, answered, arrived; or the call ended."""

    type: ClassVar[str] = "patrol.call_changed"

    call_id: str
    verb: str

    @property
    def aggregate(self) -> str:
        """Events of one call come in order."""
        return f"patrol_call:{self.call_id}"
