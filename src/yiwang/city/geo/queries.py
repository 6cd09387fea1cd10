"""The reads of this room: what stands at a point, names of areas, layers of the map."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

import numpy as np
import shapely

from yiwang.city.geo.arrays import Floats, Geometries
from yiwang.city.geo.coordinates import to_wgs84
from yiwang.city.geo.duties import (
    GridDistance,
    duty_grid_names,
    grids_of,
    nearest_of_grids,
    people_of_unit_grid,
)
from yiwang.city.geo.layers import MOST_FEATURES, Box, LayerName, detail, features
from yiwang.city.geo.models import Area, Edition, UnitGrid
from yiwang.city.geo.place_book import PlaceBook
from yiwang.city.geo.place_index import PlaceIndex
from yiwang.city.geo.places import DutyPerson, Named, Place, find_place
from yiwang.city.geo.sketch import Ring, Shape, Sketch, around
from yiwang.city.geo.validity import valid_on
from yiwang.core import clock

__all__ = [
    "DutyPerson",
    "GridDistance",
    "GridFinder",
    "Named",
    "Place",
    "PlaceBook",
    "Ring",
    "Shape",
    "Sketch",
    "area_names",
    "areas",
    "duty_grid_names",
    "edition_number",
    "grid_finder",
    "grids_of",
    "layer",
    "locate",
    "locate_many",
    "nearest_of_grids",
    "people_of_unit_grid",
    "sketch",
    "to_wgs84",
]


class GridFinder:
    """Unit-grid codes by points (WGS 84, degrees); answers as `locate` does, without asking the database."""

    def __init__(self, codes: Sequence[str], cells: Geometries) -> None:
        self._index = PlaceIndex(cells)
        self._codes: list[str | None] = [*codes, None]  # the last for OUTSIDE, which is -1
        self._codes_array = np.array(self._codes, dtype=object)

    def find(self, lon: float, lat: float) -> str | None:
        """The unit grid at a point; None outside the district."""
        return self._codes[self._index.find(lon, lat)]

    def find_many(self, lons: Sequence[float] | Floats, lats: Sequence[float] | Floats) -> list[str | None]:
        """The unit grid at each point; None outside the district."""
        found = self._index.find_many(np.asarray(lons, dtype=np.float64), np.asarray(lats, dtype=np.float64))
        codes: list[str | None] = self._codes_array[found].tolist()
        return codes


def locate(lon: float, lat: float, *, day: date | None = None) -> Place | None:
    """What stands at a point (WGS 84, degrees) on a day, by default today; None outside the district.

    One indexed query. A point on a common border belongs to the grid with the lowest code.
    """
    return find_place(lon, lat, day or clock.today())


def locate_many(
    lons: Sequence[float] | Floats, lats: Sequence[float] | Floats, *, day: date | None = None
) -> list[str | None]:
    """The unit-grid code of each point (WGS 84, degrees) on a day; None outside the district.

    The code's prefixes are community (12), street (9) and district (6).
    """
    return grid_finder(day=day).find_many(lons, lats)


def grid_finder(*, day: date | None = None) -> GridFinder:
    """The unit grids of a day in memory, for streams of points: to be asked for anew with each batch.

    Takes a second after a change of the map and one small query else.
    """
    return _grid_finder(day or clock.today(), edition_number())


def areas(*, day: date | None = None) -> tuple[Area, ...]:
    """Divisions without their geometry, parents before children, in the order of their codes."""
    rows = Area.objects.filter(valid_on(day or clock.today())).defer("geometry").order_by("code")
    return tuple(sorted(rows, key=lambda area: (len(area.code), area.code)))


def area_names() -> Mapping[str, Named]:
    """Every division's name by its code, ended ones too; kept in memory, so that a list needs one small query."""
    return _names(edition_number())


def layer(name: LayerName, *, zoom: int | None, box: Box | None, day: date, edition: int) -> bytes:
    """A layer's features in a box as a GeoJSON FeatureCollection (EPSG:4326), as detailed as `zoom` (0 to 22,
    None for all there is) needs. `truncated` is true when there were more than MOST_FEATURES."""
    return features(name, detail(zoom), day, edition).within(box, MOST_FEATURES)


def sketch(lon: float, lat: float, unit_grid: str, *, reach_m: float = 450) -> Sketch:
    """The shapes of today around a point (WGS 84, degrees), for a sketch on paper; three queries."""
    return around(lon, lat, unit_grid, reach_m, day=clock.today(), edition=edition_number())


def edition_number() -> int:
    """A number that grows with every change of the map; 0 before the first load."""
    return Edition.objects.filter(pk=1).values_list("number", flat=True).first() or 0


@lru_cache(maxsize=2)
def _grid_finder(day: date, edition: int) -> GridFinder:
    rows = UnitGrid.objects.filter(valid_on(day)).order_by("code").values_list("code", "geometry")
    found = [(code, bytes(shape.wkb)) for code, shape in rows]
    return GridFinder([code for code, _ in found], shapely.from_wkb([shape for _, shape in found]))


@lru_cache(maxsize=2)
def _names(edition: int) -> Mapping[str, Named]:
    return {row[0]: Named(*row) for row in Area.objects.values_list("code", "name", "name_en")}
