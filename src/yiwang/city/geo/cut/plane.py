"""A local flat plane in metres, good enough to place things in one district (errors of some per mille)."""

from dataclasses import dataclass

import numpy as np
import shapely

from yiwang.city.geo.arrays import Floats

METRES_PER_DEGREE_LAT = 110_870.0
METRES_PER_DEGREE_LON_AT_EQUATOR = 111_320.0
DECIMALS = 6
"""Decimals of a stored degree: 1e-6 degrees are about 0.1 m, far below what generated lines mean."""


@dataclass(frozen=True, slots=True)
class Plane:
    """Equirectangular plane around (lon, lat) in degrees, EPSG:4326; x east and y north in metres."""

    lon: float
    lat: float

    @property
    def _scale(self) -> Floats:
        per_degree_lon = METRES_PER_DEGREE_LON_AT_EQUATOR * np.cos(np.radians(self.lat))
        return np.array([per_degree_lon, METRES_PER_DEGREE_LAT])

    def to_metres(self, degrees: Floats) -> Floats:
        """Coordinates [n, 2] lon/lat in degrees as x/y in metres."""
        metres: Floats = (degrees - np.array([self.lon, self.lat])) * self._scale
        return metres

    def to_degrees(self, metres: Floats) -> Floats:
        """Coordinates [n, 2] x/y in metres as lon/lat in degrees, rounded to the stored precision."""
        degrees: Floats = np.round(metres / self._scale + np.array([self.lon, self.lat]), DECIMALS)
        return degrees


def plane_of(outline: shapely.Polygon) -> Plane:
    """The plane around the middle of an outline in EPSG:4326."""
    west, south, east, north = outline.bounds
    return Plane((west + east) / 2, (south + north) / 2)
