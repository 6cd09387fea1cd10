"""The reads that screens and other rooms need."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection

from yiwang.city.duty import queries as duty
from yiwang.city.duty.queries import OnDuty
from yiwang.sensing.fleet import rules
from yiwang.sensing.fleet.models import LastPosition, Position
from yiwang.sensing.fleet.rules import Quality, Stop
from yiwang.sensing.fleet.rules.trails import Floats

FRESH_S = 900
MOST_SHOWN = 1000


@dataclass(frozen=True, slots=True)
class Near:
    """Somebody on duty near a point: where they were at `at`, and how far away (metres on the sphere)."""

    user_id: UUID
    name: str
    at: datetime
    lon: float
    lat: float
    accuracy_m: float | None
    distance_m: float
    duty: OnDuty


@dataclass(frozen=True, slots=True)
class Vertex:
    """A point of a drawn trail."""

    at: datetime
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Trail:
    """A person's way: lines between gaps, stops, metres, and how many positions it was made of."""

    lines: tuple[tuple[Vertex, ...], ...]
    stops: tuple[Stop, ...]
    mileage_m: float
    positions: int
    filtered: int


@dataclass(frozen=True, slots=True)
class Track:
    """Believed positions as arrays in order of time (see `rules.trails`)."""

    at: Floats
    lon: Floats
    lat: Floats


_NEAREST = """
select m.user_id, u.name, l.at, st_x(l.location::geometry), st_y(l.location::geometry), l.accuracy_m,
    st_distance(l.location, here.point, false)
from (select st_setsrid(st_point(%(lon)s, %(lat)s), 4326)::geography as point) here,
    fleet_lastposition l
    join fleet_mover m on m.id = l.mover_id
    join accounts_user u on u.id = m.user_id and u.is_active
where l.at > %(since)s and l.at <= %(until)s and (%(anybody)s or m.user_id = any(%(among)s))
order by l.location <-> here.point
limit %(most)s
"""


def nearest(
    lon: float,
    lat: float,
    *,
    at: datetime,
    among: Collection[UUID] | None = None,
    skill: str | None = None,
    fresh_s: int = FRESH_S,
    limit: int = 20,
) -> list[Near]:
    """Who is on duty near a point (WGS 84, degrees) at `at` (aware), the nearest first, at most `limit`.

    Whose last position is older than `fresh_s` seconds is left out. `among` keeps these people, `skill` those who have
    it today. For whoever may dispatch: the caller asks whether the actor may.
    """
    wanted = None if among is None else set(among)
    if skill is not None:
        able = duty.skilled(skill)
        wanted = able if wanted is None else wanted & able
    if wanted is not None and not wanted:
        return []
    asked = {
        "lon": lon,
        "lat": lat,
        "since": at - timedelta(seconds=fresh_s),
        "until": at + timedelta(minutes=5),
        "anybody": wanted is None,
        "among": list(wanted or ()),
    }
    # Some of the nearest may just have gone off duty: asked for a few more, and for all of them if that is not enough.
    for most in (2 * limit, None):
        rows = _rows(_NEAREST, {**asked, "most": most})
        on_duty = duty.on_duty(at, users=[row[0] for row in rows])
        found = [_near(row, on_duty[row[0]]) for row in rows if row[0] in on_duty][:limit]
        if len(found) == limit or most is None or len(rows) < most:
            return found
    return []


@dataclass(frozen=True, slots=True)
class Shown:
    """A person on the map: the newest position, and the duty that they are on."""

    user_id: UUID
    last: LastPosition
    duty: OnDuty


def last_positions(
    people: Any,
    *,
    at: datetime,
    bbox: tuple[float, float, float, float] | None = None,
    fresh_s: int = 12 * 3600,
) -> tuple[list[Shown], bool]:
    """Where those of some people (a queryset of users) are who are on duty now; whether there were more than are told.

    `bbox`: west, south, east, north in degrees.
    """
    rows = LastPosition.objects.filter(
        mover__user__in=people.values("pk"), at__gt=at - timedelta(seconds=fresh_s)
    ).select_related("mover", "mover__user")
    if bbox is not None:
        rows = rows.extra(
            where=[
                "st_intersects(fleet_lastposition.location::geometry, st_makeenvelope(%s, %s, %s, %s, 4326))"
            ],
            params=list(bbox),
        )
    found = list(rows.order_by("-at")[: MOST_SHOWN + 1])
    on_duty = duty.on_duty(at, users=[row.mover.user_id for row in found if row.mover.user_id])
    shown = [
        Shown(row.mover.user_id, row, on_duty[row.mover.user_id])
        for row in found[:MOST_SHOWN]
        if row.mover.user_id in on_duty and row.at >= on_duty[row.mover.user_id].starts_at
    ]
    return shown, len(found) > MOST_SHOWN


def track(user_id: UUID, since: datetime, until: datetime) -> Track:
    """A person's believed positions in [since, until) (aware), by time: for coverage, and for trails."""
    rows = Position.objects.filter(
        mover__user=user_id, at__gte=since, at__lt=until, quality=Quality.GOOD
    ).order_by("at")
    values = [(at.timestamp(), lon, lat) for at, lon, lat in rows.values_list("at", "lon", "lat")]
    table = np.array(values, dtype=np.float64).reshape(-1, 3)
    return Track(table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy())


def trail(user_id: UUID, since: datetime, until: datetime) -> Trail:
    """A person's way in [since, until): lines that are drawn, stops, mileage."""
    known = track(user_id, since, until)
    lines = []
    for part in rules.segments(known.at):
        kept = [part.start + n for n in rules.simplified(known.lon[part], known.lat[part])]
        lines.append(
            tuple(Vertex(_moment(known.at[n]), float(known.lon[n]), float(known.lat[n])) for n in kept)
        )
    filtered = Position.objects.filter(mover__user=user_id, at__gte=since, at__lt=until).exclude(
        quality=Quality.GOOD
    )
    return Trail(
        lines=tuple(lines),
        stops=tuple(rules.stops(known.at, known.lon, known.lat)),
        mileage_m=rules.mileage_m(known.at, known.lon, known.lat),
        positions=len(known.at),
        filtered=filtered.count(),
    )


def days_with_trail(user_id: UUID, first: date, last: date) -> list[date]:
    """The days of the district on which a person has positions."""
    rows = _rows(
        "select distinct (p.at at time zone 'Asia/Shanghai')::date from fleet_position p"
        " join fleet_mover m on m.id = p.mover_id where m.user_id = %(user)s"
        " and p.at >= %(first)s::date::timestamp at time zone 'Asia/Shanghai'"
        " and p.at < (%(last)s::date + 1)::timestamp at time zone 'Asia/Shanghai' order by 1",
        {"user": user_id, "first": first, "last": last},
    )
    return [row[0] for row in rows]


def _near(row: tuple[Any, ...], on_duty: OnDuty) -> Near:
    user_id, name, at, lon, lat, accuracy_m, distance_m = row
    return Near(user_id, name, at, lon, lat, accuracy_m, distance_m, on_duty)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
