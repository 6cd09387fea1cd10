"""Shapes around a point for a sketch on paper: the district's streets, and the grids beside the point."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.gis.geos import Polygon

from yiwang.city.geo.layers import features
from yiwang.city.geo.models import Area, UnitGrid
from yiwang.city.geo.validity import valid_on

Ring = tuple[tuple[float, float], ...]
STREETS_DETAIL = 10
MOST_GRIDS = 400


@dataclass(frozen=True, slots=True)
class Shape:
    """A named shape as its outer rings, lon/lat in degrees, WGS 84. `inside`: the point lies in it."""

    code: str
    name: str
    rings: tuple[Ring, ...]
    inside: bool


@dataclass(frozen=True, slots=True)
class Sketch:
    """What stands around a point: all streets, coarse, and the communities and unit grids that touch `box`
    (west, south, east, north in degrees)."""

    streets: tuple[Shape, ...]
    communities: tuple[Shape, ...]
    grids: tuple[Shape, ...]
    box: tuple[float, float, float, float]


def around(lon: float, lat: float, unit_grid: str, reach_m: float, *, day: date, edition: int) -> Sketch:
    """The shapes around a point up to `reach_m` metres to each side; `unit_grid` is the grid that it lies in."""
    north = reach_m / 111_320
    east = north * 1.16  # at the district's latitude a degree of longitude is 0.86 of one of latitude
    box = (lon - east, lat - north, lon + east, lat + north)
    frame = Polygon.from_bbox(box)
    communities = Area.objects.filter(
        valid_on(day), level=Area.Level.COMMUNITY, geometry__bboverlaps=frame
    ).order_by("code")
    grids = UnitGrid.objects.filter(valid_on(day), geometry__bboverlaps=frame).order_by("code")[:MOST_GRIDS]
    return Sketch(
        streets=tuple(_streets(unit_grid, day, edition)),
        communities=tuple(
            Shape(a.code, a.name, _rings(json.loads(a.geometry.geojson)), unit_grid.startswith(a.code))
            for a in communities
        ),
        grids=tuple(
            Shape(g.code, "", _rings(json.loads(g.geometry.geojson)), g.code == unit_grid) for g in grids
        ),
        box=box,
    )


def _streets(unit_grid: str, day: date, edition: int) -> list[Shape]:
    found = json.loads(features("streets", STREETS_DETAIL, day, edition).within(None, 1000))
    return [
        Shape(
            street["id"],
            street["properties"]["name"],
            _rings(street["geometry"]),
            unit_grid.startswith(street["id"]),
        )
        for street in found["features"]
    ]


def _rings(geometry: dict[str, Any]) -> tuple[Ring, ...]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return tuple(tuple((point[0], point[1]) for point in polygon[0]) for polygon in polygons)
