"""What the screens read, as the wire shows it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from yiwang.city.duty import access as duty_access
from yiwang.city.duty import queries as duty
from yiwang.core import clock
from yiwang.core.accounts.models import Assignment, Unit, User
from yiwang.core.accounts.queries import in_force
from yiwang.core.actor import Actor
from yiwang.core.parameters import queries as parameters
from yiwang.sensing.fleet import access, queries
from yiwang.sensing.fleet.parameters import KEEP
from yiwang.sensing.fleet.queries import Trail


def last(actor: Actor, bbox: tuple[float, float, float, float] | None, unit_id: int | None) -> dict[str, Any]:
    """Where the people of one's units (of one of them) are who are on duty now. Raises NotFound `unit_not_found`."""
    now = clock.now()
    shown, truncated = queries.last_positions(_people(actor, unit_id), at=now, bbox=bbox)
    users = User.objects.in_bulk([one.user_id for one in shown])
    units, skills = unit_names(one.duty.unit_id for one in shown), duty.skills_of(users)
    items = [
        {
            "user": person(users[one.user_id]),
            "unit": units[one.duty.unit_id],
            "shift": one.duty.shift,
            "until": one.duty.ends_at,
            "at": one.last.at,
            "lon": one.last.location.x,
            "lat": one.last.location.y,
            "accuracy_m": one.last.accuracy_m,
            "speed_mps": one.last.speed_mps,
            "heading": one.last.heading,
            "battery": one.last.battery,
            "skills": skills.get(one.user_id, ()),
        }
        for one in shown
    ]
    return {"at": now, "items": items, "truncated": truncated}


def near(actor: Actor, lon: float, lat: float, skill: str | None, limit: int) -> list[dict[str, Any]]:
    """Who of the people of one's units is on duty near a point."""
    among = set(_people(actor, None).values_list("pk", flat=True))
    found = queries.nearest(lon, lat, at=clock.now(), among=among, skill=skill, limit=limit)
    units = unit_names(one.duty.unit_id for one in found)
    skills = duty.skills_of([one.user_id for one in found])
    return [
        {
            "user": {"id": one.user_id, "name": one.name},
            "unit": units[one.duty.unit_id],
            "at": one.at,
            "lon": one.lon,
            "lat": one.lat,
            "accuracy_m": one.accuracy_m,
            "distance_m": round(one.distance_m, 1),
            "shift": one.duty.shift,
            "skills": skills.get(one.user_id, ()),
        }
        for one in found
    ]


def tracked(actor: Actor) -> list[dict[str, Any]]:
    """Whose trails one may view, by unit and name; whether they are on duty and on the map now."""
    now = clock.now()
    people = list(duty_access.list_people_for(actor, access.TRAIL))
    on_duty = duty.on_duty(now, users=[user.pk for user in people])
    shown, _ = queries.last_positions(duty_access.list_people_for(actor, access.TRAIL), at=now)
    on_map = {one.user_id for one in shown}
    held = Assignment.objects.filter(in_force(clock.today()), user__in=people).order_by("-id")
    home = dict(held.values_list("user_id", "post__unit__short_name"))

    def state(user_id: UUID) -> str:
        return "on_map" if user_id in on_map else "on_duty" if user_id in on_duty else "off_duty"

    rows = [{"user": person(user), "unit": home.get(user.pk, ""), "state": state(user.pk)} for user in people]
    return sorted(rows, key=lambda row: (row["unit"], row["user"]["name"]))


def trail_days(user_id: UUID, first: date, last_day: date) -> dict[str, Any]:
    """The days on which somebody has positions."""
    return {
        "days": queries.days_with_trail(user_id, first, last_day),
        "kept_days": parameters.number(KEEP),
    }


def trail(user: User, found: Trail, since: datetime, until: datetime) -> dict[str, Any]:
    """A person's way."""
    stops = [
        {
            "begins": datetime.fromtimestamp(stop.begins, UTC),
            "ends": datetime.fromtimestamp(stop.ends, UTC),
            "lon": stop.lon,
            "lat": stop.lat,
        }
        for stop in found.stops
    ]
    return {
        "user": person(user),
        "since": since,
        "until": until,
        "lines": found.lines,
        "stops": stops,
        "mileage_m": round(found.mileage_m, 1),
        "positions": found.positions,
        "filtered": found.filtered,
    }


def person(user: User) -> dict[str, Any]:
    """Somebody."""
    return {"id": user.pk, "name": user.name}


def unit_names(ids: Iterable[int]) -> dict[int, str]:
    """Short names of units."""
    return dict(Unit.objects.filter(pk__in=set(ids)).values_list("pk", "short_name"))


def _people(actor: Actor, unit_id: int | None) -> QuerySet[User]:
    people = duty_access.list_people_for(actor, access.VIEW)
    if unit_id is None:
        return people
    unit = duty_access.get_unit_for(actor, unit_id, access.VIEW)
    return people.filter(pk__in=duty_access.staff_of(unit).values("pk"))
