"""What this room announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from yiwang.core.events.declare import Event


@dataclass(frozen=True, slots=True)
class CommentWritten(Event):
    """Somebody said something about an object; its words are fetched by those who see it."""

    type: ClassVar[str] = "comment.written"
    comment_id: int
    object_type: str
    object_id: UUID

    @property
    def aggregate(self) -> str:
        return f"comment:{self.comment_id}"


@dataclass(frozen=True, slots=True)
class CommentChanged(Event):
    """A comment was edited or deleted by its author."""

    type: ClassVar[str] = "comment.changed"
    comment_id: int
    object_type: str
    object_id: UUID

    @property
    def aggregate(self) -> str:
        return f"comment:{self.comment_id}"
