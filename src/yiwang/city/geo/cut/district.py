"""The whole cut: from a plan to exact, coded geometry of every level."""

from dataclasses import dataclass

import numpy as np
import shapely

from yiwang.city.geo.arrays import Geometries, Ints, merged, merged_whole
from yiwang.city.geo.cut.levels import (
    atom_spacing,
    group_unit_grids,
    label_communities,
    label_streets,
    label_unit_grids,
    town_radii,
)
from yiwang.city.geo.cut.mesh import Mesh, build_mesh, touching
from yiwang.city.geo.cut.numbering import duty_grid_code, reading_order, unit_grid_code
from yiwang.city.geo.cut.plan import DistrictPlan, Sizes
from yiwang.city.geo.cut.plane import Plane, plane_of


class BrokenCut(Exception):
    """The cut has a gap, an overlap or an invalid shape; the message says at which level."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Polygons (EPSG:4326, lon/lat, 6 decimals) by code; each level covers the one above exactly.

    `duty_grids` names the unit grids of each duty grid: neighbours, all of one community.
    """

    district: shapely.Polygon
    streets: dict[str, shapely.Polygon]
    communities: dict[str, shapely.Polygon]
    unit_grids: dict[str, shapely.Polygon]
    duty_grids: dict[str, tuple[str, ...]]


def cut_district(plan: DistrictPlan, seed: int) -> Cut:
    """Cut a district; the same plan and seed give the same cut.

    Raises BrokenCut if the result is not a gap-free coverage, which no seed has been seen to do.
    """
    rng = np.random.default_rng(seed)
    plane = plane_of(plan.outline)
    mesh, community = _communities(plan, plane, rng)
    urban = np.array([c.urban for street in plan.streets for c in street.communities])
    grid = label_unit_grids(mesh, community, urban, plan.sizes, rng)
    grids, owner = _unit_grids(mesh, grid, community, plan.sizes)
    group = group_unit_grids(grids, owner, urban, plan.sizes, rng)
    codes = [c.code for street in plan.streets for c in street.communities]
    return _coded(plane, codes, grids, owner, group)


def _communities(plan: DistrictPlan, plane: Plane, rng: np.random.Generator) -> tuple[Mesh, Ints]:
    """The mesh and the community of each of its atoms."""
    outline = shapely.transform(plan.outline, plane.to_metres)
    centres = plane.to_metres(np.array([(street.lon, street.lat) for street in plan.streets]))
    spacing = atom_spacing(centres, town_radii(plan), plan.sizes)
    mesh = build_mesh(outline, spacing, plan.sizes.coarse_m, rng)
    wished = np.array([street.weight for street in plan.streets])
    street = label_streets(mesh, centres, wished, rng)
    return mesh, label_communities(mesh, plan, centres, street, rng)


def _unit_grids(mesh: Mesh, grid: Ints, community: Ints, sizes: Sizes) -> tuple[Mesh, Ints]:
    """The unit grids as a mesh of their own, lines smoothed, and the community of each."""
    members = np.split(np.argsort(grid, kind="stable"), np.cumsum(np.bincount(grid))[:-1])
    rough = np.array([merged(mesh.cells[atoms]) for atoms in members], dtype=object)
    cells = shapely.coverage_simplify(rough, sizes.smoothing_m, simplify_boundary=False)
    edges, lengths = touching(cells)
    centres = shapely.get_coordinates(shapely.centroid(cells))
    owner = np.array([community[atoms[0]] for atoms in members], dtype=np.int64)
    return Mesh(cells, centres, shapely.area(cells), edges, lengths), owner


def _coded(plane: Plane, codes: list[str], grids: Mesh, owner: Ints, group: Ints) -> Cut:
    """Codes for the unit and duty grids of each community, and the levels above as unions."""
    cells = shapely.transform(grids.cells, plane.to_degrees)
    _check("unit grids", cells)
    unit_grids: dict[str, shapely.Polygon] = {}
    duty_grids: dict[str, tuple[str, ...]] = {}
    communities: dict[str, shapely.Polygon] = {}
    for number, code in enumerate(codes):
        mine = np.flatnonzero(owner == number)
        mine = mine[_reading_order(grids, mine)]
        coded = {unit_grid_code(code, n): cells[cell] for n, cell in enumerate(mine, 1)}
        unit_grids |= coded
        communities[code] = merged_whole(coded.values())
        for serial, members in enumerate(_groups(list(coded), group[mine]), 1):
            duty_grids[duty_grid_code(code, serial)] = members
    streets = _by_prefix(communities, 9)
    _check("streets", np.array(list(streets.values()), dtype=object))
    return Cut(_by_prefix(streets, 6)[codes[0][:6]], streets, communities, unit_grids, duty_grids)


def _reading_order(grids: Mesh, cells: Ints) -> Ints:
    return reading_order(grids.centres[cells], float(np.sqrt(grids.areas[cells].mean())))


def _groups(codes: list[str], group: Ints) -> list[tuple[str, ...]]:
    """Codes with the same group number together, in the order in which the groups first appear."""
    found: dict[int, list[str]] = {}
    for code, number in zip(codes, group.tolist(), strict=True):
        found.setdefault(number, []).append(code)
    return [tuple(members) for members in found.values()]


def _by_prefix(parts: dict[str, shapely.Polygon], digits: int) -> dict[str, shapely.Polygon]:
    """Parts with the same leading digits made one."""
    members: dict[str, list[shapely.Polygon]] = {}
    for code, polygon in parts.items():
        members.setdefault(code[:digits], []).append(polygon)
    return {code: merged_whole(polygons) for code, polygons in members.items()}


def _check(level: str, cells: Geometries) -> None:
    whole = shapely.get_type_id(cells) == shapely.GeometryType.POLYGON
    if not (whole & shapely.is_valid(cells)).all() or not shapely.coverage_is_valid(cells):
        raise BrokenCut(f"the {level} are not valid polygons without gaps and overlaps")
