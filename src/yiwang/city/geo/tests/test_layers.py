"""Layers keep their neighbours at every zoom."""

import json

import pytest
import shapely

from yiwang.city.geo import queries
from yiwang.city.geo.layers import FULL_ZOOM, LayerName, detail, features, tolerance_degrees
from yiwang.core.clock import today

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


def shapes(layer: LayerName, zoom: int) -> list[shapely.Geometry]:
    texts = features(layer, zoom, today(), queries.edition_number()).texts
    return [shapely.from_geojson(json.dumps(json.loads(text)["geometry"])) for text in texts]


@pytest.mark.parametrize("layer", ["streets", "communities", "duty-grids", "unit-grids"])
@pytest.mark.parametrize("zoom", [8, 10, 12, FULL_ZOOM])
def test_no_gap_opens_when_a_layer_is_simplified(layer: LayerName, zoom: int) -> None:
    found = shapes(layer, zoom)
    assert shapely.coverage_is_valid(found)
    assert all(shape.is_valid and not shape.is_empty for shape in found)
    assert len(getattr(shapely.coverage_union_all(found), "geoms", [1])) == 1


def test_fewer_points_are_sent_to_smaller_scales() -> None:
    points = [shapely.get_num_coordinates(shapes("streets", zoom)).sum() for zoom in (8, 10, FULL_ZOOM)]
    assert points[0] < points[1] / 2 < points[2] / 2


def test_simplified_shapes_stay_near_the_full_ones() -> None:
    pairs = list(zip(shapes("streets", 10), shapes("streets", FULL_ZOOM), strict=True))
    moved = sum(rough.symmetric_difference(full).area for rough, full in pairs)
    assert moved < 0.03 * sum(full.area for _, full in pairs)
    assert all(rough.hausdorff_distance(full) < 5 * tolerance_degrees(10) for rough, full in pairs)


@pytest.mark.parametrize(("zoom", "drawn"), [(None, 15), (22, 15), (15, 15), (14, 14), (7, 7), (0, 7)])
def test_zooms_that_look_alike_share_a_layer(zoom: int | None, drawn: int) -> None:
    assert detail(zoom) == drawn


def test_before_the_first_load_a_layer_is_empty() -> None:
    from datetime import date

    from yiwang.city.geo.models import Area

    Area.objects.update(valid_from=date(2026, 1, 1))
    assert features("streets", 10, date(2025, 1, 1), 0).within(None, 10) == (
        b'{"type":"FeatureCollection","features":[],"truncated":false}'
    )
