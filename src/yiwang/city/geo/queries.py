"""The reads of this room: what stands at a point, names of areas, layers of the map."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

import numpy as np
import shapely

from yiwang.city.geo.layers import MOST_FEATURES, Box, LayerName, detail, features
from yiwang.city.geo.models import Area, Edition, UnitGrid
from yiwang.city.geo.place_index import PlaceIndex
from yiwang.city.geo.places import DutyPerson, Named, Place, find_place
from yiwang.city.geo.validity import valid_on
from yiwang.core.accounts import queries as people

__all__ = [
    "DutyPerson",
    "Named",
    "Place",
    "area_names",
    "areas",
    "edition_number",
    "layer",
    "locate",
    "locate_many",
]


def locate(lon: float, lat: float, *, day: date | None = None) -> Place | None:
    """What stands at a point (WGS 84, degrees) on a day, by default today; None outside the district.

    One indexed query. A point on a common border belongs to the grid with the lowest code.
    """
    return find_place(lon, lat, day or people.today())


def locate_many(lons: Sequence[float], lats: Sequence[float], *, day: date | None = None) -> list[str | None]:
    """The unit-grid code of each point (WGS 84, degrees) on a day; None outside the district.

    Answers as `locate` does, from an index in memory: a second to build after a change of the map, then more
    than a million points per second. The code's prefixes are community (12), street (9) and district (6).
    """
    codes, index = _grid_index(day or people.today(), edition_number())
    found = index.find_many(np.asarray(lons, dtype=np.float64), np.asarray(lats, dtype=np.float64))
    return [codes[cell] if cell >= 0 else None for cell in found.tolist()]


def areas(*, day: date | None = None) -> tuple[Area, ...]:
    """Divisions without their geometry, parents before children, in the order of their codes."""
    rows = Area.objects.filter(valid_on(day or people.today())).defer("geometry").order_by("code")
    return tuple(sorted(rows, key=lambda area: (len(area.code), area.code)))


def area_names() -> Mapping[str, Named]:
    """Every division's name by its code, ended ones too; kept in memory, so that a list needs one small query."""
    return _names(edition_number())


def layer(name: LayerName, *, zoom: int | None, box: Box | None, day: date, edition: int) -> bytes:
    """A layer's features in a box as a GeoJSON FeatureCollection (EPSG:4326), as detailed as `zoom` (0 to 22,
    None for all there is) needs. `truncated` is true when there were more than MOST_FEATURES."""
    return features(name, detail(zoom), day, edition).within(box, MOST_FEATURES)


def edition_number() -> int:
    """A number that grows with every change of the map; 0 before the first load."""
    return Edition.objects.filter(pk=1).values_list("number", flat=True).first() or 0


@lru_cache(maxsize=2)
def _grid_index(day: date, edition: int) -> tuple[list[str], PlaceIndex]:
    rows = UnitGrid.objects.filter(valid_on(day)).order_by("code").values_list("code", "geometry")
    found = [(code, bytes(shape.wkb)) for code, shape in rows]
    return [code for code, _ in found], PlaceIndex(shapely.from_wkb([shape for _, shape in found]))


@lru_cache(maxsize=2)
def _names(edition: int) -> Mapping[str, Named]:
    return {row[0]: Named(*row) for row in Area.objects.values_list("code", "name", "name_en")}
