"""The reads that screens and other rooms need. Privacy and dispatch ask one place who is on duty: this one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from yiwang.city.duty.models import PersonSkill, RosterEntry
from yiwang.city.duty.on_duty import OnDuty, duties
from yiwang.city.geo import queries as geo
from yiwang.core import clock
from yiwang.core.accounts.models import Assignment
from yiwang.core.accounts.queries import in_force, prefixes_of_area

__all__ = ["GridPerson", "OnDuty", "duty_people", "on_duty", "skilled", "skills_of", "spans_on_duty"]

MOMENT = timedelta(microseconds=1)
ROSTERED = "5_rostered"


@dataclass(frozen=True, slots=True)
class GridPerson:
    """Somebody for a duty grid. `kind` as DutyAssignment.Kind, or `5_rostered` for who is there by the roster only.

    `duty`: their time on duty at the moment asked; None when they are not on duty.
    """

    kind: str
    user_id: UUID
    name: str
    post: str
    duty: OnDuty | None


def on_duty(
    at: datetime, *, users: Collection[UUID] | None = None, area_code: str | None = None
) -> dict[UUID, OnDuty]:
    """Who is on duty at a moment (aware): by the roster and the clockings, or by the unit's working calendar where
    the unit has no roster at all.

    `users` keeps these people; `area_code` those whose duty has to do with an area (its code; divisions above and
    below it count), by the grids of the day or by their assignments.
    """
    found = {duty.user_id: duty for duty in duties(at, at + MOMENT, users) if duty.holds(at)}
    return _of_area(found, area_code, at) if area_code else found


def spans_on_duty(user_id: UUID, since: datetime, until: datetime) -> list[OnDuty]:
    """One person's times on duty that touch [since, until) (aware), in their order."""
    return sorted(duties(since, until, [user_id]), key=lambda duty: duty.starts_at)


def duty_people(
    at: datetime, *, unit_grid: str | None = None, lon: float | None = None, lat: float | None = None
) -> tuple[GridPerson, ...]:
    """The people of the duty grid at a unit grid (15 digits) or a point (WGS 84, degrees), who is on duty first.

    Within that as the grid orders them; who is rostered there for the day without being of the grid comes after
    them. Empty outside the district.
    """
    day = at.astimezone(clock.LOCAL).date()
    if unit_grid is None:
        place = geo.locate(lon, lat, day=day) if lon is not None and lat is not None else None
        if place is None:
            return ()
        unit_grid = place.unit_grid
    grid, people = geo.people_of_unit_grid(unit_grid, day)
    if grid is None:
        return ()
    known = {person.user_id for person in people}
    others = RosterEntry.objects.filter(
        grids__contains=[grid], starts_at__lte=at, ends_at__gt=at, user__is_active=True
    )
    extra = {row.user_id: row for row in others.select_related("user", "unit") if row.user_id not in known}
    duty = on_duty(at, users=[*known, *extra])
    found = [GridPerson(p.kind, p.user_id, p.name, p.post, duty.get(p.user_id)) for p in people]
    found += [
        GridPerson(ROSTERED, row.user_id, row.user.name, row.unit.short_name, duty[row.user_id])
        for row in extra.values()
        if row.user_id in duty
    ]
    return tuple(sorted(found, key=lambda person: person.duty is None or not _covers(person.duty, grid)))


def _covers(duty: OnDuty, grid: str) -> bool:
    """Whether who is on duty has that grid today: it is named, or none is."""
    return not duty.grids or grid in duty.grids


def skills_of(users: Collection[UUID] | None = None) -> dict[UUID, tuple[str, ...]]:
    """The skills (codes of `duty_skills`) that hold today, by person."""
    rows = PersonSkill.objects.exclude(valid_to__lte=clock.today()).order_by("skill")
    if users is not None:
        rows = rows.filter(user__in=users)
    found: dict[UUID, tuple[str, ...]] = {}
    for user_id, skill in rows.values_list("user_id", "skill"):
        found[user_id] = (*found.get(user_id, ()), skill)
    return found


def skilled(skill: str) -> set[UUID]:
    """Who has a skill today."""
    rows = PersonSkill.objects.filter(skill=skill, user__is_active=True).exclude(valid_to__lte=clock.today())
    return set(rows.values_list("user_id", flat=True))


def _of_area(found: dict[UUID, OnDuty], area_code: str, at: datetime) -> dict[UUID, OnDuty]:
    day = at.astimezone(clock.LOCAL).date()
    above = set(prefixes_of_area(area_code))
    fits = {
        user_id
        for user_id, duty in found.items()
        if any(code.startswith(area_code) or code[:12] in above for code in duty.grids)
    }
    rest = [user_id for user_id, duty in found.items() if user_id not in fits and not duty.grids]
    held = Assignment.objects.filter(in_force(day), user__in=rest)
    for user_id, areas, unit_area in held.values_list("user_id", "areas", "post__unit__area_code"):
        served = areas or ([unit_area] if unit_area else [])
        if any(code.startswith(area_code) or code in above for code in served):
            fits.add(user_id)
    return {user_id: duty for user_id, duty in found.items() if user_id in fits}
