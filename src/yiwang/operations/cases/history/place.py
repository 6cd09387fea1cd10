"""Where a past case lies: what stands at its point; or an area alone, where the point is not known."""

from dataclasses import dataclass
from typing import Any

from yiwang.city.geo import queries as geo
from yiwang.city.geo.models import Area
from yiwang.city.geo.queries import Place
from yiwang.core.errors import Invalid
from yiwang.operations.cases.actions import place_facts

GRID_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Laid:
    """A case's place: lon/lat (EPSG:4326), the 15-digit area code, the facts that the case keeps, an address."""

    lon: float
    lat: float
    area_code: str
    facts: dict[str, Any]
    address: str

    @classmethod
    def at(cls, lon: float, lat: float, place: Place) -> "Laid":
        """At a point of the district."""
        address = f"{place.street.name}{place.community.name}"
        return cls(lon, lat, place.unit_grid, place_facts(place), address)


def somewhere_in(code: str) -> Laid:
    """Somewhere in an area, a point inside standing for it; `facts["unknown"]` says so, and no grid has its code.

    Raises Invalid `unknown_area`.
    """
    area = Area.objects.filter(code=code).first()
    if area is None:
        raise Invalid("unknown_area", f"没有区域 {code}。", field="area")
    names = geo.area_names()
    point = area.geometry.point_on_surface
    facts: dict[str, Any] = {"unknown": True, "unit_grid": code.ljust(GRID_DIGITS, "0")}
    for level, digits in (("district", 6), ("street", 9), ("community", 12)):
        part = names.get(code[:digits]) if len(code) >= digits else None
        facts[level] = {"code": part.code, "name": part.name, "name_en": part.name_en} if part else None
    facts |= {
        "duty_grid": None,
        "duty_person": None,
        "managing_body": None,
        "area_class": area.management_class,
    }
    return Laid(point.x, point.y, code.ljust(GRID_DIGITS, "0"), facts, f"{area.name}（具体位置不详）")
