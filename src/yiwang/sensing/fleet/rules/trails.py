"""What a trail says: how far, where somebody stopped, and its line with fewer points.

A trail is arrays in order of time: `at` seconds since the epoch, `lon` and `lat` WGS 84 in degrees, all float64 [n].
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]

EARTH_M = 6_371_008.8
# After so long without a position nobody knows the way: the trail has a gap there.
GAP_S = 300.0
STOP_M = 50.0
STOP_S = 300.0
TOLERANCE_M = 5.0
FIRST_LOOK = 64


@dataclass(frozen=True, slots=True)
class Stop:
    """Somebody stayed: from position `first` to `last` (both included), `begins` and `ends` in seconds since the epoch,
    around the middle `lon`, `lat`."""

    first: int
    last: int
    begins: float
    ends: float
    lon: float
    lat: float


def mileage_m(at: Floats, lon: Floats, lat: Floats, *, gap_s: float = GAP_S) -> float:
    """The length of a trail in metres on the sphere; over a gap nothing is counted, as nobody knows the way."""
    if len(at) < 2:
        return 0.0
    legs = distances_m(lon[:-1], lat[:-1], lon[1:], lat[1:])
    return float(legs[np.diff(at) <= gap_s].sum())


def stops(
    at: Floats, lon: Floats, lat: Floats, *, radius_m: float = STOP_M, least_s: float = STOP_S
) -> list[Stop]:
    """Where somebody stayed within `radius_m` of where the stay began, for `least_s` seconds or longer.

    Stay points after Li et al. 2008: from each position on, those before the first one that lies outside; a stay ends
    with the last one inside, and the next may begin with the one after.
    """
    found: list[Stop] = []
    n, free = len(at), 0
    # Who is still near after that time may have stayed; looked at for all positions at once, few remain.
    later = np.searchsorted(at, at + least_s, side="left")
    whole = np.flatnonzero(later < n)
    near = distances_m(lon[whole], lat[whole], lon[later[whole]], lat[later[whole]]) <= radius_m
    for first in whole[near].tolist():
        if first < free:
            continue
        beyond = _first_outside(lon, lat, first, radius_m)
        if beyond > later[first]:
            part, free = slice(first, beyond), beyond
            middle = float(lon[part].mean()), float(lat[part].mean())
            found.append(Stop(first, beyond - 1, float(at[first]), float(at[beyond - 1]), *middle))
    return found


def _first_outside(lon: Floats, lat: Floats, first: int, radius_m: float) -> int:
    """The first position after `first` that lies further from it than `radius_m`; their number when none does.

    Looked for in stretches that double, so that a short stay costs little and a long one few calls.
    """
    begin, size, n = first + 1, FIRST_LOOK, len(lon)
    while begin < n:
        end = min(begin + size, n)
        outside = distances_m(lon[first], lat[first], lon[begin:end], lat[begin:end]) > radius_m
        if outside.any():
            return begin + int(outside.argmax())
        begin, size = end, 2 * size
    return n


def segments(at: Floats, *, gap_s: float = GAP_S) -> Iterator[slice]:
    """The parts of a trail between its gaps."""
    cuts = [0, *(np.flatnonzero(np.diff(at) > gap_s) + 1).tolist(), len(at)]
    for begin, end in pairwise(cuts):
        if end > begin:
            yield slice(begin, end)


def simplified(lon: Floats, lat: Floats, *, tolerance_m: float = TOLERANCE_M) -> list[int]:
    """Which positions of a line are enough to draw it, none more than `tolerance_m` away (Douglas-Peucker)."""
    n = len(lon)
    if n <= 2:
        return list(range(n))
    x, y = _plane(lon, lat)
    line = shapely.LineString(np.column_stack((x, y, np.arange(n, dtype=np.float64))))
    kept = shapely.get_coordinates(line.simplify(tolerance_m, preserve_topology=False), include_z=True)
    return [int(number) for number in kept[:, 2]]


def distances_m(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats) -> Floats:
    """Great-circle distances in metres (haversine), with NumPy's broadcasting."""
    phi1, phi2 = np.radians(lat1), np.radians(lat2)
    half = np.sin((phi2 - phi1) / 2) ** 2
    half = half + np.cos(phi1) * np.cos(phi2) * np.sin(np.radians(lon2 - lon1) / 2) ** 2
    found: Floats = 2 * EARTH_M * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return found


def _plane(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Metres east and north of the first position; good for the size of a district."""
    scale = np.pi * EARTH_M / 180
    return (lon - lon[0]) * scale * np.cos(np.radians(lat[0])), (lat - lat[0]) * scale
