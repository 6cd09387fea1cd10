"""The classes of cases as they hold on a day, and the rulebook that they make together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from yiwang.core import clock
from yiwang.core.errors import Invalid, NotFound
from yiwang.core.prepared import Prepared
from yiwang.operations.cases.categories.models import VISION_SCHEME, Category, CategoryCode, FilingCondition


def current_categories(on: date | None = None) -> list[Category]:
    """Every class that can be chosen on `on` (today when None), with codes, conditions and limits; four queries.

    Per key a local version in force wins, then the newest shipped edition. Order: kind, major, minor code.
    """
    chosen = _whole(_in_force(on))
    return sorted((row for row in chosen if row.active), key=_order)


def current_category(key: str) -> Category:
    """The class of that key as it holds today. Raises: Invalid `unknown_category`."""
    row = CLASS.first(key, clock.today())
    if row is None or not row.active:
        raise Invalid("unknown_category", "没有这个案件类别。", field="category", category=key)
    return row


def category_for_vision_class(code: str) -> Category | None:
    """The class that a machine-vision class stands for today; None when it has none."""
    keys = CategoryCode.objects.filter(scheme=VISION_SCHEME, code=code).values("category__key")
    return next((row for row in _in_force(None).filter(key__in=keys) if row.active), None)


def stamp() -> str:
    """Changes whenever the current categories may have: cheap enough to be asked for every request."""
    with connection.cursor() as cursor:
        cursor.execute("select count(*), max(id), max(changed_at) from cases_category")
        rows, newest, changed = cursor.fetchone()
    return f"{clock.today()}-{rows}-{newest}-{changed.timestamp() if changed else 0}"


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Every class as it holds on a day, by its key, in memory: for streams of cases."""

    on: date
    classes: Mapping[str, Category]

    def version_of(self, category: Category) -> Category:
        """The version of a case's class that holds; the case's own when the class is given up."""
        row = self.classes.get(category.key)
        return row if row is not None and row.active else category

    def conditions(self, category: Category, area_class: str | None) -> list[dict[str, Any]]:
        """The conditions that a case of this class may be registered under, with the limits for its area.

        Each: what `snapshot` gives, with `id`, `no` and `confidence`.
        """
        row = self.version_of(category)
        return [
            {"id": c.pk, "no": c.no, "confidence": c.confidence, **_snapshot(row, c, area_class)}
            for c in row.conditions.all()
        ]

    def condition_ids(self, category: Category) -> frozenset[int]:
        """The conditions that a case of this class may be registered under."""
        return frozenset(row.pk for row in self.version_of(category).conditions.all())

    def snapshot(
        self, condition_id: int | None, category: Category, area_class: str | None
    ) -> dict[str, Any]:
        """What a case keeps when it is registered under a condition: the rules of that day, for good.

        `{text, limit {kind, amount}, handling, closing, source, area_class, version, requests}`: the limit is the one
        of the area's management class where the row has one; `version` names the edition, "local 3" the third local
        version; `requests` is what the class makes stricter (`category_rules.stricter`).
        Raises: Invalid `unknown_condition` when the condition is not one of the class's version that holds on the day.
        Source: GB/T 30428.8, shape of the filing row; area classes after CJ/T 315.
        """
        row = self.version_of(category)
        condition = next((c for c in row.conditions.all() if c.pk == condition_id), None)
        if condition is None:
            raise Invalid("unknown_condition", "立案条件不属于这个案件类别。", field="condition_id")
        return _snapshot(row, condition, area_class)


def rulebook(on: date | None = None) -> Rulebook:
    """The rulebook of a day (today when None), from this process's memory: one small query."""
    return _rulebook(stamp(), on or clock.today())


def versions(key: str) -> list[Category]:
    """All versions of a class: local ones first, the newest first, withdrawn ones too; then the shipped editions.

    Raises: NotFound `unknown_category`.
    """
    found = list(_whole(Category.objects.filter(key=key).order_by("-version", "-rank")))
    if not found:
        raise NotFound("unknown_category", "没有这个案件类别。", category=key)
    return found


def limit_json(kind: str, amount: Any) -> dict[str, str]:
    """A limit as it is kept and shown: {kind, amount} with the amount's shortest decimal form."""
    return {"kind": str(kind), "amount": f"{amount.normalize():f}"}


def _snapshot(row: Category, condition: FilingCondition, area_class: str | None) -> dict[str, Any]:
    limits = {limit.area_class: limit for limit in condition.area_limits.all()}
    fitting = limits.get(area_class or "", condition)
    return {
        "text": {"zh": condition.text_zh, "en": condition.text_en},
        "limit": limit_json(fitting.limit_kind, fitting.limit_amount),
        "handling": {"zh": condition.handling_zh, "en": condition.handling_en},
        "closing": {"zh": condition.closing_zh, "en": condition.closing_en},
        "source": condition.source,
        "area_class": area_class,
        "version": version_name(row),
        "requests": row.requests,
    }


def version_name(row: Category) -> str:
    """The edition of a shipped row; "local 3" for the third local version."""
    return f"{row.edition} {row.version}" if row.version else row.edition


@lru_cache(maxsize=4)
def _rulebook(stamp: str, on: date) -> Rulebook:
    return Rulebook(on, {row.key: row for row in _whole(_in_force(on))})


def _whole(rows: QuerySet[Category]) -> QuerySet[Category]:
    return rows.prefetch_related("codes", "conditions__area_limits")


def _in_force(on: date | None) -> QuerySet[Category]:
    day = on or clock.today()
    local = Q(withdrawn_at__isnull=True, valid_from__lte=day) & (
        Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    )
    rows = Category.objects.filter(Q(version=0) | local)
    return rows.order_by("key", "-version", "-rank").distinct("key")


CLASS = Prepared(lambda key, day: _in_force(day).filter(key=key), "\uffff", date.max)


def _order(row: Category) -> tuple[str, str, bool, str, str]:
    return (row.kind, row.major_code, row.minor_code is None, row.minor_code or "", row.key)
