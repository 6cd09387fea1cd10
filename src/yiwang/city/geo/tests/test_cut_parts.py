"""The parts of which a cut is made."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.city.geo.cut.mesh import Mesh, build_mesh, touching
from yiwang.city.geo.cut.numbering import duty_grid_code, reading_order, unit_grid_code
from yiwang.city.geo.cut.plane import Plane
from yiwang.city.geo.cut.regions import components, fitted_lead, in_one_piece, nearest, spread_seeds


def chequered(side: int) -> Mesh:
    """side * side squares of one metre, numbered row by row from the south-west."""
    cells = np.array([shapely.box(x, y, x + 1, y + 1) for y in range(side) for x in range(side)])
    edges, lengths = touching(cells)
    return Mesh(cells, shapely.get_coordinates(shapely.centroid(cells)), shapely.area(cells), edges, lengths)


def test_squares_touch_along_their_sides_only() -> None:
    mesh = chequered(2)
    assert mesh.edges.tolist() == [[0, 1], [0, 2], [1, 3], [2, 3]]
    assert mesh.lengths.tolist() == [1, 1, 1, 1]


def test_a_hole_is_a_border_too() -> None:
    ring = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))
    edges, lengths = touching(np.array([ring, shapely.box(1, 1, 2, 2)]))
    assert edges.tolist() == [[0, 1]]
    assert lengths.tolist() == [4]


@given(
    count=st.integers(1, 30),
    links=st.lists(st.tuples(st.integers(0, 29), st.integers(0, 29)), max_size=40),
)
def test_components_are_the_smallest_reachable_node(count: int, links: list[tuple[int, int]]) -> None:
    links = [(a % count, b % count) for a, b in links]
    found = components(count, np.array(links, dtype=np.int64).reshape(-1, 2))
    expected = list(range(count))
    for _ in range(count):
        for a, b in links:
            expected[a] = expected[b] = min(expected[a], expected[b])
    assert found.tolist() == expected


@given(labels=st.lists(st.integers(0, 3), min_size=36, max_size=36))
@settings(deadline=None)
def test_every_region_becomes_one_piece_and_none_is_lost(labels: list[int]) -> None:
    mesh, label = chequered(6), np.array(labels, dtype=np.int64)
    whole = in_one_piece(mesh, label, np.zeros(36, dtype=np.int64))
    assert set(whole.tolist()) == set(labels)
    for region in set(labels):
        assert shapely.union_all(mesh.cells[whole == region]).geom_type == "Polygon"


def test_nothing_changes_its_parent() -> None:
    mesh = chequered(2)
    parent = np.array([0, 1, 0, 1])
    label = np.array([0, 5, 1, 5])
    assert in_one_piece(mesh, label, parent).tolist() == [0, 5, 1, 5]


def test_a_parent_in_pieces_is_refused() -> None:
    mesh = chequered(2)
    with pytest.raises(ValueError, match="not in one piece"):
        in_one_piece(mesh, np.array([0, 1, 2, 0]), np.array([0, 1, 2, 0]))


def test_leads_bring_the_wished_shares() -> None:
    rng = np.random.default_rng(0)
    points, seeds = rng.uniform(0, 1000, (20_000, 2)), np.array([[250.0, 500], [750, 500], [500, 850]])
    wished, weights = np.array([5.0, 3, 2]), np.full(20_000, 50.0)
    label = nearest(points, seeds, fitted_lead(points, weights, seeds, wished))
    assert np.bincount(label) / 20_000 == pytest.approx(wished / 10, abs=0.01)


def test_a_seed_keeps_its_own_place_however_much_a_neighbour_wishes() -> None:
    rng = np.random.default_rng(0)
    points, seeds = rng.uniform(0, 1000, (5_000, 2)), np.array([[480.0, 500], [520, 500], [900, 100]])
    lead = fitted_lead(points, np.full(5_000, 200.0), seeds, np.array([1.0, 1000, 1]))
    assert nearest(seeds, seeds, lead).tolist() == [0, 1, 2]


def test_seeds_share_evenly() -> None:
    points = np.random.default_rng(1).uniform(0, 1, (4_000, 2))
    seeds = spread_seeds(points, np.ones(4_000), 10, np.random.default_rng(2), rounds=30)
    counts = np.bincount(nearest(points, seeds), minlength=10)
    assert counts.min() > 200
    assert counts.max() < 700


def test_one_reads_from_west_to_east_and_then_downward() -> None:
    points = np.array([[0.0, 0.0], [10, 0.1], [0, 10], [10, 9.5], [5, 10.2]])
    assert reading_order(points, 2.0).tolist() == [2, 4, 3, 0, 1]


def test_codes_of_grids() -> None:
    assert unit_grid_code("420117002001", 17) == "420117002001017"
    assert duty_grid_code("420117002001", 3) == "420117002001Z03"
    for serial in (0, 1000):
        with pytest.raises(ValueError, match="1 to 999"):
            unit_grid_code("420117002001", serial)
    for serial in (0, 100):
        with pytest.raises(ValueError, match="1 to 99"):
            duty_grid_code("420117002001", serial)


@given(lon=st.floats(114.4, 115.1), lat=st.floats(30.5, 31.1))
def test_the_plane_goes_there_and_back(lon: float, lat: float) -> None:
    plane = Plane(114.77, 30.79)
    there = plane.to_metres(np.array([[lon, lat]]))
    assert plane.to_degrees(there)[0] == pytest.approx([lon, lat], abs=5.1e-7)


def test_a_degree_is_a_degree_long() -> None:
    metres = Plane(114.77, 30.79).to_metres(np.array([[115.77, 31.79]]))[0]
    assert metres == pytest.approx([95_700, 110_870], rel=0.002)


def test_a_mesh_covers_its_outline_finely_where_wished() -> None:
    outline = shapely.Polygon([(0, 0), (10_000, 0), (9_000, 8_000), (5_000, 4_000), (0, 9_000)])

    def spacing(
        points: "np.ndarray[tuple[int, int], np.dtype[np.float64]]",
    ) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        return np.where(points[:, 0] < 2_000, 100.0, 400.0)

    mesh = build_mesh(outline, spacing, 800, np.random.default_rng(5))
    assert shapely.coverage_is_valid(mesh.cells)
    assert shapely.coverage_union_all(mesh.cells).symmetric_difference(outline).area < 1
    west = mesh.centres[:, 0] < 1_500
    assert np.median(mesh.areas[west]) < np.median(mesh.areas[mesh.centres[:, 0] > 3_000]) / 8
    assert (components(len(mesh.cells), mesh.edges) == 0).all()
