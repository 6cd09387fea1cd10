"""Clocking in and out, and settling what does not fit."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db import connection, transaction

from yiwang.city.duty import access, rules
from yiwang.city.duty.matching import entry_of, hold_people
from yiwang.city.duty.models import Clocking, ClockPlace, RosterEntry
from yiwang.city.duty.parameters import COARSE, FENCE
from yiwang.city.duty.rules import Claim
from yiwang.city.geo import queries as geo
from yiwang.core import clock
from yiwang.core.accounts.models import Assignment
from yiwang.core.accounts.queries import in_force
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict, Invalid, Refused
from yiwang.core.files import actions as files
from yiwang.core.parameters import queries as parameters

Verdict, State = Clocking.Verdict, Clocking.State


@dataclass(frozen=True, slots=True)
class Punched:
    """A clocking as the phone tells it. `lon`, `lat`, `accuracy_m`: WGS 84, degrees, metres; None without a position.

    `doubt`: what speaks against the moment ("" for nothing). `claimed_at`: by the phone's own clock, where that was
    put right (None: as `occurred_at`).
    """

    way: str
    occurred_at: datetime
    received_at: datetime
    doubt: str = ""
    claimed_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    fallback: str = ""
    photo: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the fences say: verdict, the nearest one, how far outside it (the accuracy taken off)."""

    verdict: Clocking.Verdict
    place: str = ""
    distance_m: float | None = None


@transaction.atomic
def clock_in_or_out(actor: Actor, clocking_id: UUID, punched: Punched) -> Clocking:
    """Keep a clocking, whatever the position says; outside the fence, without a position, at a doubtful time or late
    without a picture of then it waits for the leader.

    Raises Refused `only_people_clock` or `no_post`, Invalid `fallback_needs_photo`, `fallback_needs_note` or
    `file_not_found`. Effects: clocking, photo claimed, audit entry.
    """
    if actor.user_id is None:
        raise Refused("only_people_clock", "只有人员可以打卡。")
    day = punched.occurred_at.astimezone(clock.LOCAL).date()
    units = _units(actor.user_id, day)
    if not units:
        raise Refused("no_post", "您现在没有任职，不能打卡。")
    _check_fallback(punched)
    hold_people([actor.user_id])
    entry = entry_of(actor.user_id, punched.occurred_at, punched.way)
    checked = _check_place(actor.user_id, units, entry, punched, day)
    believed = _is_believed(actor, punched)
    odd = checked.verdict in (Verdict.OUTSIDE, Verdict.NO_FIX) or not believed
    row = Clocking.objects.create(
        id=clocking_id,
        user_id=actor.user_id,
        unit_id=entry.unit_id if entry else units[0][0],
        entry=entry,
        way=punched.way,
        occurred_at=punched.occurred_at,
        received_at=punched.received_at,
        doubt=punched.doubt,
        location=_point(punched),
        accuracy_m=punched.accuracy_m,
        place=checked.place,
        distance_m=checked.distance_m,
        verdict=checked.verdict,
        fallback=punched.fallback,
        photo=punched.photo,
        note=punched.note.strip(),
        state=State.WAITING if odd else State.TAKEN,
    )
    _record(actor, "duty.clock", row, None, {"way": row.way, "at": row.occurred_at.isoformat(),
                                            "verdict": row.verdict, "state": row.state})  # fmt: skip
    return row


@transaction.atomic
def settle(actor: Actor, clocking_id: UUID, *, confirm: bool, note: str) -> Clocking:
    """Count a clocking that waited, or do not; a settled one may be settled anew.

    Raises NotFound `clocking_not_found`, Refused `own_clocking`, Invalid `empty` when one is rejected without a word,
    Conflict `nothing_to_settle` for one that fitted.
    """
    row = access.lock_clocking_for(actor, clocking_id)
    if row.state == State.TAKEN:
        raise Conflict("nothing_to_settle", "这次打卡正常，不需要核定。")
    if not confirm and not note.strip():
        raise Invalid("empty", "不认可请说明原因。", field="note")
    before = {"state": row.state}
    row.state = State.CONFIRMED if confirm else State.REJECTED
    row.decided_by_id, row.decided_by_name = actor.user_id, actor.name
    row.decided_at, row.decision_note = clock.now(), note.strip()
    row.save(update_fields=["state", "decided_by_id", "decided_by_name", "decided_at", "decision_note"])
    _record(actor, "duty.settle_clocking", row, before, {"state": row.state})
    return row


def _units(user_id: UUID, day: date) -> list[tuple[int, str]]:
    held = Assignment.objects.filter(in_force(day), user=user_id).order_by("id")
    return list(held.values_list("post__unit_id", "post__unit__path"))


def _check_fallback(punched: Punched) -> None:
    if punched.fallback == Clocking.Fallback.PHOTO and punched.photo is None:
        raise Invalid("fallback_needs_photo", "请拍一张现场照片。", field="photo")
    if punched.fallback == Clocking.Fallback.NOTE and not punched.note.strip():
        raise Invalid("fallback_needs_note", "请说明情况。", field="note")


def _is_believed(actor: Actor, punched: Punched) -> bool:
    """Whether the moment is; the photo is claimed."""
    photos = files.claim(actor, [punched.photo], area_code="") if punched.photo else {}
    claimed_at = punched.claimed_at or punched.occurred_at
    claim = Claim(claimed_at, punched.occurred_at, punched.received_at, bool(punched.doubt))
    return rules.is_believed(claim, [photo.taken_at for photo in photos.values()])


def _check_place(
    user_id: UUID, units: list[tuple[int, str]], entry: RosterEntry | None, punched: Punched, day: date
) -> Checked:
    if punched.lon is None or punched.lat is None or (punched.accuracy_m or 0.0) > parameters.number(COARSE):
        return Checked(Verdict.NO_FIX)
    grids = tuple(entry.grids) if entry and entry.grids else geo.grids_of([user_id], day).get(user_id, ())
    spot = (punched.lon, punched.lat)
    near = [found for found in (_grid(grids, spot, day), _place(units, spot)) if found is not None]
    if not near:
        return Checked(Verdict.NO_FENCE)
    metres, name = min(near)
    beyond = max(metres - parameters.number(FENCE) - (punched.accuracy_m or 0.0), 0.0)
    verdict = Verdict.INSIDE if beyond == 0.0 else Verdict.OUTSIDE
    return Checked(verdict, name, round(beyond, 1))


def _grid(grids: tuple[str, ...], spot: tuple[float, float], day: date) -> tuple[float, str] | None:
    found = geo.nearest_of_grids(grids, *spot, day) if grids else None
    return None if found is None else (found.metres, found.name)


def _place(units: list[tuple[int, str]], spot: tuple[float, float]) -> tuple[float, str] | None:
    """The nearest place of the person's units, metres outside its radius."""
    ids = list(access.places_of([path for _, path in units]).values_list("pk", flat=True))
    if not ids:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST_PLACE, [*spot, ids])
        row = cursor.fetchone()
    return None if row is None else (row[0], row[1])


_NEAREST_PLACE = f"""
select greatest(st_distance(location::geography, st_setsrid(st_point(%s, %s), 4326)::geography) - radius_m, 0) as far,
    name
from {ClockPlace._meta.db_table} where id = any(%s) order by far, id limit 1
"""  # noqa: S608 - composed of a table's name


def _point(punched: Punched) -> Point | None:
    if punched.lon is None or punched.lat is None:
        return None
    return Point(punched.lon, punched.lat, srid=4326)


def _record(actor: Actor, action: str, row: Clocking, before: Any, after: Any) -> None:
    audit.record(
        actor,
        action=action,
        object_type="duty_clocking",
        object_id=str(row.pk),
        before=before,
        after={"user": str(row.user_id), **after},
    )
