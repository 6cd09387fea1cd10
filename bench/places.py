"""Places: points located per second, many at once and one by one, on the unit grids of the real district.

Many: the index in memory against Shapely's STRtree, both on whole arrays. One by one: the index, and the full
place with people on duty and managing bodies, against one prepared PostGIS SELECT that finds the grid alone.
"""

import time
from collections.abc import Callable, Iterable
from statistics import median

import numpy as np
import shapely
from django.db import connection

from yiwang.city.geo import queries, seed
from yiwang.city.geo.models import Area, UnitGrid
from yiwang.project.benching import Figure

DATABASE = True
ROUNDS = 3
SELECT = """
select code from geo_unitgrid
where st_covers(geometry, st_setsrid(st_point(%s, %s), 4326)) order by code limit 1
"""


def run(quick: bool) -> Iterable[Figure]:
    """All figures, on the seeded district."""
    seed.load()
    with connection.cursor() as cursor:
        cursor.execute("analyze")
    points = inside(200_000 if quick else 1_000_000)
    yield many(points)
    few = [(lon, lat) for lon, lat in points[: 3_000 if quick else 20_000].tolist()]
    yield from one_by_one(few)


def inside(count: int) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """Points [count, 2] spread evenly over the district."""
    land = shapely.from_wkb(bytes(Area.objects.get(level="district").geometry.wkb))
    shapely.prepare(land)
    west, south, east, north = land.bounds
    points = np.random.default_rng(1).uniform((west, south), (east, north), (3 * count, 2))
    return points[shapely.contains_xy(land, points)][:count]


def many(points: "np.ndarray[tuple[int, int], np.dtype[np.float64]]") -> Figure:
    """Whole arrays."""
    rows = UnitGrid.objects.order_by("code").values_list("geometry", flat=True)
    cells = shapely.from_wkb([bytes(shape.wkb) for shape in rows])
    tree, finder = shapely.STRtree(cells), queries.grid_finder()
    lons, lats = points[:, 0].copy(), points[:, 1].copy()
    ours = per_second(len(points), lambda: finder.find_many(lons, lats))
    theirs = per_second(len(points), lambda: tree.query(shapely.points(points), predicate="intersects"))
    size = f"{len(points)} points, {len(cells)} cells"
    return Figure(
        "points_at_once_per_s", ours, "points/s", "Shapely STRtree.query on the whole array", theirs, size
    )


def one_by_one(points: list[tuple[float, float]]) -> Iterable[Figure]:
    """Point after point."""
    finder = queries.grid_finder()
    connection.ensure_connection()
    raw = connection.connection.cursor()

    def select(lon: float, lat: float) -> object:
        return raw.execute(SELECT, (lon, lat), prepare=True).fetchone()

    def all_points(find: Callable[[float, float], object]) -> Callable[[], object]:
        return lambda: [find(lon, lat) for lon, lat in points]

    reference = per_second(len(points), all_points(select))
    beside, size = "one prepared PostGIS SELECT of the grid", f"{len(points)} points"
    yield Figure(
        "grid_of_one_point_per_s",
        per_second(len(points), all_points(finder.find)),
        "points/s",
        beside,
        reference,
        size,
    )
    whole = per_second(len(points), all_points(queries.locate))
    yield Figure("place_of_one_point_per_s", whole, "points/s", beside, reference, size)


def per_second(count: int, work: Callable[[], object]) -> float:
    """The median rate of a few rounds after one that warms up."""
    work()
    rates = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        rates.append(count / (time.perf_counter() - began))
    return median(rates)
