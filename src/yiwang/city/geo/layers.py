"""Map layers as GeoJSON, kept in the process until the map changes.

Each layer is simplified as a coverage: neighbours keep their common border, so no gap opens at any zoom.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from json import dumps
from typing import Final, Literal

import numpy as np
import shapely
from django.db.models import Count, Value
from django.db.models.functions import JSONObject

from yiwang.city.geo.arrays import Floats
from yiwang.city.geo.models import Area, DutyGrid, UnitGrid
from yiwang.city.geo.validity import valid_on

LayerName = Literal["districts", "streets", "communities", "duty-grids", "unit-grids"]
Box = tuple[float, float, float, float]
"""west, south, east, north in degrees, WGS 84."""

FULL_ZOOM: Final = 15
"""From this zoom on a layer keeps all its points: they lie some metres apart."""
LOWEST_ZOOM: Final = 7
MOST_FEATURES: Final = 2_000
_LEVELS: Final[Mapping[str, str]] = {
    "districts": Area.Level.DISTRICT,
    "streets": Area.Level.STREET,
    "communities": Area.Level.COMMUNITY,
}


@dataclass(frozen=True, slots=True)
class Features:
    """A layer's n features as GeoJSON texts, in the order of their codes, with their bounds [n, 4]."""

    texts: tuple[bytes, ...]
    bounds: Floats

    def within(self, box: Box | None, most: int) -> bytes:
        """The FeatureCollection of what touches `box`; `truncated` tells when there is more than `most`."""
        texts = self.texts if box is None else tuple(self.texts[n] for n in self._touching(box))
        tail = b'],"truncated":' + (b"true}" if len(texts) > most else b"false}")
        return b'{"type":"FeatureCollection","features":[' + b",".join(texts[:most]) + tail

    def _touching(self, box: Box) -> list[int]:
        west, south, east, north = box
        bounds = self.bounds
        beside = (
            (bounds[:, 0] > east) | (bounds[:, 2] < west) | (bounds[:, 1] > north) | (bounds[:, 3] < south)
        )
        found: list[int] = np.flatnonzero(~beside).tolist()
        return found


def detail(zoom: int | None) -> int:
    """The zoom in whose detail a layer is drawn: zooms that look alike share one."""
    return FULL_ZOOM if zoom is None else max(LOWEST_ZOOM, min(zoom, FULL_ZOOM))


@lru_cache(maxsize=64)
def features(layer: LayerName, zoom: int, day: date, edition: int) -> Features:
    """A layer on a day in the detail of a zoom (see `detail`). `edition` is part of the key, so that a changed
    map is read anew."""
    rows = list(_grid_rows(layer, day) if layer.endswith("-grids") else _area_rows(layer, day))
    shapes = shapely.from_wkb([bytes(shape) for _, shape, _ in rows])
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    if zoom < FULL_ZOOM and rows:
        shapes = shapely.coverage_simplify(shapes, tolerance_degrees(zoom))
    drawn = shapely.to_geojson(shapes)
    texts = (_feature(code, shape, about) for (code, _, about), shape in zip(rows, drawn, strict=True))
    return Features(tuple(texts), bounds)


def tolerance_degrees(zoom: int) -> float:
    """About three pixels of a map whose tiles have 512: the root of the area of the corners that are cut off."""
    return float(3 * 360 / 512 / 2**zoom)


def _feature(code: str, shape: str, about: dict[str, object]) -> bytes:
    head = dumps(
        {"type": "Feature", "id": code, "properties": about}, ensure_ascii=False, separators=(",", ":")
    )
    return f'{head[:-1]},"geometry":{shape}}}'.encode()


def _area_rows(layer: str, day: date) -> "list[tuple[str, bytes, dict[str, object]]]":
    about = JSONObject(
        code="code", name="name", name_en="name_en", kind="kind", parent="parent_id", simulated="simulated"
    )
    areas = Area.objects.filter(valid_on(day), level=_LEVELS[layer]).order_by("code")
    return [(code, shape.wkb, about) for code, shape, about in areas.values_list("code", "geometry", about)]


def _grid_rows(layer: str, day: date) -> "list[tuple[str, bytes, dict[str, object]]]":
    if layer == "unit-grids":
        about = JSONObject(
            code="code", name="code", community="community__name", area_m2="area_m2", simulated="simulated"
        )
        grids = UnitGrid.objects.filter(valid_on(day)).order_by("code")
        return [
            (code, shape.wkb, about) for code, shape, about in grids.values_list("code", "geometry", about)
        ]
    about = JSONObject(
        code="code", name="name", name_en="name_en", community="community__name", unit_grids="members",
        simulated=Value(True),
    )  # fmt: skip
    duty = DutyGrid.objects.filter(valid_on(day)).annotate(members=Count("unit_grids")).order_by("code")
    return [(code, shape.wkb, about) for code, shape, about in duty.values_list("code", "geometry", about)]
