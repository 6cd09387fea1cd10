"""The door for clockings that are past: of an older system, and of the demo's weeks before today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db import transaction

from yiwang.city.duty.models import Clocking, RosterEntry

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PastClocking:
    """A clocking as it was: of the shift that `user_id` had on the day on which it began, at `at` (aware).

    `outside_m`: how far outside the fence (None: inside); `lon`, `lat` None: without a position. `note` is the
    person's. What did not fit waits for the leader, unless it is `confirmed`.
    """

    user_id: UUID
    way: str
    at: datetime
    lon: float | None = None
    lat: float | None = None
    outside_m: float | None = None
    place: str = ""
    note: str = ""
    confirmed: bool = False


@transaction.atomic
def load(past: Iterable[PastClocking]) -> int:
    """Bring clockings in, each with the person's shift nearest to it; how many. Two statements, no audit entries."""
    past = list(past)
    if not past:
        return 0
    rows = RosterEntry.objects.filter(
        user__in={one.user_id for one in past},
        starts_at__gt=min(one.at for one in past) - DAY,
        starts_at__lt=max(one.at for one in past) + DAY,
    )
    entries: dict[UUID, list[RosterEntry]] = {}
    for row in rows:
        entries.setdefault(row.user_id, []).append(row)
    made = [_clocking(one, entries.get(one.user_id, [])) for one in past]
    return len(Clocking.objects.bulk_create([row for row in made if row is not None], batch_size=1000))


def _clocking(one: PastClocking, entries: list[RosterEntry]) -> Clocking | None:
    """None for somebody who had no shift near that time."""
    edges = [
        (abs(one.at - edge), row)
        for row in entries
        if (edge := row.starts_at if one.way == "in" else row.ends_at)
    ]
    if not edges:
        return None
    entry = min(edges, key=lambda edge: edge[0])[1]
    lost = one.lon is None or one.lat is None
    verdict = "no_fix" if lost else "inside" if one.outside_m is None else "outside"
    odd = verdict != "inside"
    return Clocking(
        user_id=one.user_id,
        unit_id=entry.unit_id,
        entry=entry,
        way=one.way,
        occurred_at=one.at,
        received_at=one.at,
        location=None if lost else Point(one.lon, one.lat, srid=4326),
        accuracy_m=None if lost else 12.0,
        place=one.place,
        distance_m=None if lost else one.outside_m or 0.0,
        verdict=verdict,
        fallback=Clocking.Fallback.NOTE if one.note else "",
        note=one.note,
        state=Clocking.State.CONFIRMED if odd and one.confirmed else "waiting" if odd else "taken",
    )
