"""Call people to a place, answer, arrive, end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yiwang.city.geo.queries import locate
from yiwang.core import clock
from yiwang.core.accounts.models import Unit
from yiwang.core.actor import Actor, system
from yiwang.core.errors import Conflict, Invalid, NotFound, Refused
from yiwang.core.ids import uuid7
from yiwang.core.locks import hold
from yiwang.core.notify import actions as notify
from yiwang.operations.cases.access import get_case_for
from yiwang.operations.patrol import access, recording
from yiwang.operations.patrol.calls import nearby
from yiwang.operations.patrol.events import CallChanged
from yiwang.operations.patrol.models import Call, Called
from yiwang.operations.patrol.places import point
from yiwang.operations.patrol.rules import reach
from yiwang.operations.patrol.rules.presence import check_in, distance_m

MOST_CALLED = 50
WORKER = system("worker")
State, Arrival = Called.State, Called.Arrival


@dataclass(frozen=True, slots=True)
class NewCall:
    """A call: why, where (degrees), whom; for a case where there is one."""

    reason: str
    lon: float
    lat: float
    people: tuple[UUID, ...]
    address: str = ""
    case_id: UUID | None = None
    skill: str = ""
    arrival_m: int = 100


@transaction.atomic
def call(actor: Actor, new: NewCall, call_id: UUID | None = None) -> Call:
    """Call people; they are told at once. Once for an id.

    Raises Invalid `outside_district`, `reason_needed`, `nobody_called`, `person_not_found`, NotFound
    `case_not_found`, Refused `permission_denied` outside the actor's areas, Conflict `id_taken`.
    """
    key = call_id or uuid7()
    hold(f"patrol.call:{key}")
    if Call.objects.filter(pk=key).exists():
        raise Conflict("id_taken", "这个编号已被使用。", field="id")
    place = locate(new.lon, new.lat)
    if place is None:
        raise Invalid("outside_district", "位置不在本区范围内，请重新选点。", field="lon")
    if not new.reason.strip():
        raise Invalid("reason_needed", "请填写呼叫事由。", field="reason")
    unit = _unit_of(actor, place.unit_grid)
    made = Call.objects.create(
        id=key,
        reason=new.reason.strip(),
        location=point(new.lon, new.lat),
        address=new.address.strip() or f"{place.street.name}{place.community.name}",
        area_code=place.unit_grid,
        unit=unit,
        case=get_case_for(actor, new.case_id) if new.case_id else None,
        skill=new.skill,
        arrival_m=new.arrival_m,
        called_by_name=actor.name,
        called_at=clock.now(),
    )
    _add(actor, made, new.people)
    told = {"reason": made.reason, "people": [str(one) for one in new.people], "case": str(new.case_id or "")}
    recording.note(actor, "call_people", "call", made.pk, before=None, after=told)
    return made


@transaction.atomic
def call_more(actor: Actor, call_id: UUID, people: tuple[UUID, ...]) -> Call:
    """Call further people to the same place; who was called already is left. Raises as `call`, Conflict `call_over`."""
    made = access.one(access.calls_for(actor, access.CALL), call_id, "call_not_found", lock=True)
    _require_open(made)
    there = set(Called.objects.filter(call=made).values_list("user_id", flat=True))
    _add(actor, made, tuple(one for one in people if one not in there))
    told = {"people": [str(one) for one in people]}
    recording.note(actor, "call_more", "call", made.pk, before=None, after=told)
    return made


@transaction.atomic
def answer(  # noqa: PLR0913 - what a phone says of itself
    actor: Actor,
    call_id: UUID,
    state: str,
    *,
    note: str = "",
    lon: float | None = None,
    lat: float | None = None,
    accuracy_m: float = 0.0,
    at: datetime | None = None,
) -> Called:
    """Accept, decline, or say that one has arrived; by the fence when the position says so, else by hand.

    Raises NotFound `call_not_found`, Conflict `call_over`.
    """
    made = Call.objects.select_for_update().filter(pk=call_id).first()
    row = Called.objects.filter(call=made, user=actor.user_id).first() if made else None
    if made is None or row is None:
        raise NotFound("call_not_found", "没有这个呼叫，或没有呼叫您。")
    if row.state == State.ARRIVED:
        return row
    now = clock.now()
    moment = min(at or now, now)
    if made.ended_at is not None and moment > made.ended_at:
        raise Conflict("call_over", "这次呼叫已经结束。")
    if state == State.ARRIVED:
        _arrive(row, moment, _at_place(made, lon, lat, accuracy_m))
    else:
        row.state, row.answered_at = state, moment
    row.note = note.strip()[:200] or row.note
    row.save()
    _tell(made, state)
    told = {"state": row.state, "by": row.arrived_by}
    recording.note(actor, "answer_call", "call", made.pk, before=None, after=told)
    return row


@transaction.atomic
def end(actor: Actor, call_id: UUID, *, outcome: str, expected_version: int) -> Call:
    """End a call with what came of it. Raises NotFound `call_not_found`, Conflict `patrol_changed` or `call_over`."""
    made = access.one(access.calls_for(actor, access.CALL), call_id, "call_not_found", lock=True)
    recording.require_version(made, expected_version)
    _require_open(made)
    made.ended_at, made.outcome = clock.now(), outcome.strip()
    made.version += 1
    made.save()
    _tell(made, "end")
    told = {"outcome": made.outcome}
    recording.note(actor, "end_call", "call", made.pk, before=None, after=told)
    return made


def mark_arrivals() -> int:
    """Who accepted and by their last position has come to the place: they have arrived. Returns how many."""
    waiting = Called.objects.filter(state=State.ACCEPTED, call__ended_at__isnull=True)
    people = sorted(set(waiting.values_list("user_id", flat=True)))
    return sum(_mark(user, seen) for user, seen in nearby.last_seen(people).items())


@transaction.atomic
def _mark(user_id: UUID, seen: nearby.Seen) -> int:
    rows = Called.objects.select_for_update(of=("self",)).filter(
        user=user_id, state=State.ACCEPTED, call__ended_at__isnull=True
    )
    arrived = 0
    for row in rows.select_related("call", "call__unit"):
        fresh = row.answered_at is None or seen.at >= row.answered_at
        if fresh and _at_place(row.call, seen.lon, seen.lat, seen.accuracy_m):
            _arrive(row, seen.at, by_fence=True)
            row.save()
            _tell(row.call, State.ARRIVED)
            told = {"state": row.state, "by": row.arrived_by, "person": str(user_id)}
            recording.note(WORKER, "answer_call", "call", row.call.pk, before=None, after=told)
            arrived += 1
    return arrived


def _arrive(row: Called, moment: datetime, by_fence: bool) -> None:
    row.state, row.arrived_at = State.ARRIVED, moment
    row.answered_at = row.answered_at or moment
    row.arrived_by = Arrival.FENCE if by_fence else Arrival.HAND


def _at_place(made: Call, lon: float | None, lat: float | None, accuracy_m: float) -> bool:
    if lon is None or lat is None:
        return False
    apart = distance_m(lon, lat, made.location.x, made.location.y)
    return check_in(apart, made.arrival_m, accuracy_m).within


def _add(actor: Actor, made: Call, people: Iterable[UUID]) -> None:
    wanted = list(dict.fromkeys(people))
    if not wanted or len(wanted) > MOST_CALLED:
        raise Invalid("nobody_called", f"请选择 1 至 {MOST_CALLED} 人。", field="people", most=MOST_CALLED)
    if not set(wanted) <= nearby.called_by(actor):
        raise Invalid("person_not_found", "有人员不存在，或不在您的呼叫范围内。", field="people")
    judged = nearby.judged(wanted, made.location.x, made.location.y, made.skill)
    Called.objects.bulk_create(
        Called(
            call=made,
            user_id=one.candidate.user_id,
            distance_m=one.candidate.distance_m,
            reasons=nearby.told(one),
        )
        for one in judged
    )
    params = {"reason": made.reason, "address": made.address, "by": actor.name}
    notify.notify(wanted, kind="patrol.called", params=params, link=f"/patrol/calls?call={made.pk}")
    _tell(made, "call")


def _require_open(made: Call) -> None:
    if made.ended_at is not None:
        raise Conflict("call_over", "这次呼叫已经结束。")


def _tell(made: Call, verb: str) -> None:
    people = Called.objects.filter(call=made).values_list("user_id", flat=True)
    recording.tell(CallChanged(str(made.pk), verb), made, people)


def _unit_of(actor: Actor, area_code: str) -> Unit:
    """The unit for which the actor calls at a place: that of an assignment whose area holds it."""
    scope = actor.scope_for(access.CALL, lambda one: reach.holds_area(one, area_code))
    unit = Unit.objects.filter(pk=scope.unit_id).first() if scope and scope.unit_id else None
    if unit is None:
        raise Refused("permission_denied", "您的岗位不能在这里呼叫人员。", permission=access.CALL)
    return unit
