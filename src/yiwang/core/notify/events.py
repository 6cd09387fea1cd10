"""What this room announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from yiwang.core.events.declare import Event


@dataclass(frozen=True, slots=True)
class NoticeCreated(Event):
    """People were told something; their browsers fetch what."""

    type: ClassVar[str] = "notice.created"
    notice_id: int
    kind: str

    @property
    def aggregate(self) -> str:
        return f"notice:{self.notice_id}"


@dataclass(frozen=True, slots=True)
class NoticesRead(Event):
    """A person read notices; their other windows take them off the count."""

    type: ClassVar[str] = "notice.read"
    user_id: UUID

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"
