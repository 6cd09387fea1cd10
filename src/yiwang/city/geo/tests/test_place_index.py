"""The index in memory gives what the exact shapes give."""

from functools import cache

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from yiwang.city.geo.arrays import Geometries
from yiwang.city.geo.cut.district import Cut
from yiwang.city.geo.place_index import OUTSIDE, PlaceIndex, crossed_pixels

in_unit = st.floats(-0.2, 3.2, allow_nan=False)


@pytest.fixture(scope="module")
def grids(cut: Cut) -> Geometries:
    return np.array([cut.unit_grids[code] for code in sorted(cut.unit_grids)], dtype=object)


@pytest.fixture(scope="module")
def index(grids: Geometries) -> PlaceIndex:
    return PlaceIndex(grids)


def test_random_points_of_the_whole_district(index: PlaceIndex, grids: Geometries) -> None:
    points = np.random.default_rng(3).uniform((114.4, 30.5), (115.1, 31.1), (50_000, 2))
    found = index.find_many(points[:, 0], points[:, 1])
    where, cell = shapely.STRtree(grids).query(shapely.points(points), predicate="intersects")
    expected = np.full(len(points), OUTSIDE)
    expected[where[::-1]] = cell[::-1]
    # Within a millimetre of a border the first of both cells counts, which the plain test does not know.
    for n in np.flatnonzero(found != expected).tolist():
        assert shapely.dwithin(grids[found[n]], shapely.Point(points[n]), 1e-8)
    assert (found == expected).mean() > 0.999
    assert (found == OUTSIDE).any()


def test_one_point_is_found_as_many_are(index: PlaceIndex) -> None:
    points = np.random.default_rng(4).uniform((114.45, 30.55), (115.1, 31.05), (5_000, 2))
    many = index.find_many(points[:, 0], points[:, 1]).tolist()
    assert [index.find(lon, lat) for lon, lat in points.tolist()] == many


def test_corners_and_middles_of_borders_belong_to_the_first_cell(
    index: PlaceIndex, grids: Geometries
) -> None:
    corners = shapely.get_coordinates(grids)[::7]
    middles = (corners + np.roll(shapely.get_coordinates(grids), -1, axis=0)[::7]) / 2
    tree = shapely.STRtree(grids)
    for points in (corners, middles):
        found = index.find_many(points[:, 0], points[:, 1])
        where, cell = tree.query(shapely.points(points), predicate="dwithin", distance=1e-8)
        lowest = np.full(len(points), len(grids))
        np.minimum.at(lowest, where, cell)
        inside = lowest < len(grids)
        assert (found[inside] == lowest[inside]).all()
        assert (found[~inside] == OUTSIDE).all()


CORE = shapely.box(1, 1, 2, 2)
RING_CORE_AND_ONE_APART = (
    shapely.box(0, 0, 3, 2.5).difference(CORE),
    CORE,
    shapely.box(2.5, 2.8, 3.1, 3.0),
)


@cache
def small_index() -> PlaceIndex:
    return PlaceIndex(np.array(RING_CORE_AND_ONE_APART, dtype=object))


@given(lon=in_unit, lat=in_unit)
def test_a_ring_with_a_core_and_a_piece_apart(lon: float, lat: float) -> None:
    point = shapely.Point(lon, lat)
    near = [n for n, cell in enumerate(RING_CORE_AND_ONE_APART) if cell.dwithin(point, 1e-8)]
    expected = near[0] if near else OUTSIDE
    assert small_index().find(lon, lat) == expected
    assert small_index().find_many(np.array([lon]), np.array([lat])).tolist() == [expected]


def test_far_away_and_senseless_points_are_outside(index: PlaceIndex) -> None:
    for lon, lat in ((0.0, 0.0), (-180, 90), (1e300, 1e300), (float("nan"), 30.0), (float("inf"), 30.0)):
        assert index.find(lon, lat) == OUTSIDE
        assert index.find_many(np.array([lon]), np.array([lat])).tolist() == [OUTSIDE]


@given(
    begin=st.tuples(st.floats(0, 9), st.floats(0, 9)),
    end=st.tuples(st.floats(0, 9), st.floats(0, 9)),
    share=st.floats(0, 1),
)
def test_every_point_of_a_segment_lies_in_a_crossed_pixel(
    begin: tuple[float, float], end: tuple[float, float], share: float
) -> None:
    _, x, y = crossed_pixels(np.array([begin]), np.array([end]))
    at = np.array(begin) + share * (np.array(end) - np.array(begin))
    boxes = shapely.box(x, y, x + 1, y + 1)
    assert shapely.distance(boxes, shapely.Point(at)).min() < 1e-6
