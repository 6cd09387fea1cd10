"""The classes of cases as they hold on a day."""

from datetime import date

from django.db.models import Count, Max, Q, QuerySet

from yiwang.core import clock
from yiwang.core.errors import Invalid
from yiwang.operations.cases.category_models import VISION_SCHEME, Category, CategoryCode


def current_categories(on: date | None = None) -> list[Category]:
    """Every class that can be chosen on `on` (today when None), with codes and conditions; three queries.

    Per key a local version in force wins, then the newest shipped edition. Order: kind, major, minor code.
    """
    chosen = _in_force(on).prefetch_related("conditions", "codes")
    return sorted((row for row in chosen if row.active), key=_order)


def current_category(key: str) -> Category:
    """The class of that key as it holds today. Raises: Invalid `unknown_category`."""
    row = _in_force(None).filter(key=key).first()
    if row is None or not row.active:
        raise Invalid("unknown_category", "没有这个案件类别。", field="category", category=key)
    return row


def category_for_vision_class(code: str) -> Category | None:
    """The class that a machine-vision class stands for today; None when it has none."""
    keys = CategoryCode.objects.filter(scheme=VISION_SCHEME, code=code).values("category__key")
    return next((row for row in _in_force(None).filter(key__in=keys) if row.active), None)


def stamp() -> str:
    """Changes whenever the current categories may have: cheap enough to be asked for every request."""
    figures = Category.objects.aggregate(rows=Count("pk"), newest=Max("pk"), ends=Max("valid_to"))
    return f"{clock.today()}-{figures['rows']}-{figures['newest']}-{figures['ends']}"


def _in_force(on: date | None) -> QuerySet[Category]:
    day = on or clock.today()
    local = Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    rows = Category.objects.filter(Q(version=0) | local)
    return rows.order_by("key", "-version", "-rank").distinct("key")


def _order(row: Category) -> tuple[str, str, bool, str, str]:
    return (row.kind, row.major_code, row.minor_code is None, row.minor_code or "", row.key)
