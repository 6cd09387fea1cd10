"""Labels the atoms of a mesh, level by level: streets, communities, unit grids, duty grids."""

from collections.abc import Callable

import numpy as np

from yiwang.city.geo.arrays import Bools, Floats, Ints
from yiwang.city.geo.cut.mesh import Mesh
from yiwang.city.geo.cut.plan import DistrictPlan, Sizes
from yiwang.city.geo.cut.regions import Waves, fitted_lead, in_one_piece, nearest, spread_seeds

STREET_WAVES = ((9_000.0, 900.0), (2_800.0, 260.0))
TOWN_WAVES = ((1_600.0, 300.0),)
COMMUNITY_WAVES = ((1_600.0, 110.0),)
ATOMS_PER_GRID = 5
"""A unit grid of fewer atoms would show their shape."""
VARIETY = 0.25
"""How unequal neighbouring villages are: share of a village's own size that its lead may be, to both sides."""


def town_radii(plan: DistrictPlan) -> Floats:
    """Radius [streets] in metres of each street's town: the room that its urban communities need."""
    urban = np.array([sum(c.urban for c in street.communities) for street in plan.streets])
    return np.asarray(np.sqrt(urban * plan.sizes.urban_community_m2 / np.pi))


def atom_spacing(centres: Floats, radii: Floats, sizes: Sizes) -> Callable[[Floats], Floats]:
    """The wished distance of atoms: fine in the towns, growing outside them."""
    towns, reach = centres[radii > 0], radii[radii > 0]

    def spacing(points: Floats) -> Floats:
        apart = np.hypot(points[:, None, 0] - towns[:, 0], points[:, None, 1] - towns[:, 1])
        outside = np.clip((apart / reach).min(axis=1) - 1.15, 0, None)
        wished: Floats = np.minimum(sizes.urban_atom_m + outside * 300, sizes.rural_atom_m)
        return wished

    return spacing


def label_streets(mesh: Mesh, centres: Floats, wished: Floats, rng: np.random.Generator) -> Ints:
    """The street [n] of each atom; areas come near the wished shares [streets], each holds its own point."""
    displaced = Waves(rng, STREET_WAVES)
    points, seeds = displaced(mesh.centres), displaced(centres)
    lead = fitted_lead(points, mesh.areas, seeds, wished)
    return in_one_piece(mesh, nearest(points, seeds, lead), np.zeros(len(points), dtype=np.int64))


def label_communities(
    mesh: Mesh, plan: DistrictPlan, centres: Floats, street: Ints, rng: np.random.Generator
) -> Ints:
    """The community [n] of each atom, numbered through all streets in the order of the plan."""
    label = np.empty(len(street), dtype=np.int64)
    wander, town_edge = Waves(rng, COMMUNITY_WAVES), Waves(rng, TOWN_WAVES)
    points, from_town = wander(mesh.centres), town_edge(mesh.centres)
    first = 0
    for number, item in enumerate(plan.streets):
        atoms = np.flatnonzero(street == number)
        urban = np.array([community.urban for community in item.communities])
        apart = np.hypot(*(from_town[atoms] - town_edge(centres[number : number + 1])).T)
        in_town = _town_atoms(mesh.areas[atoms], apart, urban, plan.sizes)
        label[atoms] = first + _communities_of(urban, points[atoms], mesh.areas[atoms], in_town, rng)
        first += len(item.communities)
    return in_one_piece(mesh, label, street)


def _town_atoms(areas: Floats, apart: Floats, urban: Bools, sizes: Sizes) -> Bools:
    """The atoms nearest to the town's point that together make the town; all of them if there are no villages."""
    inside = np.full(len(areas), fill_value=bool(urban.all()))
    if not urban.all():
        town_m2 = min(urban.sum() * sizes.urban_community_m2, 0.6 * areas.sum())
        order = np.argsort(apart, kind="stable")
        inside[order] = np.cumsum(areas[order]) <= town_m2
    return inside


def _communities_of(
    urban: Bools, points: Floats, areas: Floats, in_town: Bools, rng: np.random.Generator
) -> Ints:
    """The street's own number [n] of each atom's community: urban ones in the town, the others around it."""
    label = np.empty(len(points), dtype=np.int64)
    for members, atoms in ((np.flatnonzero(urban), in_town), (np.flatnonzero(~urban), ~in_town)):
        if len(members):
            label[atoms] = members[_shared(points[atoms], areas[atoms], len(members), rng)]
    return label


def _shared(points: Floats, areas: Floats, count: int, rng: np.random.Generator) -> Ints:
    """The atoms shared among `count` regions of like, not equal, size; each has one atom at least."""
    seeds = spread_seeds(points, areas, count, rng)
    lead = rng.uniform(-VARIETY, VARIETY, count) * areas.sum() / count
    label = nearest(points, seeds, lead)
    label[_own_cells(points, seeds)] = np.arange(count)
    return label


def _own_cells(points: Floats, seeds: Floats) -> Ints:
    """For each seed [k] a cell of its own near it, so that no region stays empty; there are k cells at least."""
    own = nearest(seeds, points)
    if len(np.unique(own)) == len(seeds):
        return own
    taken: list[int] = []
    for seed in seeds:
        near = np.argsort(((points - seed) ** 2).sum(axis=1), kind="stable")
        taken.append(next(cell for cell in near.tolist() if cell not in taken))
    return np.array(taken, dtype=np.int64)


def label_unit_grids(
    mesh: Mesh, community: Ints, urban: Bools, sizes: Sizes, rng: np.random.Generator
) -> Ints:
    """The unit grid [n] of each atom, numbered through all communities; one at least in each."""
    wanted_m2 = np.where(urban, sizes.urban_grid_m2, sizes.rural_grid_m2)
    counts = np.bincount(community, mesh.areas) / wanted_m2
    most = np.bincount(community) // ATOMS_PER_GRID
    return _split(mesh, community, np.clip(np.rint(counts), 1, np.maximum(most, 1)).astype(np.int64), rng)


def group_unit_grids(
    grids: Mesh, community: Ints, urban: Bools, sizes: Sizes, rng: np.random.Generator
) -> Ints:
    """The duty grid [n] of each unit grid: a few neighbours in town, most of a village in the country."""
    each = np.where(urban, sizes.urban_grids_per_duty_grid, sizes.rural_grids_per_duty_grid)
    return _split(grids, community, np.ceil(np.bincount(community) / each).astype(np.int64), rng)


def _split(mesh: Mesh, parent: Ints, counts: Ints, rng: np.random.Generator) -> Ints:
    """Each parent's cells shared among `counts` [parents] regions, numbered through all parents."""
    label = np.empty(len(parent), dtype=np.int64)
    members = np.split(np.argsort(parent, kind="stable"), np.cumsum(np.bincount(parent))[:-1])
    for first, count, cells in zip(np.cumsum(counts) - counts, counts, members, strict=True):
        label[cells] = first + _shared(mesh.centres[cells], mesh.areas[cells], int(count), rng)
    return in_one_piece(mesh, label, parent)
