"""The one door of positions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from yiwang.city.duty import queries as duty
from yiwang.core.parameters import queries as parameters
from yiwang.sensing.fleet import partitions, rules
from yiwang.sensing.fleet.models import Mover
from yiwang.sensing.fleet.parameters import COARSE
from yiwang.sensing.fleet.rules import REACH, Doors, Fix, Quality

SECOND = timedelta(seconds=1)
PHONE = 1
USED = (Quality.GOOD, Quality.ZIGZAG)


@dataclass(frozen=True, slots=True)
class Point:
    """A position as its sender tells it: when (aware), WGS 84 in degrees, metres, metres per second, degrees, %.

    `claimed_at`: the moment by the clock of the device `device_id`, where that was put right (None: as `at`).
    """

    at: datetime
    lon: float
    lat: float
    accuracy_m: float | None = None
    speed_mps: float | None = None
    heading: float | None = None
    battery: int | None = None
    source: int = PHONE
    device_id: UUID | None = None
    claimed_at: datetime | None = None

    @property
    def claim(self) -> tuple[UUID | None, datetime]:
        """What it is known again by, whenever and in whatever batch it is sent."""
        return self.device_id, self.claimed_at or self.at


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch: how many were kept, how many were known already, how many refused by reason."""

    kept: int = 0
    repeated: int = 0
    refused: dict[str, int] = field(default_factory=dict)


def person(user_id: UUID) -> Mover:
    """The mover that a person is, made at first need."""
    found = Mover.objects.filter(user=user_id).first()
    if found is None:
        Mover.objects.bulk_create([Mover(kind=Mover.Kind.PERSON, user_id=user_id)], ignore_conflicts=True)
        found = Mover.objects.get(user=user_id)
    return found


@transaction.atomic
def take(mover: Mover, points: Iterable[Point], received_at: datetime) -> Taken:
    """Take a batch of one mover's positions, in any order and as often as it is sent.

    People's only of their time on duty; others are counted and never stored. What is not believed is kept with its
    quality and shown nowhere. The same positions in other batches or another order leave the same rows behind; those
    that are sent again are known by what their device claimed.
    """
    sent = list(points)
    # Two batches of one mover would each judge without the other. The lock also stands in for a unique constraint
    # of claims: one of a table in partitions by `at` would have to hold `at`.
    Mover.objects.select_for_update().only("pk").get(pk=mover.pk)
    claimed = _claimed(mover.pk, sent, received_at)
    points = [point for point in sent if point.claim not in claimed]
    fresh, repeated, refused = rules.sort_out(points, Doors(received_at, _duty(mover, points)))
    repeated += len(sent) - len(points)
    counts = {str(reason): count for reason, count in refused.items()}
    if not fresh:
        return Taken(0, repeated, counts)
    partitions.ensure(partitions.local_days(point.at for point in fresh))
    known = _around(mover.pk, fresh[0].at, fresh[-1].at)
    new = [point for point in fresh if point.at not in known]
    merged = sorted([*known.values(), *(_Seen(Fix(p.at, p.lon, p.lat, p.accuracy_m), point=p) for p in new)],
                    key=lambda one: one.fix.at)  # fmt: skip
    verdicts = rules.qualities([one.fix for one in merged], coarse_m=parameters.number(COARSE))
    _insert(
        mover.pk, received_at, [(one.point, q) for one, q in zip(merged, verdicts, strict=True) if one.point]
    )
    judged = _settled(merged, verdicts, fresh[0].at, fresh[-1].at)
    _correct(mover.pk, judged)
    _tell_last(mover.pk, merged, judged)
    return Taken(len(new), repeated + len(fresh) - len(new), counts)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A position of the neighbourhood: known with its quality, or new."""

    fix: Fix
    quality: Quality | None = None
    point: Point | None = None


def _duty(mover: Mover, points: Sequence[Point]) -> list[tuple[datetime, datetime]] | None:
    """When positions of a mover may be stored; None: always."""
    if mover.kind != Mover.Kind.PERSON or mover.user_id is None:
        return None
    if not points:
        return []
    first, last = min(point.at for point in points), max(point.at for point in points)
    if last - first > 2 * rules.OLDEST:  # the clock makes no sense; what is near the arrival is refused by it
        first = last - 2 * rules.OLDEST
    found = duty.spans_on_duty(mover.user_id, first, last + SECOND)
    return [(one.starts_at, one.ends_at) for one in found]


def _claimed(
    mover_id: int, sent: Sequence[Point], received_at: datetime
) -> set[tuple[UUID | None, datetime]]:
    """Claims of the time of the batch's that are kept already, whatever moment they were put right to."""
    if not sent:
        return set()
    moments = [point.claim[1] for point in sent]
    with connection.cursor() as cursor:
        # What was kept had been on its way for `OLDEST` at most, and so has been what is sent again.
        cursor.execute(
            "select device_id, claimed_at from fleet_position"
            " where mover_id = %s and claimed_at between %s and %s and at >= %s",
            [mover_id, min(moments), max(moments), received_at - 2 * rules.OLDEST],
        )
        return set(cursor.fetchall())


_AROUND = """
(select at, lon, lat, accuracy_m, quality from fleet_position
 where mover_id = %(mover)s and at < %(first)s and at > %(first)s - interval '10 minutes' and quality <> 1
 order by at desc limit %(reach)s)
union all
(select at, lon, lat, accuracy_m, quality from fleet_position
 where mover_id = %(mover)s and at between %(first)s and %(last)s)
union all
(select at, lon, lat, accuracy_m, quality from fleet_position
 where mover_id = %(mover)s and at > %(last)s and at < %(last)s + interval '10 minutes' and quality <> 1
 order by at limit %(reach)s)
"""


def _around(mover_id: int, first: datetime, last: datetime) -> dict[datetime, _Seen]:
    """What is known between two moments and beside them: as many as have a say on those that have a say."""
    with connection.cursor() as cursor:
        cursor.execute(_AROUND, {"mover": mover_id, "first": first, "last": last, "reach": 2 * REACH})
        rows = cursor.fetchall()
    return {
        at: _Seen(Fix(at, lon, lat, accuracy), Quality(quality)) for at, lon, lat, accuracy, quality in rows
    }


def _insert(mover_id: int, received_at: datetime, rows: list[tuple[Point, Quality]]) -> None:
    columns = zip(
        *(
            (*p.claim, p.at, p.lon, p.lat, p.accuracy_m, p.speed_mps, p.heading, p.source, int(quality))
            for p, quality in rows
        ),
        strict=True,
    )
    arrays = [list(column) for column in columns]
    if not arrays:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into fleet_position (mover_id, received_at, device_id, claimed_at, at, lon, lat, accuracy_m,"
            " speed_mps, heading, source, quality) select %s, %s, * from unnest(%s::uuid[], %s::timestamptz[],"
            " %s::timestamptz[], %s::float8[], %s::float8[], %s::float8[], %s::float8[], %s::float8[], %s::int2[],"
            " %s::int2[]) on conflict do nothing",
            [mover_id, received_at, *arrays],
        )


def _settled(
    merged: Sequence[_Seen], verdicts: Sequence[Quality], first: datetime, last: datetime
) -> list[tuple[_Seen, Quality]]:
    """Verdicts that what is new can have changed: those of the batch's time and `REACH` fine ones on either side.

    What lies further out was asked for as neighbours only, and would be judged here without its own.
    """
    fine = [
        one.fix.at for one, quality in zip(merged, verdicts, strict=True) if quality is not Quality.COARSE
    ]
    before = [at for at in fine if at < first][-REACH:]
    after = [at for at in fine if at > last][:REACH]
    begin, end = (before or [first])[0], (after or [last])[-1]
    return [
        (one, quality) for one, quality in zip(merged, verdicts, strict=True) if begin <= one.fix.at <= end
    ]


def _correct(mover_id: int, judged: Sequence[tuple[_Seen, Quality]]) -> None:
    """Known positions that look otherwise beside the new ones."""
    changed = [(one.fix.at, int(q)) for one, q in judged if one.quality is not None and one.quality is not q]
    if not changed:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "update fleet_position p set quality = n.quality from unnest(%s::timestamptz[], %s::int2[]) n(at, quality)"
            " where p.mover_id = %s and p.at = n.at",
            [[at for at, _ in changed], [quality for _, quality in changed], mover_id],
        )


_LAST = """
insert into fleet_lastposition (mover_id, at, location, accuracy_m, speed_mps, heading, battery)
values (%(mover)s, %(at)s, st_setsrid(st_point(%(lon)s, %(lat)s), 4326)::geography, %(accuracy)s, %(speed)s,
    %(heading)s, %(battery)s)
on conflict (mover_id) do update set at = excluded.at, location = excluded.location, accuracy_m = excluded.accuracy_m,
    speed_mps = excluded.speed_mps, heading = excluded.heading,
    battery = coalesce(excluded.battery, fleet_lastposition.battery)
where excluded.at >= fleet_lastposition.at or fleet_lastposition.at = any(%(fallen)s)
"""


def _tell_last(mover_id: int, merged: Sequence[_Seen], judged: Sequence[tuple[_Seen, Quality]]) -> None:
    """The newest position that is believed, once per batch; one that is believed no more gives way."""
    verdicts = {one.fix.at: quality for one, quality in judged}
    used = [one for one in merged if verdicts.get(one.fix.at, one.quality) in USED]
    if not used:
        return
    newest = used[-1]
    told: dict[str, Any] = {"speed": None, "heading": None, "battery": None}
    if newest.point is not None:
        point = newest.point
        told = {"speed": point.speed_mps, "heading": point.heading, "battery": point.battery}
    fallen = [at for at, quality in verdicts.items() if quality not in USED]
    with connection.cursor() as cursor:
        cursor.execute(
            _LAST,
            {**told, "mover": mover_id, "at": newest.fix.at, "lon": newest.fix.lon, "lat": newest.fix.lat,
             "accuracy": newest.fix.accuracy_m, "fallen": fallen},
        )  # fmt: skip
