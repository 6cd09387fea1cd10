"""The operation log in words: how acts, objects and fields are called, and whom or what an id stands for."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from yiwang.city.geo.queries import area_names
from yiwang.core.accounts import access as accounts
from yiwang.core.accounts.models import Assignment, Post, Role, Unit
from yiwang.core.actor import Actor
from yiwang.core.codes import queries as codes
from yiwang.core.errors import DomainError
from yiwang.core.exporting import exported
from yiwang.core.parameters.declare import declared
from yiwang.operations.cases import access as cases
from yiwang.operations.cases import queries as lifecycles
from yiwang.operations.cases.models import Category

Label = dict[str, str]
Labels = dict[str, Label]
WORDS = Path(__file__).with_name("audit_words.json")
VIEW_UNIT = "accounts.view_unit"


def words() -> dict[str, Labels]:
    """`actions`, `objects`, `fields` and `values` by their keys, and the `states` of cases."""
    steps: Labels = {}
    states: Labels = {}
    for table in reversed(lifecycles.living_tables()):
        steps |= {f"cases.{row.verb}": dict(row.label) for row in table.transitions}
        states |= {key: dict(state.label) for key, state in table.states.items()}
    shipped = _shipped()
    return {**shipped, "actions": {**steps, **shipped["actions"]}, "states": states}


@cache
def _shipped() -> dict[str, Labels]:
    raw = json.loads(WORDS.read_text(encoding="utf-8"))
    return {kind: {key: _label(*pair) for key, pair in items.items()} for kind, items in raw.items()}


def names(actor: Actor, refs: Iterable[str]) -> Labels:
    """What `user:<id>`, `case:<id>`, `unit:5` … are called, for as many as the reader may see."""
    asked: dict[str, set[str]] = {}
    for ref in refs:
        kind, _, key = ref.partition(":")
        asked.setdefault(kind, set()).add(key)
    found: Labels = {}
    for kind, keys in asked.items():
        if kind in NAMED:
            found |= {f"{kind}:{key}": label for key, label in NAMED[kind](actor, keys)}
    return found


Named = Iterable[tuple[str, Label]]


def _label(zh: str, en: str = "") -> Label:
    return {"zh": zh, "en": en or zh}


def _uuids(keys: Iterable[str]) -> list[UUID]:
    found = []
    for key in keys:
        try:
            found.append(UUID(key))
        except ValueError:
            continue
    return found


def _numbers(keys: Iterable[str]) -> list[int]:
    return [int(key) for key in keys if key.isascii() and key.isdecimal() and len(key) < 19]


def _people(actor: Actor, keys: Collection[str]) -> Named:
    rows = accounts.list_people_for(actor).filter(pk__in=_uuids(keys))
    return ((str(row.pk), _label(row.name)) for row in rows)


def _cases(actor: Actor, keys: Collection[str]) -> Named:
    rows = cases.list_cases_for(actor).filter(pk__in=_uuids(keys))
    return ((str(key), _label(number)) for key, number in rows.values_list("pk", "number"))


def _units(actor: Actor, keys: Collection[str]) -> Named:
    rows = Unit.objects.filter(pk__in=_numbers(keys)) if actor.can(VIEW_UNIT) else ()
    return ((str(row.pk), _label(row.short_name, row.name_en)) for row in rows)


def _posts(actor: Actor, keys: Collection[str]) -> Named:
    rows = Post.objects.filter(pk__in=_numbers(keys)).select_related("unit") if actor.can(VIEW_UNIT) else ()
    return (
        (
            str(row.pk),
            _label(f"{row.unit.short_name} {row.name}", f"{row.unit.name_en}: {row.name_en or row.name}"),
        )
        for row in rows
    )


def _assignments(actor: Actor, keys: Collection[str]) -> Named:
    seen = accounts.list_people_for(actor).values("pk")
    rows = Assignment.objects.filter(pk__in=_numbers(keys), user__in=seen).select_related("user", "post")
    return (
        (
            str(row.pk),
            _label(
                f"{row.user.name} {row.post.name}", f"{row.user.name}, {row.post.name_en or row.post.name}"
            ),
        )
        for row in rows
    )


def _roles(actor: Actor, keys: Collection[str]) -> Named:
    return ((row.key, _label(row.name, row.name_en)) for row in Role.objects.filter(key__in=keys))


def _categories(actor: Actor, keys: Collection[str]) -> Named:
    rows = Category.objects.filter(key__in=keys).order_by("version", "rank")
    return ((row.key, _label(row.name_zh, row.name_en)) for row in rows)


def _areas(actor: Actor, keys: Collection[str]) -> Named:
    known = area_names()
    return ((key, _label(known[key].name)) for key in keys if key in known)


def _parameters(actor: Actor, keys: Collection[str]) -> Named:
    return ((one.key, dict(one.label)) for one in declared() if one.key in keys)


def _codes(actor: Actor, keys: Collection[str]) -> Named:
    """Tables by name, codes by the name of their table and their own."""
    for key in keys:
        table, _, code = key.partition(":")
        found = _table(table)
        one = found.find(code) if found else None
        if found and one:
            yield key, _label(f"{found.name.zh} · {one.zh}", f"{found.name.en}: {one.en}")
        elif found and not code:
            yield key, _label(found.name.zh, found.name.en)


def _values(actor: Actor, keys: Collection[str]) -> Named:
    """Codes by their own name alone, for lists of one table."""
    tables = {name: _table(name) for name in {key.partition(":")[0] for key in keys}}
    for key in keys:
        table, _, code = key.partition(":")
        found = tables[table]
        if found and (one := found.find(code)):
            yield key, _label(one.zh, one.en)


def _table(key: str) -> codes.Table | None:
    try:
        return codes.table(key)
    except DomainError:
        return None


def _lists(actor: Actor, keys: Collection[str]) -> Named:
    known = exported()
    return ((key, _label(known[key].zh, known[key].en)) for key in keys if key in known)


NAMED: Mapping[str, Callable[[Actor, Collection[str]], Named]] = {
    "user": _people,
    "case": _cases,
    "unit": _units,
    "post": _posts,
    "assignment": _assignments,
    "role": _roles,
    "category": _categories,
    "area": _areas,
    "parameter": _parameters,
    "code": _codes,
    "code_table": _codes,
    "value": _values,
    "list": _lists,
}


def said(labels: Mapping[str, Any], key: str) -> Label:
    """A key in words; the key itself where it has none."""
    label: Label = labels.get(key) or _label(key)
    return label
