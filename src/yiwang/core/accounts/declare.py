"""What other rooms tell this one: how much of theirs hangs on a unit, so that it is known before a unit goes; and by
which part of an assignment somebody sees an object of theirs, so that it can be explained."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from yiwang.core.actor import Actor, Scope
from yiwang.core.registry import in_rooms

Count = Callable[[Collection[int]], int]


@dataclass(frozen=True, slots=True)
class Concern:
    """Something of a room's that hangs on units: `key` is `room.things`, `count` takes the units' ids.

    With `is_open_work` a unit that has any cannot be closed without a successor to take it over.
    """

    key: str
    label: dict[str, str]
    count: Count
    is_open_work: bool = False


@cache
def concerns() -> tuple[Concern, ...]:
    """Every concern that a room declares as CONCERNS in its `concerns` module, in the order of the rooms."""
    return tuple(concern for declared in in_rooms("concerns", "CONCERNS") for concern in declared)


@dataclass(frozen=True, slots=True)
class Covered:
    """By what an assignment covers an object: the unit of a task, an area's code; empty where not by that."""

    unit: str = ""
    area: str = ""

    @property
    def is_covered(self) -> bool:
        """Whether by either."""
        return bool(self.unit or self.area)


class Explainer(Protocol):
    """What a room answers about who sees its objects of one type (`object_type`), by the predicate of its access."""

    object_type: str
    permission: str

    def find(self, name: str) -> Any | None:
        """The object that people call so; None when there is none."""

    def covered(self, scope: Scope, found: Any) -> Covered:
        """By what the scope covers the object, whatever it permits."""

    def besides(self, actor: Actor, found: Any) -> str:
        """The code of a ground on which the person sees it without any scope; empty when there is none."""


@cache
def _explainers() -> dict[str, Explainer]:
    return {one.object_type: one for one in in_rooms("explaining", "EXPLAINER")}


def explainer(object_type: str) -> Explainer | None:
    """Who explains objects of this type, declared as EXPLAINER in a room's `explaining` module; None: nobody."""
    return _explainers().get(object_type)
