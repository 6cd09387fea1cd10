"""A person's values go from wherever they were written down: the one door to every room's own words.

Who knows whose values must go (a room above) describes them as an `Erasure` and calls `reach`. Each room that keeps
what people write declares in its erasing.py how it takes them out of its own rows; no room knows which others do.
The values of the audit chain have a way of their own (`core.audit`): its entries never hold them in plain.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BooleanField, Func, Model, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

BATCH = 500


@dataclass(frozen=True, slots=True)
class Erasure:
    """What must go.

    `objects` are what the person had to do with (ids of any room): `mask` goes over every word there. `certain` are
    texts that are the person's wherever they stand (a telephone number, no common name): rows that hold one are
    reached whatever they belong to, except those of `spared` objects, where the same text is somebody's own. `mask`
    takes the person out of a text and leaves every other text as it is. `files` are those of the objects: their names
    are words, too.
    """

    objects: frozenset[UUID]
    certain: tuple[str, ...]
    mask: Callable[[str], str]
    spared: frozenset[UUID] = frozenset()
    files: frozenset[UUID] = frozenset()

    def masked(self, value: Any) -> Any:
        """A text or a JSON document without the person; names of fields count as words, too.

        Numbers in a document are gone over where something of the person is certain: without, they are ids and counts.
        """
        if isinstance(value, str):
            return self.mask(value)
        if isinstance(value, Mapping):
            return {self.mask(key): self.masked(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.masked(item) for item in value]
        if self.certain and _is_whole(value):
            said = self.mask(plain := str(int(value)))
            return value if said == plain else said
        return value


def _is_whole(value: Any) -> bool:
    """Tables give a telephone number as 13900000000.0, too; what has decimals is a place or a measure."""
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return whole and not isinstance(value, bool)


Eraser = Callable[[Erasure], int]
T = TypeVar("T", bound=Eraser)
_erasers: dict[str, Eraser] = {}


def erases(words: str) -> Callable[[T], T]:
    """Let a function of a room's erasing.py answer for that room's `words` (`comments.comment`).

    It runs in the transaction of the erasure and returns how many rows it reached. Raises TypeError when another
    function answers for the same words.
    """

    def register(eraser: T) -> T:
        known = _erasers.setdefault(words, eraser)
        if (known.__module__, known.__qualname__) != (eraser.__module__, eraser.__qualname__):
            raise TypeError(f"two functions erase {words!r}")
        return eraser

    return register


Forgetter = Callable[[UUID], int]
G = TypeVar("G", bound=Forgetter)
_forgetters: dict[str, Forgetter] = {}


def forgets(what: str) -> Callable[[G], G]:
    """Let a function of a room's erasing.py answer for what the room keeps of a person of the staff
    (`fleet.position`): where they were, what they told of themselves. What was done in office stays.

    It runs in the transaction of the erasure and returns how many rows it reached. Raises TypeError when another
    function answers for the same.
    """

    def register(forgetter: G) -> G:
        known = _forgetters.setdefault(what, forgetter)
        if (known.__module__, known.__qualname__) != (forgetter.__module__, forgetter.__qualname__):
            raise TypeError(f"two functions forget {what!r}")
        return forgetter

    return register


def forget(user_id: UUID) -> dict[str, int]:
    """Take what every room keeps of a person of the staff; how many rows of what, none left out.

    Raises RuntimeError outside a transaction: all rooms, or none.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a person is forgotten in one transaction by all rooms")
    reached = {what: forgetter(user_id) for what, forgetter in sorted(_forgetters.items())}
    return {what: count for what, count in reached.items() if count}


def answered() -> tuple[frozenset[str], frozenset[str]]:
    """For which words, and for what of the staff, some room answers."""
    return frozenset(_erasers), frozenset(_forgetters)


def reach(erasure: Erasure) -> dict[str, int]:
    """Take the person out of the rows of every room; how many rows of which words were reached, none left out.

    Raises RuntimeError outside a transaction: all rooms, or none.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a person is erased in one transaction from all rooms")
    reached = {words: eraser(erasure) for words, eraser in sorted(_erasers.items())}
    return {words: count for words, count in reached.items() if count}


def holding(rows: QuerySet[Any], texts: Collection[str], fields: Iterable[str]) -> QuerySet[Any]:
    """Those of some rows in which one of the texts stands, in a text or anywhere in a JSON document.

    Reads every row once: a second for some hundred thousand.
    """
    if not texts:
        return rows.none()
    patterns = Value([f"%{_literal(text)}%" for text in texts], output_field=ArrayField(TextField()))
    wanted = Q(pk__in=[])
    for field in fields:
        wanted |= Q(_LikeAny(Cast(field, TextField()), patterns))
    return rows.filter(wanted)


class _LikeAny(Func):
    """`text LIKE ANY (patterns)`: a document is made a text once for all of them."""

    arg_joiner = " LIKE ANY ("
    template = "(%(expressions)s))"
    output_field = BooleanField()


def _literal(text: str) -> str:
    """Signs that mean something to LIKE stand for themselves."""
    return re.sub(r"([\\%_])", r"\\\1", text)


def mask_rows(rows: QuerySet[Any], fields: tuple[str, ...], erasure: Erasure) -> list[Any]:
    """Write the rows whose fields change by the mask; their keys. The caller says which rows may hold the person.

    Those that do are locked and read again before they are written: what somebody else commits meanwhile is masked, and
    not lost. All others stay free.
    """
    found = rows.only("pk", *fields).order_by("pk").iterator(chunk_size=BATCH)
    held = [row.pk for row in found if _mask_row(row, fields, erasure)]
    changed: list[Any] = []
    for start in range(0, len(held), BATCH):
        changed += _mask_locked(rows.model, held[start : start + BATCH], fields, erasure)
    return changed


def _mask_locked(model: type[Model], keys: list[Any], fields: tuple[str, ...], erasure: Erasure) -> list[Any]:
    rows = model._default_manager.filter(pk__in=keys).only("pk", *fields).order_by("pk")
    changed = [row for row in rows.select_for_update(of=("self",)) if _mask_row(row, fields, erasure)]
    model._default_manager.bulk_update(changed, fields)
    return [row.pk for row in changed]


def _mask_row(row: Model, fields: tuple[str, ...], erasure: Erasure) -> bool:
    before = [getattr(row, field) for field in fields]
    after = [erasure.masked(value) for value in before]
    for field, value in zip(fields, after, strict=True):
        setattr(row, field, value)
    return after != before
