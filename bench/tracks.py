"""Tracks: mileage and stops of real trails per second, on 42 days of people (GeoLife) and 20 vehicles at 1 Hz (pNEUMA).

Beside them the same by plain means: haversine point after point, and stay points as the paper words them, with NumPy
looking at all that follows. The share of stops that both find alike is a figure of its own, and so is the share of
planted outliers that the drift filter finds and of true positions that it leaves alone.
"""

import csv
import gzip
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from math import asin, cos, radians, sin, sqrt
from random import Random
from statistics import median

import numpy as np

from yiwang.project.benching import Figure
from yiwang.project.environment import ENV
from yiwang.sensing.fleet import rules
from yiwang.sensing.fleet.rules import Fix, Quality
from yiwang.sensing.fleet.rules.trails import EARTH_M, Floats, distances_m

DATABASE = False
ROUNDS = 5
RADIUS_M, LEAST_S = 100.0, 600.0
Track = tuple[Floats, Floats, Floats]
FOLDER = ENV.data_dir / "trajectories"


def run(quick: bool) -> Iterable[Figure]:
    """All figures."""
    tracks = [*people(), *vehicles()]
    if quick:
        tracks = tracks[:12]
    points = sum(len(at) for at, _, _ in tracks)
    size = f"{len(tracks)} trails, {points} positions"
    rounds = 1 if quick else ROUNDS
    ours = per_second(points, lambda: [rules.mileage_m(*track) for track in tracks], rounds)
    theirs = per_second(points, lambda: [plain_mileage(*track) for track in tracks], rounds)
    yield Figure("mileage_positions_per_s", ours, "positions/s", "haversine point by point", theirs, size)
    found = [found_stops(track) for track in tracks]
    plain = [plain_stops(*track) for track in tracks]
    ours = per_second(points, lambda: [found_stops(track) for track in tracks], rounds)
    theirs = per_second(points, lambda: [plain_stops(*track) for track in tracks], rounds)
    beside = "stay points by NumPy, all that follows looked at for each"
    yield Figure("stops_positions_per_s", ours, "positions/s", beside, theirs, size)
    same = sum(len(set(one) & set(other)) for one, other in zip(found, plain, strict=True))
    union = sum(len(set(one) | set(other)) for one, other in zip(found, plain, strict=True))
    yield Figure("stops_alike_share", same / max(union, 1), "share", beside, 1.0, f"{union} stops")
    yield from filtered(tracks, rounds)


def filtered(tracks: list[Track], rounds: int) -> Iterable[Figure]:
    """The drift filter on real trails with every fiftieth position thrown a kilometre or more away."""
    chance, spoilt = Random(1), []
    for at, lon, lat in tracks:
        order = sorted(set(range(len(at))), key=lambda n: at[n])
        fixes, planted = [], set()
        for place, n in enumerate(order):
            far = place % 50 == 25
            off = chance.choice((-1, 1)) * chance.uniform(0.01, 0.1) if far else 0.0
            planted |= {place} if far else set()
            fixes.append(Fix(datetime.fromtimestamp(at[n], UTC), lon[n] + off, lat[n]))
        spoilt.append((fixes, planted))
    points = sum(len(fixes) for fixes, _ in spoilt)
    judged = [rules.qualities(fixes, coarse_m=100) for fixes, _ in spoilt]
    rate = per_second(
        points, lambda: [rules.qualities(fixes, coarse_m=100) for fixes, _ in spoilt], min(rounds, 2)
    )
    size = f"{points} positions, one in fifty planted"
    caught = total = left = true = 0
    for (fixes, planted), verdicts in zip(spoilt, judged, strict=True):
        # What has no neighbour within two minutes cannot be told from a journey.
        apart = [
            abs((fixes[max(n - 1, 0)].at - fixes[n].at).total_seconds()) <= 60 for n in range(len(fixes))
        ]
        total += sum(apart[n] for n in planted)
        caught += sum(apart[n] and verdicts[n] is Quality.JUMP for n in planted)
        true += len(fixes) - len(planted)
        left += sum(q is Quality.GOOD for n, q in enumerate(verdicts) if n not in planted)
    plain = per_second(points, lambda: [plain_filter(fixes) for fixes, _ in spoilt], min(rounds, 2))
    dropped = [plain_filter(fixes) for fixes, _ in spoilt]
    wrong = sum(len(one - planted) for one, (_, planted) in zip(dropped, spoilt, strict=True))
    right = sum(len(one & planted) for one, (_, planted) in zip(dropped, spoilt, strict=True))
    beside, every = "speed from the last accepted position", sum(len(planted) for _, planted in spoilt)
    yield Figure("filter_positions_per_s", rate, "positions/s", beside, plain, size)
    yield Figure("outliers_found_share", caught / max(total, 1), "share", beside, right / max(every, 1), size)
    yield Figure(
        "true_positions_kept_share", left / max(true, 1), "share", beside, 1 - wrong / max(true, 1), size
    )


def plain_filter(fixes: list[Fix]) -> set[int]:
    """What most programs do: a position goes that cannot be reached from the last accepted one in time."""
    gone, last = set(), None
    for n, fix in enumerate(fixes):
        if last is not None:
            east = radians(fix.lon - last.lon) * cos(radians(fix.lat))
            metres = EARTH_M * sqrt(east**2 + radians(fix.lat - last.lat) ** 2)
            if metres > 50.0 * max((fix.at - last.at).total_seconds(), 1.0):
                gone.add(n)
                continue
        last = fix
    return gone


def found_stops(track: Track) -> list[tuple[int, int]]:
    """Ours, as first and last position."""
    return [(stop.first, stop.last) for stop in rules.stops(*track, radius_m=RADIUS_M, least_s=LEAST_S)]


def plain_stops(at: Floats, lon: Floats, lat: Floats) -> list[tuple[int, int]]:
    """Stay points (Li et al. 2008), one position after another, each against all that follow."""
    found, first = [], 0
    while first < len(at):
        outside = np.flatnonzero(distances_m(lon[first], lat[first], lon[first:], lat[first:]) > RADIUS_M)
        beyond = first + int(outside[0]) if len(outside) else len(at)
        if at[beyond - 1] - at[first] >= LEAST_S:
            found.append((first, beyond - 1))
            first = beyond
        else:
            first += 1
    return found


def plain_mileage(at: Floats, lon: Floats, lat: Floats) -> float:
    """Metres, one leg after another."""
    total = 0.0
    for n in range(1, len(at)):
        if at[n] - at[n - 1] <= rules.trails.GAP_S:
            phi, psi = radians(lat[n - 1]), radians(lat[n])
            half = (
                sin((psi - phi) / 2) ** 2 + cos(phi) * cos(psi) * sin(radians(lon[n] - lon[n - 1]) / 2) ** 2
            )
            total += 2 * EARTH_M * asin(sqrt(half))
    return total


def people() -> list[Track]:
    """User-days."""
    return read("geolife_sample.csv.gz", lambda row: (row["user"], row["time"][:10]))


def vehicles() -> list[Track]:
    """Vehicles."""
    return read("pneuma_athens_1hz.csv.gz", lambda row: row["track_id"])


def read(name: str, key: Callable[[dict[str, str]], object]) -> list[Track]:
    """The tracks of a file."""
    found: dict[object, list[tuple[float, float, float]]] = {}
    with gzip.open(FOLDER / name, "rt") as lines:
        for row in csv.DictReader(lines):
            at = datetime.fromisoformat(row["time"]).replace(tzinfo=UTC).timestamp()
            found.setdefault(key(row), []).append((at, float(row["lon"]), float(row["lat"])))
    return [tuple(column.copy() for column in np.array(rows).T) for rows in found.values()]  # type: ignore[misc]


def per_second(count: int, work: Callable[[], object], rounds: int) -> float:
    """The median rate of a few rounds."""
    rates = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        rates.append(count / (time.perf_counter() - began))
    return median(rates)
