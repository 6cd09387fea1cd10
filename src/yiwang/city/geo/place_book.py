"""What stands at many points on many days, without a query for each: the district's map read into memory once.

Gives what `find_place` gives. For streams of the past, where a query for each point would be most of the work.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely

from yiwang.city.geo.models import Area, DutyAssignment, DutyGrid, ManagingBody, UnitGrid
from yiwang.city.geo.place_index import OUTSIDE, TOLERANCE_DEGREES, PlaceIndex
from yiwang.city.geo.places import DutyPerson, Named, Place

MOST_KEPT = 50_000  # places by grid and day, about 1 kB each

Period = tuple[date | None, date | None]


def holds(period: Period, day: date) -> bool:
    """Whether a half-open period holds on a day; an empty end is for ever."""
    return (period[0] is None or period[0] <= day) and (period[1] is None or day < period[1])


class PlaceBook:
    """The map as it was on every day, as of the moment of reading."""

    def __init__(self) -> None:
        rows = UnitGrid.objects.order_by("code").values_list(
            "pk", "code", "community_id", "geometry", "valid_from", "valid_to"
        )
        self._grids = [(pk, code, community, bytes(shape.wkb), (start, end))
                       for pk, code, community, shape, start, end in rows]  # fmt: skip
        self._turns = sorted({day for *_, period in self._grids for day in period if day is not None})
        self._indexes: dict[int, tuple[PlaceIndex | None, list[Any]]] = {}
        self._areas = {area.code: area for area in Area.objects.defer("geometry")}
        self._duty_grids = _duty_grids()
        self._people = _people()
        self._bodies = _Bodies()
        self._places: dict[tuple[int, date, tuple[int, ...]], Place] = {}

    def find(self, points: Sequence[tuple[float, float]], days: Sequence[date]) -> list[Place | None]:
        """The place at each point (lon/lat, WGS 84) on its day; None outside the district."""
        found: list[Place | None] = [None] * len(points)
        by_turn: dict[int, list[int]] = defaultdict(list)
        for number, day in enumerate(days):
            by_turn[bisect_right(self._turns, day)].append(number)
        bodies = self._bodies.at(points, days)
        for turn, numbers in by_turn.items():
            index, grids = self._index(turn, days[numbers[0]])
            if index is None:
                continue
            there = np.array([points[n] for n in numbers], dtype=np.float64)
            cells = index.find_many(there[:, 0].copy(), there[:, 1].copy())
            for number, cell in zip(numbers, cells.tolist(), strict=True):
                if cell != OUTSIDE:
                    found[number] = self._place(grids[cell], days[number], bodies[number])
        return found

    def _index(self, turn: int, day: date) -> tuple[PlaceIndex | None, list[Any]]:
        """The grids between two changes of the map."""
        if turn not in self._indexes:
            grids = [grid for grid in self._grids if holds(grid[4], day)]
            shapes = shapely.from_wkb([grid[3] for grid in grids])
            self._indexes[turn] = (PlaceIndex(shapes) if grids else None, grids)
        return self._indexes[turn]

    def _place(self, grid: Any, day: date, bodies: tuple[int, ...]) -> Place:
        key = (grid[0], day, bodies)
        if key not in self._places:
            if len(self._places) >= MOST_KEPT:
                self._places.clear()
            self._places[key] = self._made(grid, day, bodies)
        return self._places[key]

    def _made(self, grid: Any, day: date, bodies: tuple[int, ...]) -> Place:
        pk, code, community_code, _, _ = grid
        community = self._areas[community_code]
        street = self._areas[community.parent_id or ""]
        district = self._areas[street.parent_id or ""]
        duty = next((row for row in self._duty_grids.get(pk, ()) if holds(row[2], day)), None)
        people = self._people.get(duty[0], ()) if duty else ()
        classes = (area.management_class for area in (community, street, district))
        return Place(
            district=_named(district),
            street=_named(street),
            community=_named(community),
            unit_grid=code,
            duty_grid=duty[1] if duty else None,
            duty_people=tuple(
                person for person, periods in people if all(holds(period, day) for period in periods)
            ),
            managing_bodies=tuple(self._bodies.names[body] for body in bodies),
            area_class=next((one for one in classes if one is not None), None),
        )


class _Bodies:
    """Managing bodies, the smallest first."""

    def __init__(self) -> None:
        rows = list(ManagingBody.objects.order_by("area_m2", "code"))
        self.names = [Named(row.code, row.name, row.name_en) for row in rows]
        self._periods: list[Period] = [(row.valid_from, row.valid_to) for row in rows]
        self._tree = shapely.STRtree(shapely.from_wkb([bytes(row.geometry.wkb) for row in rows]))

    def at(self, points: Sequence[tuple[float, float]], days: Sequence[date]) -> list[tuple[int, ...]]:
        """The bodies of each point on its day."""
        found: list[list[int]] = [[] for _ in points]
        if self.names and points:
            where = shapely.points(np.array(points, dtype=np.float64))
            pairs = self._tree.query(where, predicate="dwithin", distance=TOLERANCE_DEGREES)
            for number, body in zip(*pairs.tolist(), strict=True):
                if holds(self._periods[body], days[number]):
                    found[number].append(body)
        return [tuple(sorted(bodies)) for bodies in found]


def _named(area: Area) -> Named:
    return Named(area.code, area.name, area.name_en)


def _duty_grids() -> dict[int, list[tuple[int, Named, Period]]]:
    """The duty grids of each unit grid, the lowest code first."""
    found: dict[int, list[tuple[int, Named, Period]]] = defaultdict(list)
    links: Iterable[Any] = DutyGrid.unit_grids.through.objects.order_by("dutygrid__code").values_list(
        "unitgrid_id", "dutygrid_id", "dutygrid__code", "dutygrid__name", "dutygrid__name_en",
        "dutygrid__valid_from", "dutygrid__valid_to",
    )  # fmt: skip
    for grid, duty, code, name, name_en, start, end in links:
        found[grid].append((duty, Named(code, name, name_en), (start, end)))
    return found


def _people() -> dict[int, list[tuple[DutyPerson, tuple[Period, Period]]]]:
    """Who is on duty in each duty grid and when, who is asked first before the others."""
    found: dict[int, list[tuple[DutyPerson, tuple[Period, Period]]]] = defaultdict(list)
    rows: Iterable[Any] = (
        DutyAssignment.objects.filter(assignment__user__is_active=True)
        .order_by("kind", "pk")
        .values_list(
            "duty_grid_id", "kind", "assignment__user_id", "assignment__user__name", "assignment__post__name",
            "valid_from", "valid_to", "assignment__valid_from", "assignment__valid_to",
        )
    )  # fmt: skip
    for grid, kind, user, name, post, start, end, since, until in rows:
        found[grid].append((DutyPerson(kind, user, name, post), ((start, end), (since, until))))
    return found
