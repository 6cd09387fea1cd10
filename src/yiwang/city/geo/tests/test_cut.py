"""The cut of the real district is exact at every level, whatever the seed."""

from itertools import pairwise

import numpy as np
import pytest
import shapely

from yiwang.city.geo.cut.district import Cut, cut_district
from yiwang.city.geo.district_folder import District


def union(shapes: "dict[str, shapely.Polygon] | list[shapely.Polygon]") -> shapely.Geometry:
    return shapely.coverage_union_all(list(shapes.values()) if isinstance(shapes, dict) else shapes)


def prove_exact(cut: Cut) -> None:
    for level in (cut.streets, cut.communities, cut.unit_grids):
        shapes = np.array(list(level.values()))
        assert shapely.is_valid(shapes).all()
        assert (shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON).all()
        assert shapely.coverage_is_valid(shapes)
        assert union(level).equals(cut.district)
        assert shapely.area(shapes).sum() == pytest.approx(cut.district.area, rel=1e-12)
    for child_level, parent_level, digits in (
        (cut.communities, cut.streets, 9),
        (cut.unit_grids, cut.communities, 12),
    ):
        children: dict[str, list[shapely.Polygon]] = {}
        for code, shape in child_level.items():
            children.setdefault(code[:digits], []).append(shape)
        assert set(children) == set(parent_level)
        assert all(union(parts).equals(parent_level[code]) for code, parts in children.items())


def test_every_level_covers_the_one_above_without_gap_or_overlap(cut: Cut) -> None:
    prove_exact(cut)


def test_so_it_is_with_another_seed(district: District) -> None:
    other = cut_district(district.plan(), 20)
    prove_exact(other)
    assert all(other.streets[code].contains(shapely.Point(at)) for code, at in district.points.items())


def test_the_same_seed_gives_the_same_cut(district: District, cut: Cut) -> None:
    again = cut_district(district.plan(), 420117)
    assert again.duty_grids == cut.duty_grids
    assert list(again.unit_grids) == list(cut.unit_grids)
    assert all(again.unit_grids[code].equals_exact(shape, 0) for code, shape in cut.unit_grids.items())


def test_codes_are_those_of_the_list(district: District, cut: Cut) -> None:
    assert set(cut.streets) == {area.code for area in district.areas if area.level == "street"}
    assert set(cut.communities) == {area.code for area in district.areas if area.level == "community"}
    assert {code[:12] for code in cut.unit_grids} == set(cut.communities)
    assert {code[:12] for code in cut.duty_grids} == set(cut.communities)
    assert all(len(code) == 15 and code.isdecimal() for code in cut.unit_grids)


def test_there_are_some_thousand_unit_grids(cut: Cut) -> None:
    assert 2_500 <= len(cut.unit_grids) <= 4_000


def test_coordinates_have_six_decimals(cut: Cut) -> None:
    corners = shapely.get_coordinates(list(cut.unit_grids.values()))
    assert (corners.round(6) == corners).all()


def test_the_district_is_the_shipped_outline(district: District, cut: Cut) -> None:
    assert cut.district.symmetric_difference(district.outline).area < 1e-5 * district.outline.area


def test_every_street_holds_its_own_point(district: District, cut: Cut) -> None:
    for code, point in district.points.items():
        assert cut.streets[code].contains(shapely.Point(point))


def test_streets_with_more_villages_are_larger(district: District, cut: Cut) -> None:
    plan = {street.code: street.weight for street in district.plan().streets}
    wished = np.array([plan[code] for code in cut.streets])
    got = np.array([shape.area for shape in cut.streets.values()])
    assert np.corrcoef(wished, got)[0, 1] > 0.95


def test_urban_communities_are_small_and_lie_in_town(district: District, cut: Cut) -> None:
    kinds = {area.code: area.kind for area in district.areas}
    sizes: dict[bool, list[float]] = {True: [], False: []}
    distances: dict[bool, list[float]] = {True: [], False: []}
    for code, shape in cut.communities.items():
        urban = kinds[code] == "community"
        sizes[urban].append(shape.area)
        distances[urban].append(shape.centroid.distance(shapely.Point(district.points[code[:9]])))
    assert np.median(sizes[True]) < np.median(sizes[False]) / 3
    assert max(distances[True]) < np.median(distances[False])


def test_serials_run_without_gap_from_the_north_west_to_the_south_east(cut: Cut) -> None:
    by_community: dict[str, list[str]] = {}
    for code in cut.unit_grids:
        by_community.setdefault(code[:12], []).append(code)
    for community, codes in by_community.items():
        assert codes == [f"{community}{n:03d}" for n in range(1, len(codes) + 1)]
        centres = [cut.unit_grids[code].centroid for code in codes]
        # As on a page: the next grid lies further east, or the line has changed and it lies further south.
        assert all(b.x > a.x or b.y < a.y for a, b in pairwise(centres))


def test_duty_grids_share_out_all_unit_grids_among_neighbours(cut: Cut) -> None:
    members = [member for group in cut.duty_grids.values() for member in group]
    assert sorted(members) == sorted(cut.unit_grids)
    for code, group in cut.duty_grids.items():
        assert all(member.startswith(code[:12]) for member in group)
        assert union([cut.unit_grids[member] for member in group]).geom_type == "Polygon"
        assert len(group) <= 25


def test_borders_are_not_straight(cut: Cut) -> None:
    shapes = list(cut.streets.values())
    inner = shapely.union_all([shape.exterior for shape in shapes]).difference(
        cut.district.exterior.buffer(0.002)
    )
    lines = shapely.get_parts(shapely.line_merge(inner))
    lines = lines[shapely.length(lines) > 0.02]
    ends = shapely.distance(shapely.get_point(lines, 0), shapely.get_point(lines, -1))
    assert np.median(shapely.length(lines) / np.maximum(ends, 1e-9)) > 1.1
