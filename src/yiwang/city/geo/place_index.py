"""Finds the cell of many points in memory: a raster whose pixels mostly lie in one cell each.

Pure: polygons in, positions in the given order out. Where a pixel meets several cells, their exact shapes decide.
The answer is the one that the database gives: of the cells within `TOLERANCE_DEGREES` of the point the first.
"""

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from yiwang.city.geo.arrays import Floats, Geometries, Ints

TOLERANCE_DEGREES: Final = 1e-8
"""About 1 mm: a point on a common border belongs to both cells, however the arithmetic rounds."""
OUTSIDE: Final = -1
SIDE: Final = 2048
"""Pixels to a side: some 30 m in a district of 60 km, so that one pixel in ten holds a border."""

Raster = NDArray[np.int32]


class PlaceIndex:
    """An index over n polygons (EPSG:4326, lon/lat, few overlaps), in the order in which ties are decided."""

    def __init__(self, cells: Geometries) -> None:
        self._cells = cells
        shapely.prepare(cells)
        west, south, east, north = shapely.total_bounds(cells)
        self._origin = (float(west) - 1e-6, float(south) - 1e-6)
        self._pixel = ((float(east - west) + 2e-6) / SIDE, (float(north - south) + 2e-6) / SIDE)
        self._side = SIDE
        self._raster, self._first, self._candidates = self._build()
        self._flat = memoryview(self._raster.data)

    def find(self, lon: float, lat: float) -> int:
        """The position of the cell that holds a point, OUTSIDE (-1) if none does."""
        x, y = (lon - self._origin[0]) / self._pixel[0], (lat - self._origin[1]) / self._pixel[1]
        if not (0 <= x < self._side and 0 <= y < self._side):
            return OUTSIDE
        value = self._flat[int(y) * self._side + int(x)]
        if value >= OUTSIDE:
            return int(value)
        point = shapely.Point(lon, lat)
        mixed = -2 - value
        for cell in self._candidates[self._first[mixed] : self._first[mixed + 1]]:
            if shapely.dwithin(self._cells[cell], point, TOLERANCE_DEGREES):
                return int(cell)
        return OUTSIDE

    def find_many(self, lons: Floats, lats: Floats) -> Ints:
        """The position [n] of the cell that holds each point, OUTSIDE (-1) where none does."""
        x = np.floor((lons - self._origin[0]) / self._pixel[0])
        y = np.floor((lats - self._origin[1]) / self._pixel[1])
        near = (x >= 0) & (x < self._side) & (y >= 0) & (y < self._side)
        found = np.full(len(lons), OUTSIDE, dtype=np.int64)
        found[near] = self._raster[(y[near] * self._side + x[near]).astype(np.int64)]
        mixed = np.flatnonzero(found < OUTSIDE)
        points = np.asarray(shapely.points(lons[mixed], lats[mixed]), dtype=object)
        found[mixed] = self._decide(-2 - found[mixed], points)
        return found

    def _decide(self, pixel: Ints, points: Geometries) -> Ints:
        """The first candidate [m] of each point's pixel that is near enough."""
        found = np.full(len(points), OUTSIDE, dtype=np.int64)
        position, end = self._first[pixel], self._first[pixel + 1]
        pending = np.arange(len(points))
        while len(pending):
            cell = self._candidates[position[pending]]
            hit = shapely.dwithin(self._cells[cell], points[pending], TOLERANCE_DEGREES)
            found[pending[hit]] = cell[hit]
            position[pending] += 1
            pending = pending[~hit & (position[pending] < end[pending])]
        return found

    def _build(self) -> tuple[Raster, Ints, Ints]:
        """The raster; where the candidates of each mixed pixel begin; the candidates, in the order of ties.

        A pixel is mixed when a border runs through it, and its candidates are the cells that have that border.
        """
        pixel, cell = self._border_pixels()
        mixed, first = np.unique(pixel, return_index=True)
        raster = np.full(self._side * self._side, OUTSIDE, dtype=np.int32)
        raster[mixed] = -2 - np.arange(len(mixed), dtype=np.int32)
        self._fill_between(raster)
        return raster, np.append(first, len(pixel)).astype(np.int64), cell

    def _border_pixels(self) -> tuple[Ints, Ints]:
        """All pairs (pixel, cell) [m] in which the cell's border touches the pixel, sorted."""
        rings, owner = shapely.get_rings(self._cells, return_index=True)
        points, ring = shapely.get_coordinates(rings, return_index=True)
        same = ring[1:] == ring[:-1]
        cell = owner[ring[:-1][same]]
        # Borders have the width of the tolerance: seen from its four corners they touch every pixel that they may.
        corners = np.array([(-1, -1), (-1, 1), (1, -1), (1, 1)]) * 10 * TOLERANCE_DEGREES
        pairs = [
            crossed_pixels((points[:-1][same] + corner - self._origin) / self._pixel,
                           (points[1:][same] + corner - self._origin) / self._pixel)
            for corner in corners
        ]  # fmt: skip
        touched = np.concatenate(
            [(y * self._side + x) * len(self._cells) + cell[which] for which, x, y in pairs]
        )
        touched.sort()  # many times faster here than np.unique, which hashes
        once = touched[np.append(True, touched[1:] != touched[:-1])]
        return once // len(self._cells), once % len(self._cells)

    def _fill_between(self, raster: Raster) -> None:
        """Pixels of a row that no border parts lie in one cell: one look-up finds it for all of them."""
        free = raster == OUTSIDE
        begins = free & np.append(True, ~free[:-1])
        begins[:: self._side] |= free[:: self._side]
        run = np.cumsum(begins) - 1
        start = np.flatnonzero(begins)
        x = self._origin[0] + (start % self._side + 0.5) * self._pixel[0]
        y = self._origin[1] + (start // self._side + 0.5) * self._pixel[1]
        where, cell = shapely.STRtree(self._cells).query(shapely.points(x, y), predicate="intersects")
        value = np.full(len(start), OUTSIDE, dtype=np.int32)
        value[where] = cell
        raster[free] = value[run[free]]


def crossed_pixels(begin: Floats, end: Floats) -> tuple[Ints, Ints, Ints]:
    """The pixels (x, y) that segments touch, and of which segment each is: three arrays of equal length.

    begin, end: [n, 2] in pixels. A segment is parted where it crosses a line between pixels; each part lies in
    the pixel of its middle.
    """
    segments = np.arange(len(begin))
    owner, share = [segments, segments], [np.zeros(len(begin)), np.ones(len(begin))]
    for axis in (0, 1):
        low = np.floor(np.minimum(begin[:, axis], end[:, axis])).astype(np.int64)
        high = np.floor(np.maximum(begin[:, axis], end[:, axis])).astype(np.int64)
        count = high - low
        segment = np.repeat(segments, count)
        line = low[segment] + 1 + np.arange(len(segment)) - np.repeat(np.cumsum(count) - count, count)
        owner.append(segment)
        share.append((line - begin[segment, axis]) / (end[segment, axis] - begin[segment, axis]))
    segment, along = np.concatenate(owner), np.concatenate(share)
    order = np.argsort(segment + along * 0.999_999, kind="stable")
    segment, along = segment[order], along[order]
    part = np.flatnonzero(segment[1:] == segment[:-1])
    segment, middle = segment[part], (along[part] + along[part + 1]) / 2
    pixel = np.floor(begin[segment] + (end - begin)[segment] * middle[:, None]).astype(np.int64)
    return segment, pixel[:, 0], pixel[:, 1]
