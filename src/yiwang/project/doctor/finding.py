"""What a check says."""

from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """How bad it is: `HINT` works but could be better or will be needed; `WRONG` keeps something from working."""

    OK = "✓"
    HINT = "!"
    WRONG = "✗"


@dataclass(frozen=True, slots=True)
class Finding:
    """The state of one part in one line, and what to do about it when it is not well."""

    level: Level
    text: str
    remedy: str = ""

    @classmethod
    def ok(cls, text: str) -> "Finding":
        """All is well."""
        return cls(Level.OK, text)

    @classmethod
    def hint(cls, text: str, remedy: str = "") -> "Finding":
        """It works; the remedy makes it better."""
        return cls(Level.HINT, text, remedy)

    @classmethod
    def wrong(cls, text: str, remedy: str = "") -> "Finding":
        """It does not work; the remedy makes it work."""
        return cls(Level.WRONG, text, remedy)
