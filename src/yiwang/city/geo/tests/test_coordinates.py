"""Conversions between datums, against published formulas' points and by their properties."""

import csv
from collections.abc import Callable, Iterator
from math import cos, hypot, radians
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.city.geo.coordinates import (
    Point,
    bd09_to_gcj02,
    bd09_to_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    shifted_here,
    to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)

Convert = Callable[[float, float], Point]
in_china = {"lon": st.floats(73, 136), "lat": st.floats(2, 54)}
HALF_A_METRE = 0.5


def metres(a: Point, b: Point) -> float:
    return hypot((a[0] - b[0]) * 111_320 * cos(radians(a[1])), (a[1] - b[1]) * 110_900)


def cases(data_dir: Path) -> Iterator[dict[str, Point]]:
    with (data_dir / "boundaries" / "point_cases.csv").open() as file:
        for row in csv.DictReader(file):
            yield {d: (float(row[f"lon_{d}"]), float(row[f"lat_{d}"])) for d in ("wgs84", "gcj02", "bd09")}


@pytest.mark.parametrize(
    ("convert", "given_in", "wanted_in"),
    [
        (wgs84_to_gcj02, "wgs84", "gcj02"),
        (gcj02_to_wgs84, "gcj02", "wgs84"),
        (gcj02_to_bd09, "gcj02", "bd09"),
        (bd09_to_gcj02, "bd09", "gcj02"),
        (wgs84_to_bd09, "wgs84", "bd09"),
        (bd09_to_wgs84, "bd09", "wgs84"),
    ],
)
def test_real_points(data_dir: Path, convert: Convert, given_in: str, wanted_in: str) -> None:
    tried = 0
    for case in cases(data_dir):
        assert metres(convert(*case[given_in]), case[wanted_in]) < HALF_A_METRE
        tried += 1
    assert tried == 480


@given(**in_china)
def test_gcj02_there_and_back(lon: float, lat: float) -> None:
    assert metres(gcj02_to_wgs84(*wgs84_to_gcj02(lon, lat)), (lon, lat)) < 0.001


@given(**in_china)
def test_bd09_there_and_back(lon: float, lat: float) -> None:
    assert metres(bd09_to_gcj02(*gcj02_to_bd09(lon, lat)), (lon, lat)) < 0.001
    assert metres(bd09_to_wgs84(*wgs84_to_bd09(lon, lat)), (lon, lat)) < 0.001


@given(lon=st.floats(108, 116), lat=st.floats(29, 33))
def test_in_hubei_the_shift_is_some_hundred_metres(lon: float, lat: float) -> None:
    assert 300 < metres(wgs84_to_gcj02(lon, lat), (lon, lat)) < 700


@given(lon=st.floats(-180, 180), lat=st.floats(-90, 90))
def test_outside_china_nothing_moves(lon: float, lat: float) -> None:
    if not shifted_here(lon, lat):
        for convert in (wgs84_to_gcj02, gcj02_to_wgs84, gcj02_to_bd09, bd09_to_gcj02):
            assert convert(lon, lat) == (lon, lat)


@pytest.mark.parametrize("point", [(2.35, 48.86), (-74, 40.7), (138, 30), (114, 56), (114, 0)])
def test_paris_new_york_and_just_outside_stay(point: Point) -> None:
    assert wgs84_to_bd09(*point) == bd09_to_wgs84(*point) == point


def test_a_datum_is_chosen_by_name() -> None:
    here = (114.8, 30.84)
    assert to_wgs84(*here, "wgs84") == here
    assert to_wgs84(*wgs84_to_gcj02(*here), "gcj02") == pytest.approx(here, abs=1e-9)
    assert to_wgs84(*wgs84_to_bd09(*here), "bd09") == pytest.approx(here, abs=1e-9)
