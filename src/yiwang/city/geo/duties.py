"""Duty grids by people: whose grids, whose people, and how far a point lies from a grid."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Q

from yiwang.city.geo.models import DutyAssignment, DutyGrid
from yiwang.city.geo.places import DutyPerson
from yiwang.city.geo.validity import valid_on


@dataclass(frozen=True, slots=True)
class GridDistance:
    """How far a point lies outside a duty grid, in metres on the ellipsoid; 0 inside."""

    code: str
    name: str
    metres: float


def grids_of(people: Collection[UUID], day: date) -> dict[UUID, tuple[str, ...]]:
    """The codes of the duty grids in which these people are on duty that day; one query."""
    rows = DutyAssignment.objects.filter(_held(day), assignment__user__in=people).order_by("duty_grid__code")
    found: dict[UUID, list[str]] = defaultdict(list)
    for user_id, code in rows.values_list("assignment__user_id", "duty_grid__code").distinct():
        found[user_id].append(code)
    return {user_id: tuple(codes) for user_id, codes in found.items()}


def people_of_unit_grid(unit_grid: str, day: date) -> tuple[str | None, tuple[DutyPerson, ...]]:
    """The duty grid that a unit grid (15 digits) belongs to, and its people as `locate` orders them."""
    grids = DutyGrid.objects.filter(valid_on(day), unit_grids__code=unit_grid).order_by("code")
    grid = grids.only("code").first()
    if grid is None:
        return None, ()
    rows = DutyAssignment.objects.filter(_held(day), duty_grid=grid, assignment__user__is_active=True)
    people = rows.order_by("kind", "id").values_list(
        "kind", "assignment__user_id", "assignment__user__name", "assignment__post__name"
    )
    return grid.code, tuple(DutyPerson(*row) for row in people)


def duty_grid_names(codes: Collection[str], day: date) -> dict[str, tuple[str, str]]:
    """Names (zh, en) of duty grids of that day by their codes; those that are not there are left out."""
    rows = DutyGrid.objects.filter(valid_on(day), code__in=codes)
    return {code: (zh, en) for code, zh, en in rows.values_list("code", "name", "name_en")}


def nearest_of_grids(codes: Collection[str], lon: float, lat: float, day: date) -> GridDistance | None:
    """The one of these duty grids that is nearest to a point (WGS 84, degrees); None without any."""
    with connection.cursor() as cursor:
        cursor.execute(_DISTANCE, [lon, lat, sorted(codes), day, day])
        row = cursor.fetchone()
    return None if row is None else GridDistance(*row)


_DISTANCE: Final = """
select code, name, st_distance(geometry::geography, st_setsrid(st_point(%s, %s), 4326)::geography) as metres
from geo_dutygrid
where code = any(%s) and (valid_from is null or valid_from <= %s) and (valid_to is null or valid_to > %s)
order by metres, code limit 1
"""


def _held(day: date) -> Q:
    """Duties of that day whose assignment and grid hold as well."""
    held = Q(assignment__valid_from__lte=day) & (
        Q(assignment__valid_to__isnull=True) | Q(assignment__valid_to__gt=day)
    )
    grid = Q(duty_grid__valid_from__isnull=True) | Q(duty_grid__valid_from__lte=day)
    grid &= Q(duty_grid__valid_to__isnull=True) | Q(duty_grid__valid_to__gt=day)
    return valid_on(day) & held & grid
