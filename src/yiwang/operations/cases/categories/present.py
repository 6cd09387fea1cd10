"""Classes, their versions and their differences as the wire shows them."""

from datetime import date
from typing import Any

from yiwang.core import clock
from yiwang.core.codes.declare import Label
from yiwang.core.errors import NotFound
from yiwang.operations.cases.categories import rules as category_rules
from yiwang.operations.cases.categories.models import SCHEME, Category, FilingCondition
from yiwang.operations.cases.categories.queries import limit_json, version_name
from yiwang.operations.cases.categories.search import synonyms_in

WITHDRAWN, PLANNED, PAST, IN_FORCE = "withdrawn", "planned", "past", "in_force"


def described(row: Category) -> dict[str, Any]:
    """A class as it holds, with its conditions, for forms and filters."""
    codes = {code.scheme: code.code for code in row.codes.all()}
    return {
        "key": row.key,
        "kind": row.kind,
        "zh": row.name_zh,
        "en": row.name_en,
        "major": {"code": row.major_code, "zh": row.major_name_zh, "en": row.major_name_en},
        "code": codes.get(SCHEME),
        "codes": codes,
        "origin": row.origin,
        "source": {"zh": row.source, "en": row.source_en},
        "confidence": row.confidence,
        "usual_unit": row.usual_unit,
        "edition": row.edition,
        "version": row.version,
        "conditions": [condition(item) for item in row.conditions.all()],
        "requests": row.requests,
        "search": row.search,
    }


def condition(row: FilingCondition) -> dict[str, Any]:
    """A row of the filing table with its limits."""
    return {
        "id": row.pk,
        "no": row.no,
        "text": {"zh": row.text_zh, "en": row.text_en},
        "limit": limit_json(row.limit_kind, row.limit_amount),
        "area_limits": {
            limit.area_class: limit_json(limit.limit_kind, limit.limit_amount)
            for limit in row.area_limits.all()
        },
        "handling": {"zh": row.handling_zh, "en": row.handling_en},
        "closing": {"zh": row.closing_zh, "en": row.closing_en},
        "confidence": row.confidence,
        "source": row.source,
    }


def detail(rows: list[Category]) -> dict[str, Any]:
    """A class with all its versions, as `category_queries.versions` gives them."""
    today = clock.today()
    holding = next((row for row in rows if _state(row, rows, today) in (IN_FORCE, "shipped")), rows[0])
    whole = described(holding)
    same = ("key", "kind", "major", "code", "codes", "origin", "source", "confidence")
    return {
        **{name: whole[name] for name in same},
        "version": rows[0].version,
        "versions": [_version(row, _state(row, rows, today)) for row in rows],
        "newer_edition": newer_edition(_newest_local(rows), rows),
    }


def _version(row: Category, state: str) -> dict[str, Any]:
    name = Label(row.name_zh, row.name_en)
    return {
        "edition": row.edition,
        "version": row.version,
        "name_of_version": version_name(row),
        "state": state,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "based_on": row.based_on,
        "note": row.note,
        "made_by": row.made_by_name,
        "changed_at": row.changed_at,
        "name": {"zh": name.zh, "en": name.en},
        "usual_unit": row.usual_unit,
        "synonyms": synonyms_in(row.search, name),
        "active": row.active,
        "conditions": [condition(item) for item in row.conditions.all()],
        "requests": row.requests,
    }


def _state(row: Category, rows: list[Category], today: date) -> str:
    if not row.version:
        local = any(_state_in_time(r, today) == IN_FORCE for r in rows if r.version)
        newest = max((r.rank for r in rows if not r.version), default=0)
        return "superseded" if local or row.rank < newest else "shipped"
    return _state_in_time(row, today)


def _state_in_time(row: Category, today: date) -> str:
    if row.withdrawn_at is not None:
        return WITHDRAWN
    if row.valid_from is not None and row.valid_from > today:
        return PLANNED
    return PAST if row.valid_to is not None and row.valid_to <= today else IN_FORCE


def local_rows() -> list[dict[str, Any]]:
    """Each class with a local version, told by the version that holds, is planned, or was the last."""
    today = clock.today()
    by_key: dict[str, list[Category]] = {}
    for row in Category.objects.order_by("key", "-version", "-rank"):
        by_key.setdefault(row.key, []).append(row)
    rows = [(_newest_local(versions), versions) for versions in by_key.values() if versions[0].version]
    rows.sort(key=lambda pair: pair[0].changed_at if pair[0] else clock.now(), reverse=True)
    return [_local_row(row, versions, today) for row, versions in rows if row is not None]


def _local_row(row: Category, versions: list[Category], today: date) -> dict[str, Any]:
    return {
        "key": row.key,
        "zh": row.name_zh,
        "en": row.name_en,
        "kind": row.kind,
        "state": _state_in_time(row, today),
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "version": row.version,
        "based_on": row.based_on,
        "newer_edition": newer_edition(row, versions),
        "made_by": row.made_by_name,
        "note": row.note,
    }


def newer_edition(local: Category | None, rows: list[Category]) -> str | None:
    """The newest shipped edition when it came after the one that the local version was made from."""
    shipped = next((row for row in rows if not row.version), None)
    if local is None or shipped is None or local.withdrawn_at is not None:
        return None
    return shipped.edition if shipped.edition != local.based_on else None


def difference(rows: list[Category]) -> dict[str, Any]:
    """The local version that holds, or is planned, against the newest shipped edition.

    Raises: NotFound `no_local_version`, `nothing_shipped` when there is nothing to compare.
    """
    local = _newest_local(rows)
    shipped = next((row for row in rows if not row.version), None)
    if local is None or local.withdrawn_at is not None:
        raise NotFound("no_local_version", "这个类别没有本地版本。")
    if shipped is None:
        raise NotFound("nothing_shipped", "这是本区自定的类别，没有标准版可比。")
    base = next((row for row in rows if not row.version and row.edition == local.based_on), None)
    told = [None if row is None else _version(row, "") for row in (local, shipped, base)]
    return {
        "local": version_name(local),
        "shipped": shipped.edition,
        "based_on": local.based_on,
        "newer": shipped.edition != local.based_on,
        "changes": category_rules.changes(told[0] or {}, told[1] or {}, told[2]),
    }


def _newest_local(rows: list[Category]) -> Category | None:
    local = [row for row in rows if row.version]
    return next((row for row in local if row.withdrawn_at is None), local[0] if local else None)
