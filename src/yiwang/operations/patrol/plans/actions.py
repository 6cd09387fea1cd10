"""Make and change plans, and let them rest or end."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.db.models import Q

from yiwang.city.geo.models import DutyGrid
from yiwang.core import clock
from yiwang.core.accounts.models import Unit
from yiwang.core.actor import Actor
from yiwang.core.errors import Conflict, Invalid
from yiwang.core.ids import uuid7
from yiwang.core.locks import hold
from yiwang.operations.patrol import access, recording
from yiwang.operations.patrol.models import Plan, Target
from yiwang.operations.patrol.places import Standing, grid_standing, line, point, standing
from yiwang.operations.patrol.plans import facts
from yiwang.operations.patrol.rules.drafting import Window
from yiwang.operations.patrol.rules.frequency import Frequency
from yiwang.operations.patrol.rules.sampling import seed_of

MOST_TARGETS = 500


@dataclass(frozen=True, slots=True)
class NewTarget:
    """A place of a plan: a point, a line, or a duty grid by its code, as the plan's kind has it.

    With the `id` of one that is there it stays the same place, and its visits with it.
    """

    name: str
    id: UUID | None = None
    lon: float | None = None
    lat: float | None = None
    line: tuple[tuple[float, float], ...] = ()
    grid_code: str = ""
    radius_m: int = 50
    is_key: bool = False


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A plan as it shall be; without a seed one is made of its id. One of grids without targets has all of its area."""

    name: str
    unit_id: int
    area_code: str
    kind: str
    frequency: dict[str, Frequency]
    windows: tuple[Window, ...]
    starts_on: date
    form: str = ""
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    people: tuple[UUID, ...] = ()
    sample_percent: int = 100
    seed: int | None = None
    near_m: int = 30
    ends_on: date | None = None
    targets: tuple[NewTarget, ...] = ()


@transaction.atomic
def make_plan(actor: Actor, new: NewPlan, plan_id: UUID | None = None) -> Plan:
    """Make a plan; tasks follow from it with the next drawing-up.

    Raises Refused for a unit or area that is not the actor's, Invalid with the field at fault, Conflict `id_taken`.
    """
    key = plan_id or uuid7()
    hold(f"patrol.plan:{key}")
    if Plan.objects.filter(pk=key).exists():
        raise Conflict("id_taken", "这个编号已被使用。", field="id")
    plan = Plan(pk=key, made_by_name=actor.name, made_at=clock.now(), version=1)
    _take_in(actor, plan, new)
    plan.save(force_insert=True)
    _put_targets(plan, new.targets)
    recording.note(actor, "make_plan", "plan", plan.pk, before=None, after=_told(plan))
    return plan


@transaction.atomic
def change_plan(actor: Actor, plan_id: UUID, new: NewPlan, *, expected_version: int) -> Plan:
    """Change a plan; tasks that have not begun and lie ahead are drawn up anew with the next drawing-up.

    Raises NotFound `plan_not_found`, Conflict `patrol_changed`, and as `make_plan`.
    """
    plan = access.one(access.plans_for(actor, access.EDIT), plan_id, "plan_not_found", lock=True)
    recording.require_version(plan, expected_version)
    before = _told(plan)
    _take_in(actor, plan, new)
    plan.version += 1
    plan.save()
    _put_targets(plan, new.targets)
    _forget_ahead(plan)
    recording.note(actor, "change_plan", "plan", plan.pk, before=before, after=_told(plan))
    return plan


@transaction.atomic
def set_state(actor: Actor, plan_id: UUID, state: str, *, expected_version: int) -> Plan:
    """Let a plan rest, go on, or end for good. What lies ahead and has not begun is taken back, unless it goes on.

    Raises NotFound `plan_not_found`, Conflict `patrol_changed` or `plan_ended`.
    """
    plan = access.one(access.plans_for(actor, access.EDIT), plan_id, "plan_not_found", lock=True)
    recording.require_version(plan, expected_version)
    if plan.state == Plan.State.ENDED:
        raise Conflict("plan_ended", "计划已经结束，不能再改；请新建计划。")
    before, plan.state = plan.state, state
    plan.version += 1
    plan.save()
    if state != Plan.State.ACTIVE:
        _forget_ahead(plan)
    recording.note(actor, "set_plan_state", "plan", plan.pk, before={"state": before}, after={"state": state})
    return plan


def _take_in(actor: Actor, plan: Plan, new: NewPlan) -> None:
    unit = Unit.objects.filter(pk=new.unit_id).first()
    if unit is None:
        raise Invalid("unit_not_found", "没有这个单位。", field="unit_id")
    access.require_for(actor, access.EDIT, unit=unit, area_code=new.area_code)
    _check(actor, new)
    plan.unit = unit
    plan.seed = new.seed if new.seed is not None else seed_of(plan.pk)
    plan.frequency = {grade: asdict(one) for grade, one in sorted(new.frequency.items())}
    plan.windows = [[f"{w.start:%H:%M}", f"{w.end:%H:%M}"] for w in new.windows]
    plan.weekdays, plan.people = sorted(set(new.weekdays)), list(new.people)
    for field in ("name", "area_code", "kind", "form", "sample_percent", "near_m", "starts_on", "ends_on"):
        setattr(plan, field, getattr(new, field))


def _check(actor: Actor, new: NewPlan) -> None:
    if not any(one.times for one in new.frequency.values()):
        raise Invalid("no_visits", "至少一个等级要有巡查频次。", field="frequency")
    if not new.windows:
        raise Invalid("no_windows", "请至少填写一个时段。", field="windows")
    if not new.weekdays:
        raise Invalid("no_weekdays", "请至少选一天。", field="weekdays")
    if new.ends_on is not None and new.ends_on < new.starts_on:
        raise Invalid("ends_before_start", "末日不能早于首日。", field="ends_on")
    if len(new.targets) > MOST_TARGETS:
        raise Invalid(
            "too_many_targets", f"一个计划最多 {MOST_TARGETS} 处。", field="targets", most=MOST_TARGETS
        )
    if not new.targets and new.kind != Plan.Kind.GRIDS:
        raise Invalid("no_targets", "请至少加一处巡查对象。", field="targets")
    if new.people and not set(new.people) <= access.walkers_for(actor, access.EDIT):
        raise Invalid("person_not_found", "有人员不存在或已停用。", field="people")


def _put_targets(plan: Plan, wanted: Sequence[NewTarget]) -> None:
    if plan.kind == Plan.Kind.GRIDS and not wanted:
        wanted = [NewTarget(name=g.name, grid_code=g.code) for g in _grids(plan.area_code)]
        if not wanted:
            raise Invalid("no_targets", "这个区域还没有责任网格。", field="area_code")
    there = {row.pk: row for row in Target.objects.filter(plan=plan, removed_at__isnull=True)}
    kept: set[UUID] = set()
    for order, one in enumerate(wanted):
        row = there.get(one.id) if one.id else None
        stands = _stands(plan.kind, one)
        if not (stands.area_code.startswith(plan.area_code) or stands.grid_code.startswith(plan.area_code)):
            raise Invalid(
                "outside_area", f"“{one.name}”不在所选区域内。", field="targets", name=one.name.strip()
            )
        row = row or Target(plan=plan, id=uuid7())
        kept.add(row.pk)
        row.order, row.name, row.radius_m, row.is_key = order, one.name.strip(), one.radius_m, one.is_key
        row.shape, row.area_code, row.grid_code = stands.shape, stands.area_code, stands.grid_code
        row.grade = "A" if one.is_key else stands.grade
        row.save()
    Target.objects.filter(pk__in=there.keys() - kept).update(removed_at=clock.now())


def _stands(kind: str, one: NewTarget) -> Standing:
    if kind == Plan.Kind.GRIDS:
        grid = next(iter(DutyGrid.objects.filter(facts.today(), code=one.grid_code)), None)
        if grid is None:
            raise Invalid("grid_not_found", "没有这个责任网格。", field="targets", grid=one.grid_code)
        return grid_standing(grid)
    return standing(_shape(kind, one), field="targets")


def _shape(kind: str, one: NewTarget) -> GEOSGeometry:
    if kind == Plan.Kind.POINTS:
        if one.lon is None or one.lat is None:
            raise Invalid("no_position", "点位要有位置。", field="targets")
        return point(one.lon, one.lat)
    if len(set(one.line)) < 2:
        raise Invalid("no_line", "路线至少要有两个不同的点。", field="targets")
    return line(one.line)


def _grids(area_code: str) -> list[DutyGrid]:
    found = DutyGrid.objects.filter(facts.today(), code__startswith=area_code).order_by("code")
    return list(found[:MOST_TARGETS])


def _forget_ahead(plan: Plan) -> None:
    """Tasks of days to come that nobody has touched: they are made again by the plan as it is now."""
    ahead = Q(day__gt=clock.today(), state="planned", version=1)
    plan.tasks.filter(ahead).delete()


def _told(plan: Plan) -> dict[str, Any]:
    return {
        "name": plan.name,
        "unit": plan.unit_id,
        "area_code": plan.area_code,
        "kind": plan.kind,
        "frequency": plan.frequency,
        "windows": plan.windows,
        "weekdays": plan.weekdays,
        "people": [str(one) for one in plan.people],
        "form": plan.form,
        "sample_percent": plan.sample_percent,
        "seed": plan.seed,
        "starts_on": plan.starts_on.isoformat(),
        "ends_on": plan.ends_on.isoformat() if plan.ends_on else None,
        "state": plan.state,
        "version": plan.version,
    }
