"""What stands at a point: one indexed query from lon/lat to division, grids, people on duty, managing bodies."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import connection

from yiwang.city.geo.models import Area, DutyAssignment, DutyGrid, ManagingBody, UnitGrid
from yiwang.city.geo.place_index import TOLERANCE_DEGREES
from yiwang.core.accounts.models import Assignment, Post, User


@dataclass(frozen=True, slots=True)
class Named:
    """A division, grid or body by its code, with its names."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class DutyPerson:
    """Somebody on duty in a duty grid. `kind`: one of DutyAssignment.Kind; `post`: the post's name."""

    kind: str
    user_id: UUID
    name: str
    post: str


@dataclass(frozen=True, slots=True)
class Place:
    """What stands at a point on a day. `unit_grid` is the 15-digit code: its prefixes are the divisions' codes.

    `duty_people`: who is asked first comes first. `managing_bodies`: the smallest first; mostly none.
    `area_class`: the management class (A, B, C) of the nearest division that has one; None when none has.
    """

    district: Named
    street: Named
    community: Named
    unit_grid: str
    duty_grid: Named | None
    duty_people: tuple[DutyPerson, ...]
    managing_bodies: tuple[Named, ...]
    area_class: str | None = None

    @property
    def duty_person(self) -> DutyPerson | None:
        """Who is asked first."""
        return self.duty_people[0] if self.duty_people else None

    @property
    def managing_body(self) -> Named | None:
        """The body nearest to the ground: the smallest."""
        return self.managing_bodies[0] if self.managing_bodies else None


def _table(model: Any) -> str:
    return str(model._meta.db_table)


def _valid(alias: str) -> str:
    """The row holds on the day: half-open, an empty end is for ever."""
    return (
        f"({alias}.valid_from is null or {alias}.valid_from <= here.day)"
        f" and ({alias}.valid_to is null or {alias}.valid_to > here.day)"
    )


# A point on a common border lies in several grids; the lowest code takes it. ST_DWithin instead of ST_Covers,
# because for a point on a sloping border rounding may say "beside" on both sides.
LOCATE: Final = f"""
with here as (
    select st_setsrid(st_point(%(lon)s, %(lat)s), 4326) as point, %(day)s::date as day
), grid as (
    select g.id, g.code, g.community_id, here.point, here.day
    from here join {_table(UnitGrid)} g on st_dwithin(g.geometry, here.point, {TOLERANCE_DEGREES})
    where {_valid("g")}
    order by g.code limit 1
)
select district.code, district.name, district.name_en, street.code, street.name, street.name_en,
    community.code, community.name, community.name_en, here.code, duty.code, duty.name, duty.name_en,
    (select array_agg(array[d.kind, u.id::text, u.name, p.name] order by d.kind, d.id)
        from {_table(DutyAssignment)} d
        join {_table(Assignment)} a on a.id = d.assignment_id and {_valid("a")}
        join {_table(User)} u on u.id = a.user_id and u.is_active
        join {_table(Post)} p on p.id = a.post_id
        where d.duty_grid_id = duty.id and {_valid("d")}),
    (select array_agg(array[b.code, b.name, b.name_en] order by b.area_m2, b.code)
        from {_table(ManagingBody)} b
        where st_dwithin(b.geometry, here.point, {TOLERANCE_DEGREES}) and {_valid("b")}),
    coalesce(community.management_class, street.management_class, district.management_class)
from grid here
join {_table(Area)} community on community.code = here.community_id
join {_table(Area)} street on street.code = community.parent_id
join {_table(Area)} district on district.code = street.parent_id
left join lateral (
    select g.id, g.code, g.name, g.name_en
    from {_table(DutyGrid.unit_grids.through)} m join {_table(DutyGrid)} g on g.id = m.dutygrid_id
    where m.unitgrid_id = here.id and {_valid("g")}
    order by g.code limit 1
) duty on true
"""  # noqa: S608 - composed of table names and constants only


def find_place(lon: float, lat: float, day: date) -> Place | None:
    """The place at a point (WGS 84, degrees) on a day; None outside the district. One query."""
    with connection.cursor() as cursor:
        cursor.execute(LOCATE, {"lon": lon, "lat": lat, "day": day})
        row = cursor.fetchone()
    return None if row is None else _place(row)


def _place(row: tuple[Any, ...]) -> Place:
    people = tuple(DutyPerson(kind, UUID(user), name, post) for kind, user, name, post in row[13] or ())
    return Place(
        district=Named(*row[0:3]),
        street=Named(*row[3:6]),
        community=Named(*row[6:9]),
        unit_grid=row[9],
        duty_grid=Named(*row[10:13]) if row[10] else None,
        duty_people=people,
        managing_bodies=tuple(Named(*body) for body in row[14] or ()),
        area_class=row[15],
    )
