"""Pages by key, not by number: the hundredth page costs what the first one costs, and nothing is shown twice."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable

from yiwang.core.errors import Invalid

Item = TypeVar("Item")

MOST_PER_PAGE = 200
# Counting reads every row that it counts: ten thousand scattered ones cost many times what the page itself does.
COUNT_CAP = 1000


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """The rows of one page, and the cursor of the next one (None at the end)."""

    items: list[Item]
    next: str | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows there are, counted up to a cap: `capped` means "this many and more"."""

    value: int
    capped: bool


def page(
    queryset: QuerySet[Any, Item], *, keys: tuple[str, ...], after: str | None, limit: int = 50
) -> Page[Item]:
    """One page of `queryset` ordered by `keys` (a leading "-" means descending; the last key is unique).

    Its items are rows, or named values that hold the keys.

    Where all keys go the same way one index serves them; where they do not, the first one's index does, and the rest
    is sorted among equals. Each is a field or an annotation of the queryset that is never null. Raises Invalid
    `bad_cursor` when `after` was not made by this list.
    """
    limit = max(1, min(limit, MOST_PER_PAGE))
    names = [key.lstrip("-") for key in keys]
    if after:
        queryset = queryset.filter(_beyond(keys, _values(queryset, names, after)))
    order: list[Combinable | Any] = [
        F(name).desc() if key.startswith("-") else F(name).asc()
        for key, name in zip(keys, names, strict=True)
    ]
    rows = list(queryset.order_by(*order)[: limit + 1])
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(items=rows, next=_cursor(rows[-1], names) if more else None)


def count(queryset: QuerySet[Any]) -> Count:
    """How many rows, without counting beyond the cap."""
    value = queryset.order_by().values("pk")[: COUNT_CAP + 1].count()
    return Count(value=min(value, COUNT_CAP), capped=value > COUNT_CAP)


def _beyond(keys: tuple[str, ...], values: list[Any]) -> Q:
    """Rows after the cursor: (a, b) > (x, y) spelled out for the ORM, led by a bound that the index can use."""
    name, op = keys[0].lstrip("-"), "lt" if keys[0].startswith("-") else "gt"
    if len(keys) == 1:
        return Q(**{f"{name}__{op}": values[0]})
    rest = _beyond(keys[1:], values[1:])
    return Q(**{f"{name}__{op}e": values[0]}) & (Q(**{f"{name}__{op}": values[0]}) | rest)


def _cursor(row: object, names: list[str]) -> str:
    values = [_plain(getattr(row, name)) for name in names]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, int | float | str) else str(value)


def _values(queryset: QuerySet[Any], names: list[str], after: str) -> list[Any]:
    try:
        raw = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        if not isinstance(raw, list) or len(raw) != len(names):
            raise ValueError("wrong shape")
        return [_typed(queryset, name, value) for name, value in zip(names, raw, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError, ValidationError) as error:
        raise Invalid("bad_cursor", "翻页位置无效，请从第一页重新开始。", field="after") from error


def _typed(queryset: QuerySet[Any], name: str, value: object) -> object:
    """The cursor's plain value as the column's own type."""
    annotation = queryset.query.annotations.get(name)
    column = annotation.output_field if annotation is not None else queryset.model._meta.get_field(name)
    typed = column.to_python(value)
    if (
        typed is None or b"\0" in str(typed).encode()
    ):  # what is no UTF-8 (half a character) raises ValueError, too
        raise ValueError("not storable")
    return typed
