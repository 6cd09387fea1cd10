"""The reads of special inspections: results, figures of the report."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from yiwang.city.geo.queries import area_names
from yiwang.core.actor import Actor
from yiwang.core.forms.queries import form_in_force
from yiwang.core.http.paging import Page, page
from yiwang.operations.patrol import access
from yiwang.operations.patrol.models import Finding, Inspection, Item, Rectification, Stop

STREET = 9
States = Rectification.State
MOST_FAILED = 10


@dataclass(frozen=True, slots=True)
class Result:
    """One of the sample with what came of it."""

    item: Item
    stop: Stop | None
    rectification: Rectification | None
    findings: int


def list_page(
    actor: Actor, *, state: str = "", q: str = "", after: str | None, limit: int
) -> Page[Inspection]:
    """A page of inspections, the newest first."""
    rows = access.inspections_for(actor)
    if state:
        rows = rows.filter(state=state)
    if q:
        rows = rows.filter(name__contains=q)
    return page(rows, keys=("-made_at", "-id"), after=after, limit=limit)


def results(inspection: Inspection) -> list[Result]:
    """The sample in the order of the draw; three queries."""
    return results_of(list(inspection.items.filter(drawn__isnull=False).select_related("unit")))


def results_of(items: Sequence[Item]) -> list[Result]:
    """What came of some of a sample, in their order; two queries."""
    rows = Stop.objects.filter(item__in=items).select_related(
        "task__inspection__unit", "filled__form_version", "rectification__unit"
    )
    stops = {stop.item_id: stop for stop in rows}
    found = Counter(Finding.objects.filter(stop__item__in=items).values_list("stop_id", flat=True))
    made = []
    for item in items:
        stop = stops.get(item.pk)
        made.append(Result(item, stop, rectified(stop), found[stop.pk] if stop else 0))
    return made


def rectified(stop: Stop | None) -> Rectification | None:
    """What was ordered after a stop's result."""
    return getattr(stop, "rectification", None) if stop else None


def figures(inspection: Inspection) -> dict[str, Any]:
    """The figures of a report as JSON: the whole, by unit, by street, and what failed most often.

    A rate has numerator and denominator; a mean score is a fraction of a hundred as "n/d", exact.
    """
    rows = results(inspection)
    names = area_names()

    def street(row: Result) -> str:
        code = row.item.area_code[:STREET]
        return names[code].name if code in names else code

    return {
        "population": inspection.sampling.get("population", 0),
        "whole": _figures(rows),
        "by_unit": _grouped(rows, lambda row: row.item.unit.short_name if row.item.unit else ""),
        "by_street": _grouped(rows, street),
        "failed": _failed(inspection.form, rows),
    }


def _grouped(rows: list[Result], name: Any) -> list[dict[str, Any]]:
    groups: dict[str, list[Result]] = defaultdict(list)
    for row in rows:
        groups[name(row)].append(row)
    return [{"name": key, **_figures(members)} for key, members in sorted(groups.items())]


def _figures(rows: Iterable[Result]) -> dict[str, Any]:
    rows = list(rows)
    done = [row.stop for row in rows if row.stop is not None and row.stop.filled_id is not None]
    percents = [Fraction(score) for stop in done if (score := _percent(stop)) is not None]
    mean = sum(percents, Fraction(0)) / len(percents) if percents else None
    orders = [row.rectification for row in rows if row.rectification is not None]
    return {
        "drawn": len(rows),
        "done": len(done),
        "passed": sum(1 for stop in done if stop.passed),
        "mean": f"{mean.numerator}/{mean.denominator}" if mean is not None else None,
        "findings": sum(row.findings for row in rows),
        "orders": len(orders),
        "rectified": sum(1 for one in orders if one.state == States.PASSED),
    }


def _percent(stop: Stop) -> Fraction | None:
    """The score out of a hundred, exact."""
    score = stop.filled.score if stop.filled else None
    if not score or not Fraction(score["most"]):
        return None
    return Fraction(score["got"]) / Fraction(score["most"]) * 100


def _failed(form: str, rows: Iterable[Result]) -> list[dict[str, Any]]:
    """What failed, the most frequent first, worded as the form of today words it."""
    counted = Counter(
        key for row in rows if row.stop is not None and row.stop.filled for key in row.stop.filled.failed
    )
    fields = {one.key: one.label for one in form_in_force(form).form.fields} if counted else {}
    return [
        {"field": key, "label": fields.get(key) or {"zh": key, "en": key}, "count": count}
        for key, count in counted.most_common(MOST_FAILED)
    ]
