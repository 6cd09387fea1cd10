"""Whether somebody was where they were to be, and how much of a street somebody walked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import cos, hypot, radians

import shapely

METRES_PER_DEGREE = 111_195.0  # on a sphere of the earth's mean radius
# A receiver that says it may be further off says nothing: no more than this is taken off the distance.
MOST_ACCURACY_M = 100.0
# Between two points of a trail that are further apart in time or space nothing is known.
GAP_S, GAP_M = 180.0, 400.0


@dataclass(frozen=True, slots=True)
class CheckIn:
    """How far somebody was from a place (metres), and whether that counts as being there."""

    distance_m: float
    within: bool

    def stands_before(self, at: datetime, other: "CheckIn | None", other_at: datetime | None) -> bool:
        """Whether of two check-ins at a place (in whatever order they came) this one stands: one within before one that
        is not, then the nearer, then the earlier."""
        if other is None or other_at is None:
            return True
        return (not self.within, self.distance_m, at) < (not other.within, other.distance_m, other_at)


@dataclass(frozen=True, slots=True)
class Step:
    """A point of a trail: seconds from any beginning, degrees (WGS 84)."""

    at_s: float
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Walked:
    """How much of a line was walked, in metres."""

    covered_m: float
    length_m: float

    @property
    def share(self) -> float:
        """From 0 to 1; 0 of a line without length."""
        return self.covered_m / self.length_m if self.length_m else 0.0


def distance_m(lon: float, lat: float, to_lon: float, to_lat: float) -> float:
    """Metres between two points that are near each other (errors of some per mille)."""
    across = cos(radians((lat + to_lat) / 2)) * (lon - to_lon)
    return METRES_PER_DEGREE * hypot(across, lat - to_lat)


def check_in(distance: float, radius_m: float, accuracy_m: float) -> CheckIn:
    """What a check-in is worth: its receiver's accuracy (metres) is in the person's favour, within bounds."""
    slack = min(max(accuracy_m, 0.0), MOST_ACCURACY_M)
    return CheckIn(distance, distance - slack <= radius_m)


Line = Sequence[tuple[float, float]]


def walked(lines: Sequence[Line], trails: Iterable[Sequence[Step]], near_m: float) -> list[Walked]:
    """How much of each line (lon/lat in degrees) lies within `near_m` metres of where trails went.

    Each trail is one person's, in the order of time; nothing joins it to another. More trail, or a greater distance,
    never covers less.
    """
    flat = _Plane(lines)
    pieces = [piece for trail in trails for piece in _pieces(trail, flat)]
    reached = shapely.union_all([shapely.buffer(piece, near_m, quad_segs=8) for piece in pieces])
    found = []
    for line in lines:
        shape = shapely.LineString([flat(lon, lat) for lon, lat in line])
        found.append(Walked(min(shape.intersection(reached).length, shape.length), shape.length))
    return found


class _Plane:
    """Degrees as metres on a plane around the lines."""

    def __init__(self, lines: Sequence[Line]) -> None:
        lats = [lat for line in lines for _, lat in line] or [0.0]
        self.across = METRES_PER_DEGREE * cos(radians(sum(lats) / len(lats)))

    def __call__(self, lon: float, lat: float) -> tuple[float, float]:
        return lon * self.across, lat * METRES_PER_DEGREE


def _pieces(trail: Sequence[Step], flat: _Plane) -> list[shapely.Geometry]:
    """A trail as lines without its gaps; a lone point stays a point."""
    runs: list[list[tuple[float, float]]] = []
    before: Step | None = None
    for step in trail:
        here = flat(step.lon, step.lat)
        if before is None or _is_gap(before, step, runs[-1][-1], here):
            runs.append([here])
        else:
            runs[-1].append(here)
        before = step
    return [shapely.LineString(run) if len(run) > 1 else shapely.Point(run[0]) for run in runs]


def _is_gap(before: Step, step: Step, there: tuple[float, float], here: tuple[float, float]) -> bool:
    apart = hypot(here[0] - there[0], here[1] - there[1])
    return not 0 <= step.at_s - before.at_s <= GAP_S or apart > GAP_M


def length_m(line: Line) -> float:
    """How long a line of lon/lat is, in metres."""
    pairs = pairwise(line)
    return sum(distance_m(*here, *there) for here, there in pairs)
