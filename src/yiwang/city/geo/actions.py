"""The verbs of this room: loading a district's divisions and grids, and giving out duty."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import shapely
from django.contrib.gis.db.models import Union
from django.contrib.gis.db.models.functions import PointOnSurface
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from django.db import transaction
from django.db.models import F, FloatField, Func, Q, QuerySet

from yiwang.city.geo.arrays import merged
from yiwang.city.geo.cut.district import Cut, cut_district
from yiwang.city.geo.district_folder import (
    AreaRow,
    BodyRow,
    District,
    PostRow,
    UnitRow,
    folder_digest,
    read_district,
)
from yiwang.city.geo.models import Area, DutyAssignment, DutyGrid, Edition, ManagingBody, UnitGrid
from yiwang.city.geo.validity import valid_on
from yiwang.core import clock
from yiwang.core.accounts import actions as accounts
from yiwang.core.accounts.models import Assignment, Unit
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Invalid, NotFound

LISTED = "NBS 2023"
EARTH_AREA = "st_area((%(expressions)s)::geography)"


@transaction.atomic
def load_district(actor: Actor, folder: Path, *, seed: int) -> bool:
    """Load a district's folder; false, and nothing changed, when the folder is loaded as it is now.

    Land is cut by `seed` where divisions are new, at first all of them. When that happens again, grids are cut
    anew: the old ones end today. Units and posts are made or brought up to date. Writes one audit record.
    """
    edition, _ = Edition.objects.select_for_update().get_or_create(pk=1)
    digest = folder_digest(folder)
    if edition.folder_digest == digest:
        return False
    district, day = read_district(folder), clock.today()
    units = _load_units(district.units, district.posts)
    if _codes(Area.objects.filter(valid_on(day))) != {area.code for area in district.areas}:
        _place(district, cut_district(district.plan(), seed), day)
    else:
        _rename(district.areas)
    for body in district.managing_bodies:
        _place_body(body, units)
    _next(edition, digest)
    after = {"digest": digest, "areas": len(district.areas), "edition": edition.number}
    audit.record(
        actor,
        action="geo.load_district",
        object_type="district",
        object_id=district.code,
        before=None,
        after=after,
    )
    return True


@transaction.atomic
def cut_anew(actor: Actor, folder: Path, *, seed: int) -> None:
    """Cut all land of a loaded district again: grids of until now end today, divisions get new borders.

    Raises django's IntegrityError when grids of today would have to end today.
    """
    edition = Edition.objects.select_for_update().get(pk=1)
    district = read_district(folder)
    _place(district, cut_district(district.plan(), seed), clock.today())
    _next(edition, edition.folder_digest)
    after = {"seed": seed, "edition": edition.number}
    audit.record(
        actor,
        action="geo.cut_anew",
        object_type="district",
        object_id=district.code,
        before=None,
        after=after,
    )


@transaction.atomic
def assign_duty(
    actor: Actor,
    *,
    assignment: Assignment,
    areas: Iterable[str],
    kind: str = DutyAssignment.Kind.COLLECTOR,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> int:
    """Put a person on duty in every duty grid of some areas (code prefixes); returns how many grids are new.

    Grids in which the assignment has this duty already on the first day stay as they are.
    """
    areas, first_day = sorted(areas), valid_from or clock.today()
    inside = Q(pk__in=[])
    for area in areas:
        inside |= Q(code__startswith=area)
    grids = DutyGrid.objects.filter(inside, valid_on(first_day))
    mine = DutyAssignment.objects.filter(valid_on(first_day), assignment=assignment, kind=kind)
    rows = DutyAssignment.objects.bulk_create(
        DutyAssignment(
            duty_grid=grid, assignment=assignment, kind=kind, valid_from=first_day, valid_to=valid_to
        )
        for grid in grids.exclude(pk__in=mine.values("duty_grid"))
    )
    audit.record(
        actor,
        action="geo.assign_duty",
        object_type="assignment",
        object_id=str(assignment.pk),
        before=None,
        after={"areas": areas, "kind": str(kind), "duty_grids": len(rows)},
    )
    return len(rows)


@transaction.atomic
def set_area_class(actor: Actor, code: str, area_class: str | None, *, note: str = "") -> Area:
    """Set the management class of a division (A, B, C), or take it away (None).

    Cases that are registered from now on take their limits by it; registered ones keep theirs.
    Raises NotFound `unknown_area` when there is no such division today, Invalid `unknown_area_class`.
    """
    area = (
        Area.objects.select_for_update().filter(valid_on(clock.today()), code=code).defer("geometry").first()
    )
    if area is None:
        raise NotFound("unknown_area", "没有这个区划。", area=code)
    if area_class is not None and area_class not in Area.ManagementClass.values:
        raise Invalid("unknown_area_class", "管理等级只有 A、B、C 三类。", field="area_class")
    if area.management_class == area_class:
        return area
    before, area.management_class = area.management_class, area_class
    area.save(update_fields=["management_class"])
    edition, _ = Edition.objects.select_for_update().get_or_create(pk=1)
    _next(edition, edition.folder_digest)
    audit.record(
        actor,
        action="geo.set_area_class",
        object_type="area",
        object_id=code,
        before={"area_class": before},
        after={"area_class": area_class, "note": note},
    )
    return area


def _next(edition: Edition, digest: str) -> None:
    edition.number += 1
    edition.folder_digest = digest
    edition.save()


def _codes(rows: QuerySet[Area]) -> set[str]:
    return set(rows.values_list("code", flat=True))


def _load_units(units: tuple[UnitRow, ...], posts: tuple[PostRow, ...]) -> dict[str, Unit]:
    """Units by their codes, in the order of the file, with their posts."""
    loaded: dict[str, Unit] = {}
    for order, row in enumerate(units):
        loaded[row.code] = accounts.save_unit(
            row.code,
            parent=loaded.get(row.parent),
            name=row.name,
            name_en=row.name_en,
            short_name=row.short_name,
            kind=row.kind,
            area_code=row.area_code,
            handles_cases=row.handles_cases,
            order=order,
        )
    for post in posts:
        accounts.save_post(loaded[post.unit], post.key, name=post.name, name_en=post.name_en)
    return loaded


def _place(district: District, cut: Cut, day: date) -> None:
    """Write divisions and grids as they were cut; what is there already ends on `day` or is moved."""
    first = not Area.objects.exists()
    _place_areas(district.areas, {district.code: cut.district} | cut.streets | cut.communities, day)
    for grids in (DutyGrid.objects.filter(valid_on(day)), UnitGrid.objects.filter(valid_on(day))):
        grids.update(valid_to=day)
    since = None if first else day
    names = {area.code: area for area in district.areas}
    unit_grids = _place_unit_grids(cut.unit_grids, since)
    _place_duty_grids(cut, unit_grids, names, since)


def _place_areas(areas: tuple[AreaRow, ...], shapes: dict[str, shapely.Polygon], day: date) -> None:
    rows = [
        Area(
            code=area.code,
            parent_id=area.parent or None,
            level=area.level,
            kind=area.kind,
            name=area.name,
            name_en=area.name_en,
            geometry=_multi(shapes[area.code]),
            simulated=True,
            source=LISTED,
        )
        for area in areas
    ]
    changing = ["parent", "level", "kind", "name", "name_en", "geometry", "simulated", "source", "valid_to"]
    Area.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=changing)
    Area.objects.exclude(code__in=shapes).filter(valid_on(day)).update(valid_to=day)


def _rename(areas: tuple[AreaRow, ...]) -> None:
    rows = [Area(code=area.code, kind=area.kind, name=area.name, name_en=area.name_en) for area in areas]
    Area.objects.bulk_update(rows, ["kind", "name", "name_en"])


def _place_unit_grids(shapes: dict[str, shapely.Polygon], since: date | None) -> dict[str, UnitGrid]:
    rows = UnitGrid.objects.bulk_create(
        UnitGrid(
            code=code,
            community_id=code[:12],
            geometry=stored(shape),
            area_m2=0,
            simulated=True,
            valid_from=since,
        )
        for code, shape in shapes.items()
    )
    made = UnitGrid.objects.filter(pk__in=[row.pk for row in rows])
    made.update(area_m2=Func(F("geometry"), template=EARTH_AREA, output_field=FloatField()))
    return {row.code: row for row in rows}


def _place_duty_grids(
    cut: Cut, unit_grids: dict[str, UnitGrid], names: dict[str, AreaRow], since: date | None
) -> None:
    rows = DutyGrid.objects.bulk_create(
        DutyGrid(
            code=code,
            name=f"{names[code[:12]].name.removesuffix('委会')}第{int(code[13:])}责任网格",
            name_en=f"{names[code[:12]].name_en}, duty grid {int(code[13:])}",
            community_id=code[:12],
            geometry=_multi(merged(cut.unit_grids[member] for member in members)),
            valid_from=since,
        )
        for code, members in cut.duty_grids.items()
    )
    through = DutyGrid.unit_grids.through
    through.objects.bulk_create(
        through(dutygrid_id=row.pk, unitgrid_id=unit_grids[member].pk)
        for row in rows
        for member in cut.duty_grids[row.code]
    )


def _place_body(body: BodyRow, units: dict[str, Unit]) -> None:
    """The managing body on the land of its areas: whole divisions, or communities with their middle in its outline."""
    if body.outline is None:
        areas = list(body.areas)
    else:
        communities = Area.objects.filter(level=Area.Level.COMMUNITY, code__startswith=body.within)
        middle = communities.annotate(middle=PointOnSurface("geometry"))
        areas = sorted(middle.filter(middle__within=stored(body.outline)).values_list("code", flat=True))
    land = Area.objects.filter(code__in=areas).aggregate(land=Union("geometry"))["land"]
    ManagingBody.objects.update_or_create(
        code=body.code,
        defaults={
            "name": body.name,
            "name_en": body.name_en,
            "unit": units[body.unit] if body.unit else None,
            "areas": areas,
            "geometry": land if isinstance(land, MultiPolygon) else MultiPolygon(land, srid=4326),
            "area_m2": 0,
            "basis": body.basis,
            "verified": body.verified,
            "valid_from": body.valid_from,
            "valid_to": body.valid_to,
        },
    )
    measured = Func(F("geometry"), template=EARTH_AREA, output_field=FloatField())
    ManagingBody.objects.filter(code=body.code).update(area_m2=measured)


def stored(shape: shapely.Polygon) -> Polygon:
    """The shape as Django stores it: Polygon, EPSG:4326."""
    geometry = GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=4326)
    if not isinstance(geometry, Polygon):
        raise TypeError(f"a polygon is stored, not a {geometry.geom_type}")
    return geometry


def _multi(shape: shapely.Polygon | shapely.MultiPolygon) -> MultiPolygon:
    parts = shape.geoms if isinstance(shape, shapely.MultiPolygon) else [shape]
    return MultiPolygon([stored(part) for part in parts], srid=4326)
