"""A fine mesh of atoms (small Voronoi cells) over an outline: whatever is cut is a set of whole atoms.

That makes every cut gap-free by construction, however its lines wander. Atoms are small where grids are to be
small (towns) and large elsewhere.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely

from yiwang.city.geo.arrays import Floats, Geometries, Ints

JITTER = 0.36
"""Share of its square by which a mesh point leaves the middle, to both sides."""


@dataclass(frozen=True, slots=True)
class Mesh:
    """`cells`: n polygons in metres that cover the outline; `centres` [n, 2]; `areas` [n] in m²;
    `edges` [m, 2]: pairs of touching cells; `lengths` [m]: metres that they share."""

    cells: Geometries
    centres: Floats
    areas: Floats
    edges: Ints
    lengths: Floats


def build_mesh(
    outline: shapely.Polygon, spacing: Callable[[Floats], Floats], coarse: float, rng: np.random.Generator
) -> Mesh:
    """The mesh over `outline` (metres). `spacing` gives the wished distance of atoms (metres) at points [n, 2];
    `coarse` is the side of the squares that are halved until they are as fine as wished."""
    points = _scattered(outline, spacing, coarse, rng)
    hull = outline.envelope.buffer(2 * coarse)
    voronoi = shapely.voronoi_polygons(shapely.multipoints(points), extend_to=hull, only_edges=False)
    cells = _clipped(shapely.get_parts(voronoi), outline)
    edges, lengths = touching(cells)
    return Mesh(cells, shapely.get_coordinates(shapely.centroid(cells)), shapely.area(cells), edges, lengths)


def _scattered(
    outline: shapely.Polygon, spacing: Callable[[Floats], Floats], coarse: float, rng: np.random.Generator
) -> Floats:
    """Points [n, 2] at the wished distance: one in each square of a quadtree, off its middle by chance."""
    west, south, east, north = outline.bounds
    xs, ys = np.arange(west, east + coarse, coarse), np.arange(south, north + coarse, coarse)
    middles = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    side, leaves = coarse, []
    while len(middles):
        middles = middles[shapely.dwithin(outline, shapely.points(middles), side)]
        split = spacing(middles) < 0.75 * side
        leaves.append(_off_middle(middles[~split], side, rng))
        quarter = np.array([(-1, -1), (-1, 1), (1, -1), (1, 1)]) * side / 4
        middles, side = (middles[split][:, None, :] + quarter).reshape(-1, 2), side / 2
    points = np.concatenate(leaves)
    return points[shapely.contains_xy(outline, points)]


def _off_middle(middles: Floats, side: float, rng: np.random.Generator) -> Floats:
    return middles + rng.uniform(-JITTER, JITTER, middles.shape) * side


def _clipped(cells: Geometries, outline: shapely.Polygon) -> Geometries:
    """The cells inside the outline; one that is cut into several pieces becomes several cells."""
    shapely.prepare(outline)
    inside = shapely.contains_properly(outline, cells)
    pieces = shapely.get_parts(shapely.intersection(cells[~inside], outline))
    return np.concatenate([cells[inside], pieces[shapely.area(pieces) > 0]])


def touching(cells: Geometries) -> tuple[Ints, Floats]:
    """Pairs [m, 2] of cells of a coverage that share a border, and the metres [m] that they share."""
    rings, owner = shapely.get_rings(cells, return_index=True)
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    same_ring = ring[1:] == ring[:-1]
    begin, end = coordinates[:-1][same_ring], coordinates[1:][same_ring]
    whose, metres = owner[ring[:-1][same_ring]], np.hypot(*(end - begin).T)
    # A border is found twice, once from each side, in opposite directions: ordering its ends makes both equal.
    ends = np.concatenate([begin, end], axis=1)
    turned = (begin[:, 0] > end[:, 0]) | ((begin[:, 0] == end[:, 0]) & (begin[:, 1] > end[:, 1]))
    ends[turned] = ends[turned][:, [2, 3, 0, 1]]
    order = np.lexsort(ends.T)
    twin = np.flatnonzero((ends[order][1:] == ends[order][:-1]).all(axis=1))
    pairs = np.sort(np.stack([whose[order[twin]], whose[order[twin + 1]]], axis=1), axis=1)
    unique, back = np.unique(pairs, axis=0, return_inverse=True)
    shared: Floats = np.bincount(back.ravel(), metres[order[twin]], len(unique)).astype(np.float64)
    return unique.astype(np.int64), shared
