"""How a room's exporting.py says what of it can be written out: `EXPORTED = (ExportedList(...), ...)`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from yiwang.core.actor import Actor
from yiwang.core.errors import Invalid
from yiwang.core.registry import in_rooms

Cell = str | int | float | bool | datetime | date | None
Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, its heading, how wide it is in characters."""

    key: str
    zh: str
    en: str
    width: int = 14


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a list: its query as the list's own route takes it, the order, the columns, the language zh or en."""

    query: Mapping[str, Any]
    sort: str
    columns: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True)
class ExportedList:
    """A list that can be written out (`key` as of saved views, `cases.list`).

    `check` raises Invalid for a query or an order that the list would refuse. `count` says how many rows there are.
    `rows` gives them in order, each with the cells of the wanted columns; it runs in a transaction of its own, on the
    data scope of the actor, and must not hold all rows in memory.
    """

    key: str
    zh: str
    en: str
    permission: str
    columns: tuple[Column, ...]
    check: Callable[[Wanted], None]
    count: Callable[[Actor, Wanted], int]
    rows: Callable[[Actor, Wanted], Iterator[Row]]


@cache
def exported() -> dict[str, ExportedList]:
    """Every list that a room declares, by key."""
    found: dict[str, ExportedList] = {}
    for lists in in_rooms("exporting", "EXPORTED"):
        for one in lists:
            if found.setdefault(one.key, one) is not one:
                raise TypeError(f"two lists are called {one.key!r}")
    return found


def exported_list(key: str) -> ExportedList:
    """One of them. Raises Invalid `unknown_list`."""
    one = exported().get(key)
    if one is None:
        raise Invalid("unknown_list", "这个列表不能导出。", field="list", allowed=sorted(exported()))
    return one
