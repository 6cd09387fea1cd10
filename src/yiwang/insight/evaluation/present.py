"""Evaluation as it is said to clients."""

from dataclasses import asdict
from typing import Any

from yiwang.insight.evaluation.indicators import INDICATORS, Indicator
from yiwang.insight.evaluation.models import HandlingFact
from yiwang.insight.evaluation.queries import Board, Figures, Row, street_name, unit_names
from yiwang.operations.cases import queries as cases


def board(found: Board) -> dict[str, Any]:
    """All of a board; streets by name, units by how much is due, those without a unit last."""
    names = unit_names(found.units)
    return {
        "indicators": [indicator(one) for one in INDICATORS],
        "period": asdict(found.period),
        "before": asdict(found.period.before),
        "until": found.until,
        "figures": _figures(found.all),
        "figures_before": _figures(found.before),
        "days": [{"day": day, "figures": _figures(found.days[day])} for day in sorted(found.days)],
        "streets": [
            {"code": code, "name": street_name(code), "figures": _figures(found.streets[code])}
            for code in sorted(found.streets)
        ],
        "units": [
            {"id": key, "name": names.get(key, "") if key else "", "figures": _figures(found.units[key])}
            for key in sorted(found.units, key=lambda unit: (unit is None, unit))
        ],
    }


def indicator(one: Indicator) -> dict[str, Any]:
    """How an indicator is defined."""
    return {
        "key": one.key,
        "name": one.name,
        "formula": one.formula,
        "kind": one.kind.value,
        "subject": one.subject.value,
        "better": one.better,
        "by_day": not one.is_standing,
    }


def _figures(figures: Figures) -> dict[str, dict[str, int | None]]:
    return {key: {"value": figure.value, "of": figure.of} for key, figure in figures.items()}


def row(found: Row) -> dict[str, Any]:
    """One row of the list behind a figure."""
    case, fact = found.case, found.fact
    place = case.place
    return {
        "id": fact.pk,
        "case_id": case.pk,
        "number": case.number,
        "category": {"zh": case.category.name_zh, "en": case.category.name_en},
        "description": case.description,
        "address": case.address,
        "street": (place.get("street") or {}).get("name", ""),
        "community": (place.get("community") or {}).get("name", ""),
        "state": case.state,
        "state_label": cases.table(case.lifecycle_id).states[case.state].label,
        "unit": found.unit,
        "at": found.at,
        "due_at": fact.due_at if isinstance(fact, HandlingFact) else None,
        "done_at": fact.done_at if isinstance(fact, HandlingFact) else fact.handled_at,
        "is_hit": found.is_hit,
    }
