"""How a room's searching.py says what of it can be found: `SEARCHERS = (Searcher(...), ...)`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from yiwang.core.actor import Actor
from yiwang.core.registry import in_rooms


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found: its title worded, `line` what tells it from others, `state` worded where it has one."""

    id: str
    title: dict[str, str]
    line: str = ""
    state: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Searcher:
    """Finds objects of a kind (`case`) for who holds a permission; lower `order` stands further up.

    `find` is given the words without spaces around them and how many hits are wanted at most, and returns the best
    first, all of them within the person's data scope.
    """

    kind: str
    order: int
    permission: str
    find: Callable[[Actor, str, int], list[Hit]]


@cache
def searchers() -> tuple[Searcher, ...]:
    """Every searcher that a room declares, in their order."""
    found = (one for declared in in_rooms("searching", "SEARCHERS") for one in declared)
    return tuple(sorted(found, key=lambda one: (one.order, one.kind)))
