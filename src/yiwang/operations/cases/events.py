"""What this room announces."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from yiwang.core.events.declare import Event


@dataclass(frozen=True, slots=True)
class CaseOpened(Event):
    """A case has entered the loop."""

    type: ClassVar[str] = "case.opened"

    case_id: str
    number: str
    version: int
    verb: str
    to_state: str

    @property
    def aggregate(self) -> str:
        """Events of one case come in order."""
        return f"case:{self.case_id}"


@dataclass(frozen=True, slots=True)
class CaseAdvanced(Event):
    """A case has taken a step; the state may have stayed the same (a request)."""

    type: ClassVar[str] = "case.advanced"

    case_id: str
    number: str
    version: int
    verb: str
    to_state: str
    from_state: str

    @property
    def aggregate(self) -> str:
        """Events of one case come in order."""
        return f"case:{self.case_id}"


@dataclass(frozen=True, slots=True)
class CategoryChanged(Event):
    """A class of cases has another version of the district's own, or one less."""

    type: ClassVar[str] = "category.changed"

    key: str
    version: int

    @property
    def aggregate(self) -> str:
        """The class."""
        return f"category:{self.key}"


@dataclass(frozen=True, slots=True)
class LifecyclePublished(Event):
    """A version of the lifecycle was published, or withdrawn before its day."""

    type: ClassVar[str] = "lifecycle.published"

    version: int
    valid_from: date
    withdrawn: bool

    @property
    def aggregate(self) -> str:
        """The lifecycle of this district."""
        return "lifecycle:cases"
