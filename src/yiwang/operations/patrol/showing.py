"""What several parts of this room show."""

from typing import Any

from yiwang.city.geo.queries import area_names
from yiwang.core.accounts.models import Unit, User
from yiwang.operations.patrol.models import Finding

COMMUNITY = 12


def unit(one: Unit | None) -> dict[str, Any] | None:
    """A unit."""
    return {"id": one.pk, "name": one.short_name} if one else None


def person(one: User | None) -> dict[str, Any] | None:
    """A person."""
    return {"id": one.pk, "name": one.name} if one else None


def area(code: str) -> dict[str, str]:
    """An area and its name; a grid by its community's."""
    found = area_names().get(code[:COMMUNITY])
    return {"code": code, "name": found.name if found else code, "name_en": found.name_en if found else code}


def shape(one: Any) -> dict[str, Any]:
    """A geometry as GeoJSON."""
    return {"type": one.geom_type, "coordinates": one.coords}


def finding(one: Finding) -> dict[str, Any]:
    """A finding with its case."""
    case = one.case
    return {
        "point_id": one.stop_id,
        "case": {
            "id": case.pk,
            "number": case.number,
            "state": case.state,
            "group": case.group,
            "category": case.category.name_zh,
            "category_en": case.category.name_en,
            "address": case.address,
        },
        "handled_at_once": one.handled_at_once,
        "found_by": one.found_by_name,
        "found_at": one.found_at,
    }
