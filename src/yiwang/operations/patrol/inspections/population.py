"""What an inspection is about: a list of places, from a file, a plan's points, duty grids, or cases of the past."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from yiwang.city.geo.models import DutyGrid
from yiwang.core import clock
from yiwang.core.accounts.models import Unit
from yiwang.core.actor import Actor
from yiwang.core.errors import Invalid
from yiwang.core.ids import uuid7
from yiwang.operations.cases.access import list_cases_for
from yiwang.operations.patrol import access
from yiwang.operations.patrol.models import Inspection, Item
from yiwang.operations.patrol.places import Standing, grid_standing, middle_of, point, standing
from yiwang.operations.patrol.plans.facts import today

MOST_ITEMS = 2000
STREET = 9


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list: what it is called, where it is (degrees), and what is known of it."""

    name: str
    lon: float
    lat: float
    address: str = ""
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Population:
    """Where the population comes from; what the source needs beside the inspection's own area."""

    source: str
    rows: tuple[Row, ...] = ()
    plan_id: UUID | None = None
    category: str = ""
    days: int = 90


def items(actor: Actor, inspection: Inspection, wanted: Population) -> list[Item]:
    """The population as items, not saved yet; one that stands in the file twice stands here once.

    Raises Invalid `empty_population`, `too_many_items`, `row_outside_district` or
    `row_outside_area` with the line, NotFound `plan_not_found`.
    """
    match wanted.source:
        case Inspection.Source.FILE:
            found = _of_rows(inspection.area_code, wanted.rows)
        case Inspection.Source.PLAN:
            found = _of_plan(actor, inspection.area_code, wanted.plan_id)
        case Inspection.Source.GRIDS:
            found = _of_grids(inspection.area_code)
        case _:
            found = _of_cases(actor, inspection.area_code, wanted)
    units = dict(Unit.objects.exclude(area_code="").values_list("area_code", "pk"))
    made: dict[tuple[str, float, float], Item] = {}
    for item in found:
        item.id, item.inspection = uuid7(), inspection
        item.unit_id = item.unit_id or units.get(item.area_code[:STREET])
        made.setdefault((item.name, item.location.x, item.location.y), item)
        if len(made) > MOST_ITEMS:
            raise Invalid(
                "too_many_items", f"检查对象最多 {MOST_ITEMS} 个。", field="source", most=MOST_ITEMS
            )
    if not made:
        raise Invalid("empty_population", "没有找到检查对象，请换一个来源或范围。", field="source")
    return list(made.values())


def _item(name: str, stands: Standing, **more: object) -> Item:
    address = str(more.pop("address", "") or stands.address)
    return Item(
        name=name[:120],
        address=address,
        location=middle_of(stands.shape),
        area_code=stands.area_code,
        grade=stands.grade,
        **more,
    )


def _of_rows(area_code: str, rows: Iterable[Row]) -> Iterator[Item]:
    units = set(Unit.objects.values_list("pk", flat=True))
    for number, row in enumerate(rows, start=1):
        if not row.name.strip():
            raise Invalid("row_without_name", f"第 {number} 行没有名称。", field="rows", line=number)
        if row.unit_id is not None and row.unit_id not in units:
            raise Invalid("unit_not_found", f"第 {number} 行的单位不存在。", field="rows", line=number)
        try:
            stands = standing(point(row.lon, row.lat), field="rows")
        except Invalid as error:
            raise Invalid(
                "row_outside_district", f"第 {number} 行的位置不在本区范围内。", field="rows", line=number
            ) from error
        if not stands.area_code.startswith(area_code):
            raise Invalid(
                "row_outside_area", f"第 {number} 行的位置不在所选区域内。", field="rows", line=number
            )
        reference = f"{number}"
        yield _item(row.name.strip(), stands, address=row.address, unit_id=row.unit_id, reference=reference)


def _of_plan(actor: Actor, area_code: str, plan_id: UUID | None) -> Iterator[Item]:
    if plan_id is None:
        raise Invalid("plan_needed", "请选择一个巡查计划。", field="plan_id")
    plan = access.one(access.plans_for(actor), plan_id, "plan_not_found")
    for target in plan.targets.filter(removed_at__isnull=True, area_code__startswith=area_code):
        stands = Standing(middle_of(target.shape), target.area_code, target.grid_code, target.grade, "")
        yield _item(target.name, stands, reference=plan.name[:60])


def _of_grids(area_code: str) -> Iterator[Item]:
    for grid in DutyGrid.objects.filter(today(), code__startswith=area_code).order_by("code"):
        yield _item(grid.name, grid_standing(grid), reference=grid.code)


def _of_cases(actor: Actor, area_code: str, wanted: Population) -> Iterator[Item]:
    since = clock.now() - timedelta(days=wanted.days)
    cases = list_cases_for(actor).filter(area_code__startswith=area_code, ended_at__gte=since, group="closed")
    if wanted.category:
        cases = cases.filter(category__key=wanted.category)
    for case in cases.select_related("category").order_by("-ended_at")[: MOST_ITEMS + 1]:
        grade = str((case.place or {}).get("area_class") or "C")
        stands = Standing(case.location, case.area_code, "", grade, case.address)
        yield _item(
            case.category.name_zh,
            stands,
            address=case.address,
            unit_id=case.handling_unit_id,
            reference=case.number,
        )
