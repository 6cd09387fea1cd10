"""Positions that are believed, stops and mileage: by properties, and on real tracks."""

import csv
import gzip
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.sensing.fleet import rules
from yiwang.sensing.fleet.rules import REACH, Doors, Fix, Quality

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
LON, LAT = 114.80, 30.84
METRE = 1 / 111_195
walks = st.lists(
    st.tuples(
        st.integers(1, 90),
        st.floats(-400, 400),
        st.floats(-400, 400),
        st.sampled_from([5.0, 20.0, 60.0, 300.0]),
    ),
    min_size=1,
    max_size=25,
)


def fixes(walk: list[tuple[int, float, float, float]]) -> list[Fix]:
    at, found = AT, []
    for seconds, north, east, accuracy in walk:
        at += timedelta(seconds=seconds)
        found.append(Fix(at, LON + east * METRE, LAT + north * METRE, accuracy))
    return found


def straight(count: int, *, metres: float = 10.0, seconds: int = 10) -> list[Fix]:
    return [
        Fix(AT + timedelta(seconds=seconds * n), LON, LAT + metres * METRE * n, 8.0) for n in range(count)
    ]


def judged(known: Sequence[Fix]) -> list[Quality]:
    return rules.qualities(known, coarse_m=100)


@given(walks, st.integers(0, 24))
def test_a_verdict_depends_on_the_neighbours_alone(
    walk: list[tuple[int, float, float, float]], place: int
) -> None:
    known = [fix for fix in fixes(walk) if (fix.accuracy_m or 0) <= 100]
    if place < len(known):
        begin = max(place - REACH, 0)
        part = known[begin : place + REACH + 1]
        assert judged(part)[place - begin] is judged(known)[place]


def test_a_walk_is_believed_a_spike_in_it_is_not() -> None:
    known = straight(12)
    assert judged(known) == [Quality.GOOD] * 12
    known[6] = Fix(known[6].at, LON + 0.05, LAT, 8.0)
    assert judged(known) == [Quality.GOOD] * 6 + [Quality.JUMP] + [Quality.GOOD] * 5


def test_two_spikes_side_by_side_are_found_too() -> None:
    known = straight(12)
    known[5] = Fix(known[5].at, LON + 0.05, LAT, 8.0)
    known[6] = Fix(known[6].at, LON - 0.05, LAT, 8.0)
    assert [n for n, one in enumerate(judged(known)) if one is not Quality.GOOD] == [5, 6]


def test_to_and_fro_is_zigzag_and_turning_back_once_is_not() -> None:
    there = straight(6, metres=60)
    back = [
        Fix(there[-1].at + timedelta(seconds=10 * n), LON, there[-1].lat - 60 * METRE * n, 8.0)
        for n in range(1, 6)
    ]
    assert set(judged(there + back)) == {Quality.GOOD}
    shaking = [
        Fix(AT + timedelta(seconds=10 * n), LON + (50 * METRE if n % 2 else 0), LAT, 8.0) for n in range(6)
    ]
    assert judged(shaking)[1:-1] == [Quality.ZIGZAG] * 4


def test_a_spike_is_found_where_its_speed_alone_would_pass() -> None:
    known = straight(12, metres=30, seconds=30)
    known[6] = Fix(known[6].at, LON + 1200 * METRE, known[6].lat, 8.0)
    assert judged(known) == [Quality.GOOD] * 6 + [Quality.JUMP] + [Quality.GOOD] * 5


def test_after_a_gap_one_may_be_anywhere() -> None:
    far = Fix(AT + timedelta(hours=1), LON + 0.3, LAT, 8.0)
    assert judged([*straight(4), far]) == [Quality.GOOD] * 5


@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 100)), max_size=30))
def test_every_position_of_a_batch_is_counted_once(batch: list[tuple[int, int]]) -> None:
    points = [Fix(AT + timedelta(days=4 * days, minutes=minute), LON, LAT) for days, minute in batch]
    duty = [(AT, AT + timedelta(minutes=50)), (AT - timedelta(days=4), AT - timedelta(days=3))]
    taken, repeated, refused = rules.sort_out(points, Doors(AT + timedelta(hours=1), duty))
    assert len(taken) + repeated + sum(refused.values()) == len(batch)
    assert [fix.at for fix in taken] == sorted({fix.at for fix in taken})
    assert all(any(begin <= fix.at < end for begin, end in duty) for fix in taken)


tracks = st.lists(
    st.tuples(st.integers(1, 400), st.floats(-60, 60), st.floats(-60, 60)), min_size=2, max_size=60
)


def arrays(steps: list[tuple[int, float, float]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    table = np.array(steps, dtype=np.float64)
    return np.cumsum(table[:, 0]), LON + np.cumsum(table[:, 1]) * METRE, LAT + np.cumsum(table[:, 2]) * METRE


def plain_stops(
    at: np.ndarray, lon: np.ndarray, lat: np.ndarray, radius: float, least: float
) -> list[tuple[int, int]]:
    """Stay points as the paper words them, one comparison after another."""
    found, first = [], 0
    while first < len(at):
        beyond = first + 1
        while (
            beyond < len(at)
            and rules.trails.distances_m(lon[first], lat[first], lon[beyond], lat[beyond]) <= radius
        ):
            beyond += 1
        if at[beyond - 1] - at[first] >= least:
            found.append((first, beyond - 1))
            first = beyond
        else:
            first += 1
    return found


@given(tracks, st.sampled_from([30.0, 100.0]), st.sampled_from([300.0, 600.0]))
def test_stops_are_those_of_the_plain_definition(
    steps: list[tuple[int, float, float]], radius: float, least: float
) -> None:
    at, lon, lat = arrays(steps)
    found = rules.stops(at, lon, lat, radius_m=radius, least_s=least)
    assert [(stop.first, stop.last) for stop in found] == plain_stops(at, lon, lat, radius, least)


@given(tracks)
def test_the_parts_of_a_trail_are_all_of_it_and_their_lengths_add_up(
    steps: list[tuple[int, float, float]],
) -> None:
    at, lon, lat = arrays(steps)
    parts = list(rules.segments(at))
    assert [n for part in parts for n in range(part.start, part.stop)] == list(range(len(at)))
    total = sum(rules.mileage_m(at[part], lon[part], lat[part]) for part in parts)
    assert total == pytest.approx(rules.mileage_m(at, lon, lat))
    for part in parts:
        kept = rules.simplified(lon[part], lat[part])
        assert kept == sorted(set(kept))
        assert {0, part.stop - part.start - 1} <= set(kept)


def test_real_days_have_the_length_that_others_found_and_the_stops_of_the_definition(data_dir: Path) -> None:
    folder = data_dir / "trajectories"
    days: dict[tuple[str, str], list[tuple[float, float, float]]] = {}
    with gzip.open(folder / "geolife_sample.csv.gz", "rt") as lines:
        for row in csv.DictReader(lines):
            at = datetime.fromisoformat(row["time"]).replace(tzinfo=UTC).timestamp()
            days.setdefault((row["user"], row["time"][:10]), []).append(
                (at, float(row["lon"]), float(row["lat"]))
            )
    # Of the facts beside the tracks only these two columns say something: gaps and stops are 0 on every day there.
    with (folder / "geolife_day_facts.csv").open() as lines:
        facts = list(csv.DictReader(lines))
    assert facts
    for number, fact in enumerate(facts):
        at, lon, lat = np.array(days[fact["user"], fact["day"]]).T
        assert len(at) == int(fact["points"])
        length = rules.mileage_m(at, lon, lat, gap_s=np.inf)
        assert length == pytest.approx(float(fact["length_m"]), rel=0.005)
        if number < 2:
            found = rules.stops(at, lon, lat, radius_m=100, least_s=600)
            assert [(stop.first, stop.last) for stop in found] == plain_stops(at, lon, lat, 100, 600)
            assert found
