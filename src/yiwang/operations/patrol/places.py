"""Where something of this room stands: its area, its duty grid, its grade of upkeep."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, LineString, Point

from yiwang.city.geo.models import DutyGrid
from yiwang.city.geo.queries import locate
from yiwang.core.errors import Invalid

# The grade of a place whose area has none: the least strict.
GRADE_ELSE = "C"


@dataclass(frozen=True, slots=True)
class Standing:
    """A place: `area_code` is its unit grid (15 digits), `grid_code` its duty grid ("" for none)."""

    shape: GEOSGeometry
    area_code: str
    grid_code: str
    grade: str
    address: str


def standing(shape: GEOSGeometry, *, field: str) -> Standing:
    """Where a point or a line stands; a line by its middle. Raises Invalid `outside_district` on `field`."""
    middle = middle_of(shape)
    place = locate(middle.x, middle.y)
    if place is None:
        raise Invalid("outside_district", "位置不在本区范围内。", field=field)
    grid = place.duty_grid.code if place.duty_grid else ""
    address = f"{place.street.name}{place.community.name}"
    return Standing(shape, place.unit_grid, grid, place.area_class or GRADE_ELSE, address)


def middle_of(shape: Any) -> Point:
    """A point itself, the middle of a line."""
    return shape if isinstance(shape, Point) else shape.interpolate_normalized(0.5)


def grid_standing(grid: DutyGrid) -> Standing:
    """Where a duty grid stands: by a point inside it, but the grid is the one meant."""
    found = standing(grid.geometry.point_on_surface, field="targets")
    return Standing(found.shape, found.area_code, grid.code, found.grade, found.address)


def point(lon: float, lat: float) -> Point:
    """A point, EPSG:4326."""
    return Point(lon, lat, srid=4326)


def line(coordinates: Sequence[Sequence[float]]) -> LineString:
    """A line of lon/lat, EPSG:4326."""
    return LineString([(lon, lat) for lon, lat in coordinates], srid=4326)


def coordinates(shape: Any) -> list[tuple[float, float]]:
    """The lon/lat of a line."""
    return [(at[0], at[1]) for at in shape.coords]
