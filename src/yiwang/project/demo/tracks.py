"""Where the demo's grid officers walked in the last day: along the edges of their blocks, with pauses and noise."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from math import cos, hypot, radians
from random import Random

from yiwang.city.duty import queries as duty
from yiwang.city.geo import queries as geo
from yiwang.city.geo.models import DutyGrid, UnitGrid
from yiwang.core import clock
from yiwang.project.demo.duty import officers
from yiwang.sensing.fleet import ingest
from yiwang.sensing.fleet.ingest import Point

Node = tuple[float, float]
METRES = 111_195.0
EVERY_S = 30
WALKING_MPS = 1.25
BACK = timedelta(hours=24)
MOST_GRIDS = 3


def load(now: datetime, seed: int) -> dict[str, int]:
    """Send what their phones would have sent on duty since yesterday; how many positions were kept."""
    people = [user.pk for user in officers()]
    grids = geo.grids_of(people, now.astimezone(clock.LOCAL).date())
    kept = 0
    for number, person in enumerate(people):
        streets = edges(grids.get(person, ())[:MOST_GRIDS])
        if not streets:
            continue
        walk = Walk(streets, Random(f"tracks {seed} {number}"))  # noqa: S311
        mover = ingest.person(person)
        for shift in duty.spans_on_duty(person, now - BACK, now):
            begin, end = max(shift.starts_at, now - BACK), min(shift.ends_at, now)
            if begin < end:
                kept += ingest.take(mover, list(walk.points(begin, end)), end).kept
    return {"positions": kept}


def edges(codes: tuple[str, ...]) -> dict[Node, list[Node]]:
    """The edges of the unit grids of some duty grids as a net of corners (lon, lat)."""
    grids = DutyGrid.objects.filter(code__in=codes, valid_to__isnull=True)
    shapes = UnitGrid.objects.filter(duty_grids__in=grids).order_by("code").values_list("geometry", flat=True)
    net: dict[Node, set[Node]] = defaultdict(set)
    for shape in shapes:
        ring = [(round(lon, 6), round(lat, 6)) for lon, lat in shape[0].coords]
        for one, other in pairwise(ring):
            if one != other:
                net[one].add(other)
                net[other].add(one)
    return {node: sorted(beside) for node, beside in net.items()}


@dataclass
class Walk:
    """Somebody on their way through a net, never straight back where they came from."""

    net: dict[Node, list[Node]]
    chance: Random
    here: Node = field(init=False)
    before: Node | None = None
    noise: Node = (0.0, 0.0)

    def __post_init__(self) -> None:
        self.here = self.chance.choice(sorted(self.net))

    def points(self, begin: datetime, end: datetime) -> Iterator[Point]:
        """A position every half minute; now and then a pause, rarely one that is wrong."""
        at, battery = begin, 100.0
        for lon, lat, speed in self.steps():
            if at >= end:
                return
            battery = max(battery - 0.06, 8.0)
            self.noise = tuple(0.8 * one + self.chance.gauss(0, 1.6) for one in self.noise)  # type: ignore[assignment]
            off = self.chance.random()
            east, north = (
                self.noise if off > 0.004 else (self.chance.gauss(0, 3000), self.chance.gauss(0, 3000))
            )
            yield Point(
                at,
                lon + east / METRES / cos(radians(lat)),
                lat + north / METRES,
                accuracy_m=round(
                    self.chance.uniform(4, 14) if off < 0.985 else self.chance.uniform(120, 400), 1
                ),
                speed_mps=round(speed, 2),
                battery=round(battery),
            )
            at += timedelta(seconds=EVERY_S)

    def steps(self) -> Iterator[tuple[float, float, float]]:
        """Places (lon, lat) half a minute apart, and how fast one walks there."""
        left = 0.0
        while True:
            if self.chance.random() < 0.025:
                for _ in range(self.chance.randint(12, 36)):
                    yield (*self.here, 0.0)
            onward = [node for node in self.net[self.here] if node != self.before] or self.net[self.here]
            there = self.chance.choice(onward)
            length = metres(self.here, there)
            while left < length:
                share = left / length
                lon, lat = (a + (b - a) * share for a, b in zip(self.here, there, strict=True))
                yield lon, lat, WALKING_MPS
                left += WALKING_MPS * EVERY_S
            left -= length
            self.before, self.here = self.here, there


def metres(one: Node, other: Node) -> float:
    """The distance of two places near each other."""
    return METRES * hypot((one[0] - other[0]) * cos(radians(one[1])), one[1] - other[1])
