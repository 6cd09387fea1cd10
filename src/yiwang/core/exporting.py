"""How a room's exporting.py says which of its lists can be written out: `EXPORTED = (ExportedList(...), ...)`.

It stands below the rooms because each of them may declare; `core.exports` does the writing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from pydantic import TypeAdapter, ValidationError

from yiwang.core.actor import Actor
from yiwang.core.errors import Invalid
from yiwang.core.http.routes import allows
from yiwang.core.registry import in_rooms

Cell = str | int | float | bool | datetime | date | None
Row = Sequence[Cell]
CHUNK = 2000


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
class Words:
    """The language of a table, and what its cells look up once for all rows (`once`)."""

    language: str
    kept: dict[str, Any] = field(default_factory=dict)

    def either(self, zh: str, en: str) -> str:
        """The word in the person's language; the Chinese one where there is no other."""
        return zh if self.language == "zh" else en or zh

    def label(self, label: Mapping[str, str]) -> str:
        """A label {zh, en} in the person's language."""
        return self.either(label["zh"], label["en"])

    def of(self, words: Mapping[str, tuple[str, str]], key: str | None) -> str | None:
        """A key in words; the key itself where it has none."""
        return self.either(*words[key]) if key is not None and key in words else key

    def once(self, key: str, look_up: Callable[[], Any]) -> Any:
        """What `look_up` gives, asked for once."""
        if key not in self.kept:
            self.kept[key] = look_up()
        return self.kept[key]


Cells = tuple[tuple[Column, Callable[[Any, Words], Cell]], ...]


def as_found(actor: Actor, asked: Any, rows: list[Any]) -> Iterable[Any]:
    """Rows that are shown as they are found."""
    return rows


class Computed:
    """All of a short list, computed when it is first counted or gone through."""

    def __init__(self, compute: Callable[[], Sequence[Any]]) -> None:
        self._compute = compute

    @cached_property
    def rows(self) -> Sequence[Any]:
        """In order."""
        return self._compute()


@dataclass(frozen=True, slots=True)
class ExportedList:
    """A list that can be written out (`key` as of saved views, `cases.list`), for whoever its own route lets in.

    `asked` is the query of that route. `find` gives the rows in order, on the data scope of the actor: a queryset, or
    a short list that is computed later; it raises Invalid for what the list would refuse. `sorts` are the columns that
    it can be put in order by instead of its own (`name`, `-name`; at most `most_sorts` at once). `shown` makes of some
    of them what the screen shows, and `cells` says what of that stands in which column.
    """

    key: str
    zh: str
    en: str
    permission: str
    cells: Cells
    asked: type[Any]
    find: Callable[[Actor, Any, str], QuerySet[Any, Any] | Computed]
    shown: Callable[[Actor, Any, list[Any]], Iterable[Any]] = as_found
    sorts: frozenset[str] = frozenset()
    most_sorts: int = 1

    @property
    def columns(self) -> tuple[Column, ...]:
        """What it can be written out with."""
        return tuple(column for column, _ in self.cells)

    def is_open_to(self, actor: Actor) -> bool:
        """Whether somebody may see the list at all."""
        return allows(actor, self.permission)

    def found(self, actor: Actor, wanted: Wanted) -> "Found":
        """The rows that somebody wants. Raises Invalid for a query or an order that the list would refuse."""
        keys = [key.removeprefix("-") for key in wanted.sort.split(",")] if wanted.sort else []
        if len(keys) > self.most_sorts or not set(keys) <= self.sorts:
            raise Invalid("unknown_sort", "不能按这一列排序。", field="sort", allowed=sorted(self.sorts))
        try:
            asked = TypeAdapter(self.asked).validate_python(dict(wanted.query))
        except ValidationError as error:
            at = ".".join(str(part) for part in error.errors()[0]["loc"])
            raise Invalid("bad_filter", "筛选条件不对。", field=at) from error
        return Found(self, actor, wanted, asked, self.find(actor, asked, wanted.sort))


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of a list for somebody; no row is read before they are counted or gone through."""

    listed: ExportedList
    actor: Actor
    wanted: Wanted
    asked: Any
    raw: QuerySet[Any, Any] | Computed

    def count(self) -> int:
        """How many there are now."""
        return self.raw.count() if isinstance(self.raw, QuerySet) else len(self.raw.rows)

    def rows(self) -> Iterator[Row]:
        """Each with the cells of the wanted columns; read through a cursor of the server, some at a time."""
        words = Words(self.wanted.language)
        by_key = {column.key: cell for column, cell in self.listed.cells}
        cells = [by_key[key] for key in self.wanted.columns]
        raw = iter(self.raw.iterator(chunk_size=CHUNK) if isinstance(self.raw, QuerySet) else self.raw.rows)
        while some := list(islice(raw, CHUNK)):
            for one in self.listed.shown(self.actor, self.asked, some):
                yield [cell(one, words) for cell in cells]


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
