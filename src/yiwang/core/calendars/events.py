"""What this room announces."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from yiwang.core.events.declare import Event


@dataclass(frozen=True, slots=True)
class CalendarChanged(Event):
    """Days of a calendar count differently now, from `first_on` to `last_on`: deadlines over them are stale."""

    type: ClassVar[str] = "calendar.changed"

    calendar: str
    first_on: date
    last_on: date

    @property
    def aggregate(self) -> str:
        """The calendar."""
        return f"calendar:{self.calendar}"
