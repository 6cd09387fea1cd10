"""Kinds of shifts, and the places where one may clock in."""

from dataclasses import asdict, dataclass
from datetime import time
from typing import Any

from django.contrib.gis.geos import Point
from django.db import transaction

from yiwang.city.duty import access, rules
from yiwang.city.duty.matching import hold_people, match_anew
from yiwang.city.duty.models import ClockPlace, RosterBook, RosterEntry, Shift
from yiwang.core import clock
from yiwang.core.accounts.models import Unit
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict, Invalid
from yiwang.core.locks import hold

MOST_SHIFTS = 30
Told = dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class NewShift:
    """A kind of shift as it shall be. `mark`: one or two characters; `tone`: 1 to 6."""

    name: str
    mark: str
    starts: time
    ends: time
    name_en: str = ""
    tone: int = 1
    order: int = 100


@transaction.atomic
def add_shift(actor: Actor, unit_id: int, new: NewShift) -> Shift:
    """A kind of shift for a unit and all below it.

    Raises NotFound `unit_not_found`, Invalid `empty` or `too_many_shifts`, Conflict `shift_known`.
    """
    unit = access.get_unit_for(actor, unit_id, access.EDIT)
    new = _checked(unit, new)
    if Shift.objects.filter(unit=unit, removed_at__isnull=True).count() >= MOST_SHIFTS:
        raise Invalid("too_many_shifts", "班次太多，请先停用不用的。", most=MOST_SHIFTS)
    row = Shift.objects.create(unit=unit, **asdict(new))
    _record(actor, "duty.add_shift", row, None, _told(new))
    return row


@transaction.atomic
def change_shift(actor: Actor, shift_id: int, new: NewShift, *, expected_version: int) -> Shift:
    """Name or time a shift anew: days from tomorrow on get the new times, what was is left as it was.

    Raises NotFound, Refused `shift_not_yours`, Invalid `empty`, Conflict `shift_changed`, `shift_known`, or
    `shift_overlaps` when somebody would work twice at once by the new times.
    """
    row = access.lock_shift_for(actor, shift_id)
    if row.version != expected_version:
        raise Conflict("shift_changed", "这个班次刚刚被改过，请看最新内容。", version=row.version)
    new = _checked(row.unit, new, but=row)
    before = _told(NewShift(row.name, row.mark, row.starts, row.ends, row.name_en, row.tone, row.order))
    moved = (row.starts, row.ends) != (new.starts, new.ends)
    for name, value in asdict(new).items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    days = _move(row) if moved else 0
    _record(actor, "duty.change_shift", row, before, {**_told(new), "days_moved": days})
    return row


@transaction.atomic
def remove_shift(actor: Actor, shift_id: int) -> None:
    """A shift that is not used any more; rostered days keep it. Raises NotFound, Refused `shift_not_yours`."""
    row = access.lock_shift_for(actor, shift_id)
    row.removed_at = clock.now()
    row.save(update_fields=["removed_at"])
    _record(actor, "duty.remove_shift", row, {"name": row.name}, None)


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A place to clock in at: WGS 84, degrees; metres around it."""

    name: str
    lon: float
    lat: float
    radius_m: int = 150


@transaction.atomic
def add_place(actor: Actor, unit_id: int, new: NewPlace) -> ClockPlace:
    """A place where the people of a unit and below may clock in. Raises NotFound `unit_not_found`, Invalid `empty`."""
    unit = access.get_unit_for(actor, unit_id, access.EDIT)
    row = ClockPlace.objects.create(unit=unit, **_place(new))
    _record(actor, "duty.add_place", row, None, asdict(new))
    return row


@transaction.atomic
def change_place(actor: Actor, place_id: int, new: NewPlace, *, expected_version: int) -> ClockPlace:
    """Move or rename it. Raises NotFound `place_not_found`, Invalid `empty`, Conflict `place_changed`."""
    row = access.lock_place_for(actor, place_id)
    if row.version != expected_version:
        raise Conflict("place_changed", "这个打卡点刚刚被改过，请看最新内容。", version=row.version)
    before = asdict(NewPlace(row.name, row.location.x, row.location.y, row.radius_m))
    for name, value in _place(new).items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    _record(actor, "duty.change_place", row, before, asdict(new))
    return row


@transaction.atomic
def remove_place(actor: Actor, place_id: int) -> None:
    """Nobody can clock in there any more. Raises NotFound `place_not_found`."""
    row = access.lock_place_for(actor, place_id)
    row.removed_at = clock.now()
    row.save(update_fields=["removed_at"])
    _record(actor, "duty.remove_place", row, {"name": row.name}, None)


def _place(new: NewPlace) -> dict[str, Any]:
    name = new.name.strip()
    if not name:
        raise Invalid("empty", "请填写名称。", field="name")
    return {"name": name, "location": Point(new.lon, new.lat, srid=4326), "radius_m": new.radius_m}


def _checked(unit: Unit, new: NewShift, but: Shift | None = None) -> NewShift:
    name, mark = new.name.strip(), new.mark.strip()
    for field, text in (("name", name), ("mark", mark)):
        if not text:
            raise Invalid("empty", "请填写名称和简写。", field=field)
    hold(f"duty.shifts:{unit.pk}")
    same = Shift.objects.filter(unit=unit, name=name, removed_at__isnull=True)
    if but is not None:
        same = same.exclude(pk=but.pk)
    if same.exists():
        raise Conflict("shift_known", "本单位已有同名的班次。", field="name")
    return NewShift(name, mark, new.starts, new.ends, new.name_en.strip(), new.tone, new.order)


def _move(shift: Shift) -> int:
    """Days from tomorrow on run by the new times; the rosters that hold them count as changed."""
    found = RosterEntry.objects.filter(shift=shift, on__gt=clock.today())
    # Whoever rosters these people elsewhere waits, or is seen.
    hold_people(set(found.values_list("user_id", flat=True)))
    rows = list(found.order_by("user_id", "on"))
    wider = []
    for row in rows:
        span = rules.shift_span(row.on, shift.starts, shift.ends)
        wider.append((row, span))
    _refuse_overlaps(shift, wider)
    for row, span in wider:
        row.starts_at, row.ends_at = span.starts_at, span.ends_at
    # Emptied first: on the way a moved day may touch one that is still to move.
    RosterEntry.objects.filter(pk__in=[row.pk for row in rows]).update(
        shift=None, starts_at=None, ends_at=None
    )
    RosterEntry.objects.bulk_update(rows, ["shift", "starts_at", "ends_at"], batch_size=500)
    for book in RosterBook.objects.filter(unit__in={row.unit_id for row in rows}):
        RosterBook.objects.filter(pk=book.pk).update(version=book.version + 1, changed_at=clock.now())
    if rows:
        match_anew({row.user_id for row in rows}, min(row.on for row in rows), max(row.on for row in rows))
    return len(rows)


def _refuse_overlaps(shift: Shift, wider: list[tuple[RosterEntry, rules.Span]]) -> None:
    others = RosterEntry.objects.filter(
        user__in={row.user_id for row, _ in wider}, on__gte=clock.today(), starts_at__isnull=False
    ).exclude(pk__in=[row.pk for row, _ in wider])
    busy: dict[Any, list[rules.Span]] = {}
    for other in others:
        busy.setdefault(other.user_id, []).append(rules.Span(other.starts_at, other.ends_at))  # type: ignore[arg-type]
    for row, span in wider:
        if any(span.overlaps(one) for one in busy.get(row.user_id, ())):
            message = "按新的时间，有人会同时上两个班，请先调整排班。"
            raise Conflict("shift_overlaps", message, on=row.on.isoformat())
        busy.setdefault(row.user_id, []).append(span)


def _told(new: NewShift) -> dict[str, Any]:
    return {**asdict(new), "starts": f"{new.starts:%H:%M}", "ends": f"{new.ends:%H:%M}"}


def _record(actor: Actor, action: str, row: Shift | ClockPlace, before: Told, after: Told) -> None:
    kind = "duty_shift" if isinstance(row, Shift) else "duty_place"
    audit.record(actor, action=action, object_type=kind, object_id=str(row.pk), before=before, after=after)
