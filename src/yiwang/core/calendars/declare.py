"""A day as somebody states it: the shipped table, or an administrator who has the official notice in hand."""

from dataclasses import dataclass
from datetime import date

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class DeclaredDay:
    """One local date: worked or not, and the festival that is the reason, if one is."""

    on: date
    is_workday: bool
    name: str = ""
    name_en: str = ""
    provisional: bool = False

    @property
    def kind(self) -> str:
        """Why it is worked or not: follows from the weekday and from whether a festival is named."""
        if self.is_workday:
            return "adjusted_workday" if self.on.weekday() >= SATURDAY else "workday"
        return "public_holiday" if self.name or self.on.weekday() < SATURDAY else "weekend"
