"""What is to be put right after a result, by an order with a deadline; then somebody looks again.

What a team reports on site is a case of its own (`runs.actions.find`), whose clocks hold.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from yiwang.core import clock
from yiwang.core.accounts.models import Unit
from yiwang.core.accounts.queries import holders
from yiwang.core.actor import Actor
from yiwang.core.errors import Conflict, Invalid
from yiwang.core.locks import hold
from yiwang.core.notify import actions as notify
from yiwang.operations.patrol import access, recording
from yiwang.operations.patrol.models import Rectification, Stop

States = Rectification.State


@dataclass(frozen=True, slots=True)
class Order:
    """What a unit is to put right by a day."""

    demand: str
    unit_id: int
    due_on: date


@transaction.atomic
def order(actor: Actor, stop_id: UUID, wanted: Order) -> Rectification:
    """Order what is wrong at a stop of an inspection to be put right; the unit is told.

    Raises NotFound `stop_not_found`, Conflict `already_ordered`, Invalid with the field at fault.
    """
    hold(f"patrol.rectify:{stop_id}")
    led = access.inspections_for(actor, access.LEAD).values("pk")
    stops = Stop.objects.filter(task__inspection__in=led).select_related("item", "task")
    stop = access.one(stops, stop_id, "stop_not_found")
    if Rectification.objects.filter(stop=stop).exists():
        raise Conflict("already_ordered", "这一处已经下达过整改。")
    if not wanted.demand.strip():
        raise Invalid("demand_needed", "请填写整改要求。", field="demand")
    made = Rectification.objects.create(
        stop=stop,
        unit=_unit(wanted.unit_id),
        due_on=_due(wanted.due_on),
        demand=wanted.demand.strip(),
        ordered_by_name=actor.name,
        ordered_at=clock.now(),
    )
    told = {
        "stop": str(stop.pk),
        "demand": made.demand,
        "unit": made.unit_id,
        "due_on": made.due_on.isoformat(),
    }
    recording.note(actor, "order_rectification", "rectification", made.pk, before=None, after=told)
    people = [user.pk for user in holders(access.WALK, unit_path=made.unit.path)]
    params = {"name": stop.name, "demand": made.demand[:100], "due_on": made.due_on.isoformat()}
    notify.notify(people, kind="patrol.rectify", params=params, link="/patrol/rectifications")
    return made


@transaction.atomic
def report_done(actor: Actor, rectification_id: UUID, *, result: str, expected_version: int) -> Rectification:
    """The unit says what it did. Raises NotFound, Conflict `patrol_changed` or `rectification_not_open`, Invalid."""
    made = _locked(actor, orders_of_unit(actor), rectification_id, expected_version)
    if made.state not in (States.ORDERED, States.FAILED):
        raise Conflict("rectification_not_open", "这一项现在不能报告整改。", state=made.state)
    if not result.strip():
        raise Invalid("result_needed", "请填写整改情况。", field="result")
    before, made.state = made.state, States.REPORTED
    made.result, made.reported_by_name, made.reported_at = result.strip(), actor.name, clock.now()
    return _saved(actor, made, "report_rectified", before)


@transaction.atomic
def recheck(
    actor: Actor, rectification_id: UUID, *, passed: bool, note: str, expected_version: int
) -> Rectification:
    """Somebody looked again: it is put right, or the unit has to go on.

    Raises NotFound, Conflict `patrol_changed` or `nothing_to_recheck`, Invalid `note_needed` when it did not pass.
    """
    made = _locked(actor, orders_for(actor, access.LEAD), rectification_id, expected_version)
    if made.state != States.REPORTED:
        raise Conflict("nothing_to_recheck", "责任单位还没有报告整改。", state=made.state)
    if not passed and not note.strip():
        raise Invalid("note_needed", "复查未通过，请说明原因。", field="note")
    before, made.state = made.state, (States.PASSED if passed else States.FAILED)
    made.rechecked_by_name, made.rechecked_at, made.recheck_note = actor.name, clock.now(), note.strip()
    return _saved(actor, made, "recheck_rectified", before)


def orders_for(actor: Actor, permission: str = access.VIEW) -> QuerySet[Rectification]:
    """Orders of inspections that one sees or leads, and those to one's own units."""
    found = Q(stop__task__inspection__in=access.inspections_for(actor, permission).values("pk"))
    if permission == access.VIEW:
        found |= _own(actor)
    rows = Rectification.objects.filter(found)
    return rows.select_related("unit", "stop__task__inspection__unit")


def orders_of_unit(actor: Actor) -> QuerySet[Rectification]:
    """Orders to the units for which the actor works."""
    return Rectification.objects.filter(_own(actor))


def _own(actor: Actor) -> Q:
    found = access.NOTHING
    for scope in actor.scopes(access.WALK):
        if scope.unit_path:
            found |= Q(unit__path__startswith=scope.unit_path)
    return found


def _locked(actor: Actor, rows: QuerySet[Rectification], key: UUID, expected_version: int) -> Rectification:
    made = access.one(rows, key, "rectification_not_found", lock=True)
    recording.require_version(made, expected_version)
    return made


def _saved(actor: Actor, made: Rectification, verb: str, before: str) -> Rectification:
    made.version += 1
    made.save()
    after = {"state": made.state, "result": made.result, "note": made.recheck_note}
    recording.note(actor, verb, "rectification", made.pk, before={"state": before}, after=after)
    return made


def _unit(unit_id: int) -> Unit:
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise Invalid("unit_not_found", "请选择整改单位。", field="unit_id")
    return unit


def _due(day: date) -> date:
    if day < clock.today():
        raise Invalid("due_in_past", "整改期限要在今天或以后。", field="due_on")
    return day
