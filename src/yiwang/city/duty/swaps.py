"""Changing shifts between two people: asked, agreed by the other, approved by the leader."""

from dataclasses import dataclass
from datetime import UTC, date
from typing import Any, Literal
from uuid import UUID

from django.db import transaction

from yiwang.city.duty import access, rostering
from yiwang.city.duty.matching import hold_people
from yiwang.city.duty.models import RosterBook, RosterEntry, Swap
from yiwang.city.duty.rostering import CellChange
from yiwang.city.duty.rules import ClashKind
from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict, Invalid, NotFound, Refused
from yiwang.core.locks import hold

State = Swap.State
Verb = Literal["agree", "decline", "approve", "refuse", "withdraw"]
OPEN = (State.ASKED, State.AGREED)
# From which states, to which.
STEPS: dict[str, tuple[tuple[str, ...], str]] = {
    "agree": ((State.ASKED,), State.AGREED),
    "decline": ((State.ASKED,), State.DECLINED),
    "approve": ((State.AGREED,), State.APPROVED),
    "refuse": (OPEN, State.REFUSED),
    "withdraw": (OPEN, State.WITHDRAWN),
}


@dataclass(frozen=True, slots=True)
class NewSwap:
    """One's own shift of the day `on` goes to `other`; theirs of `other_on` comes back, if a day is named."""

    unit_id: int
    on: date
    other: UUID
    other_on: date | None
    reason: str


@transaction.atomic
def ask(actor: Actor, swap_id: UUID, new: NewSwap) -> Swap:
    """Ask somebody of the same unit to change shifts.

    Raises NotFound `shift_not_rostered` when one's own or the other's day has no shift, Invalid `empty` or
    `swap_with_oneself`, Conflict `swap_open` when the day is offered already, `shift_begun` or `day_taken`.
    """
    if actor.user_id is None:
        raise Refused("only_people_clock", "只有人员可以申请调班。")
    if not new.reason.strip():
        raise Invalid("empty", "请说明原因。", field="reason")
    if new.other == actor.user_id:
        raise Invalid("swap_with_oneself", "请选择另一位同事。", field="other_id")
    hold(f"duty.swap:{actor.user_id}")
    given, taken = _entries(new.unit_id, (actor.user_id, new.on), (new.other, new.other_on))
    _check(given, taken, new.other)
    if Swap.objects.filter(asker_id=actor.user_id, on=new.on, unit=new.unit_id, state__in=OPEN).exists():
        raise Conflict("swap_open", "这一天已有调班申请，请先撤回。", field="on")
    row = Swap.objects.create(
        id=swap_id,
        unit_id=new.unit_id,
        asker_id=actor.user_id,
        on=new.on,
        other_id=new.other,
        other_on=new.other_on,
        given=_told(given),
        taken=_told(taken),
        reason=new.reason.strip(),
    )
    _record(actor, "duty.ask_swap", row, None)
    return row


@transaction.atomic
def step(actor: Actor, swap_id: UUID, verb: Verb, *, note: str = "") -> Swap:
    """Agree or decline (the other), withdraw (who asked), approve or refuse (who makes the unit's roster).

    With `approve` the two days change hands in the roster. Raises NotFound `swap_not_found` or `shift_not_rostered`,
    Refused `not_your_swap`, Conflict `swap_moved_on`, `works_elsewhere`, `shift_begun`, `day_taken` or
    `swap_shift_changed` (the roster is another than it was when they asked), Invalid `empty` without a reason.
    """
    row = access.lock_swap_for(actor, swap_id)
    if not may(actor, row, verb):
        raise Refused("not_your_swap", "这一步不由您办理。")
    before, (states, after) = row.state, STEPS[verb]
    if row.state not in states:
        raise Conflict("swap_moved_on", "这条申请已经办理过了，请看最新情况。", state=row.state)
    if verb == "refuse" and not note.strip():
        raise Invalid("empty", "不批准请说明原因。", field="note")
    if verb in ("agree", "decline"):
        row.answered_at = clock.now()
    if verb in ("approve", "refuse"):
        row.decided_at, row.decided_by_id, row.decided_by_name = clock.now(), actor.user_id, actor.name
        row.decision_note = note.strip()
    if verb == "approve":
        _exchange(actor, row)
    row.state = after
    row.save()
    _record(actor, f"duty.{verb}_swap", row, before)
    return row


def may(actor: Actor, row: Swap, verb: str) -> bool:
    """Whether a step is the actor's: nobody approves a change of their own shifts."""
    if verb in ("agree", "decline"):
        return row.other_id == actor.user_id
    if verb == "withdraw":
        return row.asker_id == actor.user_id
    return actor.user_id not in (row.asker_id, row.other_id) and access.may(actor, access.EDIT, row.unit_id)


def allowed(actor: Actor, row: Swap, *, edits: bool) -> list[str]:
    """The steps that the actor can take now; `edits`: they make the unit's roster."""
    own = {"agree": row.other_id, "decline": row.other_id, "withdraw": row.asker_id}
    apart = actor.user_id not in (row.asker_id, row.other_id)
    return [
        verb
        for verb, (states, _) in STEPS.items()
        if row.state in states and (own[verb] == actor.user_id if verb in own else edits and apart)
    ]


def _exchange(actor: Actor, row: Swap) -> None:
    """The asker's day goes to the other, the other's to the asker; who gives a day and gets none rests."""
    RosterBook.objects.bulk_create([RosterBook(unit_id=row.unit_id)], ignore_conflicts=True)
    book = RosterBook.objects.select_for_update().get(pk=row.unit_id)
    hold_people({row.asker_id, row.other_id})
    given, taken = _entries(row.unit_id, (row.asker_id, row.on), (row.other_id, row.other_on))
    if (_told(given), _told(taken)) != (row.given, row.taken):
        raise Conflict("swap_shift_changed", "申请后排班已有变动，请重新申请调班。", field="on")
    _check(given, taken, row.other_id)
    cells = {
        (row.asker_id, row.on): CellChange(row.asker_id, row.on),
        (row.other_id, row.on): _as(row.other_id, given),
    }
    if taken is not None:
        if row.other_on != row.on:
            cells[row.other_id, taken.on] = CellChange(row.other_id, taken.on)
        cells[row.asker_id, taken.on] = _as(row.asker_id, taken)
    changes = list(cells.values())
    around = rostering.look_around(row.unit, changes)
    found = around.clashes(changes)
    wrong = next((one for one in found if one.kind in (ClashKind.OVERLAP, ClashKind.AWAY)), None)
    if wrong is not None:
        raise Conflict("works_elsewhere", "调班后有人时间重叠或正在请假，不能批准。",
                       user_id=str(wrong.user), on=wrong.on.isoformat())  # fmt: skip
    rostering.write(around, changes)
    rostering.turn(actor, book, "duty.change_roster", {"swap": str(row.pk)})


def _check(given: RosterEntry, taken: RosterEntry | None, other: UUID) -> None:
    """Only what has not begun changes hands, and only into days that hold no further shift."""
    now = clock.now()
    if any(one is not None and one.starts_at and one.starts_at <= now for one in (given, taken)):
        raise Conflict("shift_begun", "已经开始的班不能再调。", field="on")
    exchanged = [one.pk for one in (given, taken) if one is not None]
    rows = RosterEntry.objects.filter(unit=given.unit_id, shift__isnull=False).exclude(pk__in=exchanged)
    days = [(other, given.on), *([(given.user_id, taken.on)] if taken else [])]
    for user_id, on in days:
        if rows.filter(user=user_id, on=on).exists():
            message = "接班的人这一天已有别的班，请把那一班也换过来，或另选日期。"
            raise Conflict("day_taken", message, user_id=str(user_id), on=on.isoformat())


def _told(entry: RosterEntry | None) -> list[str]:
    """Which shift it is and when, as it is kept with a swap; nothing without one."""
    if entry is None or entry.starts_at is None or entry.ends_at is None:
        return []
    times = (entry.starts_at.astimezone(UTC), entry.ends_at.astimezone(UTC))
    return [str(entry.shift_id), *(one.isoformat() for one in times)]


def _as(user_id: UUID, entry: RosterEntry) -> CellChange:
    return CellChange(user_id, entry.on, entry.shift_id, grids=tuple(entry.grids))


def _entries(
    unit_id: int, mine: tuple[UUID, date], theirs: tuple[UUID, date | None]
) -> tuple[RosterEntry, RosterEntry | None]:
    rows = RosterEntry.objects.filter(unit=unit_id, shift__isnull=False)
    given = rows.filter(user=mine[0], on=mine[1]).first()
    taken = rows.filter(user=theirs[0], on=theirs[1]).first() if theirs[1] else None
    if given is None or (theirs[1] is not None and taken is None):
        raise NotFound(
            "shift_not_rostered", "这一天没有排班，不能调班。", field="on" if given is None else "other_on"
        )
    unit = given.unit
    if not access.staff_of(unit).filter(pk=theirs[0]).exists():
        raise Invalid("not_of_unit", "对方不在同一单位。", field="other_id")
    return given, taken


def _record(actor: Actor, action: str, row: Swap, before: Any) -> None:
    after = {
        "asker": str(row.asker_id),
        "on": row.on.isoformat(),
        "other": str(row.other_id),
        "other_on": row.other_on.isoformat() if row.other_on else None,
        "state": row.state,
    }
    audit.record(
        actor,
        action=action,
        object_type="duty_swap",
        object_id=str(row.pk),
        before={"state": before} if before else None,
        after=after,
    )
