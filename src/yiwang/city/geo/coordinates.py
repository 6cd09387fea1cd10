"""Converts between the datums that Chinese maps and devices use: WGS 84 (CGCS2000), GCJ-02, BD-09.

Positions are stored in WGS 84 only; everything else is converted at the edge. CGCS2000 differs from WGS 84 by
centimetres and counts as the same. Points are lon, lat in degrees. Outside China the map services shift
nothing, so neither does this. Source: the published reverse-engineered formulas; there is no official text.
"""

from collections.abc import Callable
from math import atan2, cos, pi, radians, sin, sqrt
from typing import Literal

Datum = Literal["wgs84", "gcj02", "bd09"]
Point = tuple[float, float]

WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
"""The box inside which GCJ-02 is shifted, as the map services draw it."""

SEMI_MAJOR_M = 6_378_245.0
ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943
"""Krasovsky 1940, on which GCJ-02 computes its shift."""

BAIDU_TURN = pi * 3000 / 180
BAIDU_SHIFT = (0.0065, 0.006)

CLOSE_ENOUGH_DEGREES = 1e-10
MOST_ROUNDS = 30


def to_wgs84(lon: float, lat: float, datum: Datum) -> Point:
    """A point that was given in `datum`, in WGS 84."""
    return {"wgs84": _same, "gcj02": gcj02_to_wgs84, "bd09": bd09_to_wgs84}[datum](lon, lat)


def wgs84_to_gcj02(lon: float, lat: float) -> Point:
    """Where AMap and Tencent draw a point of WGS 84: some 300 to 700 m away."""
    if not shifted_here(lon, lat):
        return lon, lat
    east, north = _shift_m(lon - 105.0, lat - 35.0)
    phi = radians(lat)
    curvature = 1 - ECCENTRICITY_SQUARED * sin(phi) ** 2
    meridian = SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED) / (curvature * sqrt(curvature))
    parallel = SEMI_MAJOR_M / sqrt(curvature) * cos(phi)
    return lon + east / parallel * 180 / pi, lat + north / meridian * 180 / pi


def gcj02_to_wgs84(lon: float, lat: float) -> Point:
    """The point of WGS 84 that AMap draws here; inverse of `wgs84_to_gcj02` to about 0.01 mm."""
    return _inverse(wgs84_to_gcj02, lon, lat) if shifted_here(lon, lat) else (lon, lat)


def gcj02_to_bd09(lon: float, lat: float) -> Point:
    """Where Baidu draws a point of GCJ-02."""
    if not shifted_here(lon, lat):
        return lon, lat
    radius = sqrt(lon * lon + lat * lat) + 0.00002 * sin(lat * BAIDU_TURN)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * BAIDU_TURN)
    return radius * cos(angle) + BAIDU_SHIFT[0], radius * sin(angle) + BAIDU_SHIFT[1]


def bd09_to_gcj02(lon: float, lat: float) -> Point:
    """Inverse of `gcj02_to_bd09` to about 0.01 mm."""
    return _inverse(gcj02_to_bd09, lon, lat) if shifted_here(lon, lat) else (lon, lat)


def wgs84_to_bd09(lon: float, lat: float) -> Point:
    """Where Baidu draws a point of WGS 84."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def bd09_to_wgs84(lon: float, lat: float) -> Point:
    """The point of WGS 84 that Baidu draws here."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


def shifted_here(lon: float, lat: float) -> bool:
    """Whether the map services shift points here."""
    return WEST <= lon <= EAST and SOUTH <= lat <= NORTH


def _same(lon: float, lat: float) -> Point:
    return lon, lat


def _inverse(forward: Callable[[float, float], Point], lon: float, lat: float) -> Point:
    """The point that `forward` takes to (lon, lat): fixed-point iteration, as the shift changes but slowly."""
    x, y = lon, lat
    for _ in range(MOST_ROUNDS):
        there_x, there_y = forward(x, y)
        x, y = x + lon - there_x, y + lat - there_y
        if abs(lon - there_x) < CLOSE_ENOUGH_DEGREES and abs(lat - there_y) < CLOSE_ENOUGH_DEGREES:
            break
    return x, y


def _shift_m(x: float, y: float) -> Point:
    """The shift of GCJ-02, metres east and north; x, y in degrees from 105° E, 35° N."""
    ripple = 20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += (
        (ripple + 20 * sin(x * pi) + 40 * sin(x / 3 * pi) + 150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi))
        * 2
        / 3
    )
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += (
        (ripple + 20 * sin(y * pi) + 40 * sin(y / 3 * pi) + 160 * sin(y / 12 * pi) + 320 * sin(y / 30 * pi))
        * 2
        / 3
    )
    return east, north
