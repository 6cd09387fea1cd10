"""Names for the arrays of this room, and a union that keeps its type."""

from collections.abc import Iterable
from typing import cast

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Geometries = NDArray[np.object_]


def merged(polygons: Iterable[shapely.Polygon]) -> shapely.Polygon | shapely.MultiPolygon:
    """The union of polygons that are a coverage: exact, without new points."""
    return cast(shapely.Polygon | shapely.MultiPolygon, shapely.coverage_union_all(list(polygons)))


def merged_whole(polygons: Iterable[shapely.Polygon]) -> shapely.Polygon:
    """The union of polygons that are a coverage in one piece. Raises ValueError if it is in several."""
    union = merged(polygons)
    if not isinstance(union, shapely.Polygon):
        raise ValueError("the polygons are not in one piece")
    return union
