"""Making a unit's roster: cell by cell, by a pattern, or as in another week."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from yiwang.city.duty import access, rules
from yiwang.city.duty.matching import hold_people, match_anew
from yiwang.city.duty.models import Clocking, RosterBook, RosterEntry, Shift
from yiwang.city.duty.parameters import REST
from yiwang.city.duty.rules import Cell, Clash, ClashKind, Span
from yiwang.city.geo import queries as geo
from yiwang.core import clock
from yiwang.core.accounts.models import Absence, Unit
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict, Invalid
from yiwang.core.parameters import queries as parameters

DAY = timedelta(days=1)
MOST_DAYS = 92
MOST_CELLS = 5000


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell as it shall be: a shift, rest (`shift_id` None), or nothing planned (`clear`).

    `grids`: duty grids of that day; empty: the person's own.
    """

    user_id: UUID
    on: date
    shift_id: int | None = None
    clear: bool = False
    grids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A roster for `days` days from `first` on: a pattern laid over people, or as it was in the week of `from_week`.

    `pattern`: shifts by id, None for rest. `replace`: what is rostered already gives way; else it stays.
    """

    unit_id: int
    people: tuple[UUID, ...]
    first: date
    days: int
    pattern: tuple[int | None, ...] = ()
    stagger: int = 0
    by_week: bool = False
    from_week: date | None = None
    replace: bool = False

    @property
    def stops(self) -> frozenset[ClashKind]:
        """What keeps a cell from being written."""
        always = frozenset({ClashKind.OVERLAP, ClashKind.AWAY})
        return always if self.replace else always | {ClashKind.TAKEN}


@dataclass(frozen=True, slots=True)
class Preview:
    """What a plan would do: its cells, what stands in their way, and which of them would be written."""

    cells: Sequence[CellChange]
    clashes: Sequence[Clash]
    written: Sequence[CellChange]


@dataclass(frozen=True, slots=True)
class Around:
    """What a change of a roster has to know of: the unit, its shifts, what is rostered and who is away."""

    unit: Unit
    shifts: Mapping[int, Shift]
    rostered: Sequence[Cell]
    away: Mapping[UUID, Sequence[tuple[date, date]]] = field(default_factory=dict)

    def cell(self, change: CellChange) -> Cell:
        """A change with its time."""
        shift = self.shifts[change.shift_id] if change.shift_id is not None and not change.clear else None
        span = rules.shift_span(change.on, shift.starts, shift.ends) if shift else None
        return Cell(change.user_id, change.on, shift.pk if shift else None, span, self.unit.pk)

    def clashes(
        self, changes: Iterable[CellChange], stops: frozenset[ClashKind] = frozenset()
    ) -> list[Clash]:
        """What stands in the way of the changes; those with a clash among `stops` are not going to be written."""
        rest = timedelta(hours=parameters.number(REST))
        return rules.clashes(map(self.cell, changes), self.rostered, self.away, least_rest=rest, stops=stops)


@transaction.atomic
def put_cells(
    actor: Actor, unit_id: int, changes: Sequence[CellChange], *, expected_version: int
) -> tuple[RosterBook, list[Clash]]:
    """Set cells of a roster; returns it with what was pointed out (away, too little rest).

    Raises NotFound `unit_not_found`, Conflict `roster_changed` (somebody was first) or `works_elsewhere` (some cell
    would have somebody work twice at once), Invalid `unknown_shift`, `not_of_unit`, `unknown_grid`, `roster_too_old`.
    """
    book = _locked(actor, unit_id, expected_version)
    around = look_around(book.unit, changes)
    found = around.clashes(changes)
    twice = next((one for one in found if one.kind is ClashKind.OVERLAP), None)
    if twice is not None:
        message = "此人这时在别处或前一天的班还没下，不能重叠。"
        raise Conflict("works_elsewhere", message, user_id=str(twice.user), on=twice.on.isoformat())
    write(around, changes)
    turn(actor, book, "duty.change_roster", {"cells": [_told(one) for one in changes]})
    return book, [one for one in found if one.kind is not ClashKind.TAKEN]


def preview(actor: Actor, plan: Plan) -> Preview:
    """What a plan would do; nothing is written. Raises as `carry_out`, but no Conflict."""
    unit = access.get_unit_for(actor, plan.unit_id, access.EDIT)
    cells = _cells(unit, plan)
    around = look_around(unit, cells)
    found = around.clashes(cells, plan.stops)
    return Preview(cells, found, _kept(cells, found, around, plan))


@transaction.atomic
def carry_out(actor: Actor, plan: Plan, *, expected_version: int) -> tuple[RosterBook, Preview]:
    """Write a plan. Days away and days on which somebody works elsewhere stay as they are; so do rostered days, unless
    they are to be replaced.

    Raises NotFound `unit_not_found`, Conflict `roster_changed`, Invalid `unknown_shift`, `not_of_unit`, `empty`,
    `span_too_long`, `roster_too_old`.
    """
    book = _locked(actor, plan.unit_id, expected_version)
    cells = _cells(book.unit, plan)
    around = look_around(book.unit, cells)
    found = around.clashes(cells, plan.stops)
    done = Preview(cells, found, _kept(cells, found, around, plan))
    write(around, done.written)
    told = {
        "first": plan.first.isoformat(),
        "days": plan.days,
        "people": [str(one) for one in plan.people],
        "pattern": list(plan.pattern),
        "from_week": plan.from_week.isoformat() if plan.from_week else None,
        "written": len(done.written),
    }
    turn(actor, book, "duty.plan_roster", told)
    return book, done


def look_around(unit: Unit, changes: Sequence[CellChange]) -> Around:
    """What these changes have to know of. Raises Invalid for what cannot be rostered."""
    shifts = {shift.pk: shift for shift in access.shifts_of(unit)}
    people = {one.user_id for one in changes}
    _check(unit, changes, shifts, people)
    first = min((one.on for one in changes), default=clock.today()) - DAY
    last = max((one.on for one in changes), default=clock.today()) + DAY
    # Two units that roster one person wait for each other.
    hold_people(people)
    rows = RosterEntry.objects.filter(user__in=people, on__range=(first, last))
    rostered = [
        Cell(row.user_id, row.on, row.shift_id, Span(row.starts_at, row.ends_at) if row.starts_at and row.ends_at
             else None, row.unit_id)
        for row in rows
    ]  # fmt: skip
    return Around(unit, shifts, rostered, absences(people, first, last))


def absences(people: Collection[UUID], first: date, last: date) -> dict[UUID, list[tuple[date, date]]]:
    """First and last days of people's absences that touch some days."""
    rows = Absence.objects.filter(
        user__in=people, cancelled_at__isnull=True, starts_on__lte=last, ends_on__gte=first
    )
    found: dict[UUID, list[tuple[date, date]]] = {}
    for user_id, begins, ends in rows.values_list("user_id", "starts_on", "ends_on"):
        found.setdefault(user_id, []).append((begins, ends))
    return found


def _locked(actor: Actor, unit_id: int, expected_version: int) -> RosterBook:
    book = access.lock_book_for(actor, unit_id)
    if book.version != expected_version:
        message = f"排班表刚刚被{book.changed_by_name or '别人'}改过，请看最新内容。"
        raise Conflict("roster_changed", message, version=book.version, actor=book.changed_by_name)
    return book


def _cells(unit: Unit, plan: Plan) -> list[CellChange]:
    if not plan.people:
        raise Invalid("empty", "请选择人员。", field="people")
    if not 1 <= plan.days <= MOST_DAYS or plan.days * len(plan.people) > MOST_CELLS:
        raise Invalid("span_too_long", "一次排班的天数或人数太多。", field="days", most=MOST_DAYS)
    days = [plan.first + DAY * n for n in range(plan.days)]
    if plan.from_week is not None:
        return _as_in(unit, plan, plan.from_week, days)
    if not plan.pattern:
        raise Invalid("empty", "请排出班次顺序。", field="pattern")
    laid = rules.lay_out(plan.people, plan.pattern, days, stagger=plan.stagger, by_week=plan.by_week)
    return [CellChange(user, on, shift) for user, on, shift in laid]


def _as_in(unit: Unit, plan: Plan, week: date, days: list[date]) -> list[CellChange]:
    """Each weekday as it was in a week; a shift that is not used any more is left out."""
    monday = week - DAY * week.weekday()
    usable = set(access.shifts_of(unit).values_list("pk", flat=True))
    rows = RosterEntry.objects.filter(unit=unit, user__in=plan.people, on__range=(monday, monday + 6 * DAY))
    then = {
        (row.user_id, row.on.weekday()): row for row in rows if row.shift_id is None or row.shift_id in usable
    }
    return [
        CellChange(user, on, row.shift_id, grids=tuple(row.grids))
        for user in plan.people
        for on in days
        if (row := then.get((user, on.weekday()))) is not None
    ]


def _kept(
    cells: Sequence[CellChange], found: Sequence[Clash], around: Around, plan: Plan
) -> list[CellChange]:
    """The cells that a plan writes."""
    stopped = {(one.user, one.on) for one in found if one.kind in plan.stops}
    same = {(cell.user, cell.on): cell.shift for cell in around.rostered if cell.unit == around.unit.pk}
    kept = [one for one in cells if (one.user_id, one.on) not in stopped]
    # What stands there already is left alone, with its grids.
    return [
        one
        for one in kept
        if (one.user_id, one.on) not in same or same[one.user_id, one.on] != one.shift_id or plan.replace
    ]


def _check(
    unit: Unit, changes: Sequence[CellChange], shifts: Mapping[int, Shift], people: Collection[UUID]
) -> None:
    twice = [key for key, n in Counter((one.user_id, one.on) for one in changes).items() if n > 1]
    if twice:
        raise Invalid("cell_twice", "同一个人同一天只能排一次。", field="cells")
    if any(one.shift_id is not None and one.shift_id not in shifts for one in changes):
        raise Invalid("unknown_shift", "没有这个班次，或已停用。", field="shift_id")
    staff = set(access.staff_of(unit).filter(pk__in=people).values_list("pk", flat=True))
    if any(one.user_id not in staff and not one.clear for one in changes):
        raise Invalid("not_of_unit", "此人现在不在这个单位任职。", field="user_id")
    grids = {code for one in changes for code in one.grids}
    if grids - geo.duty_grid_names(grids, clock.today()).keys():
        raise Invalid("unknown_grid", "没有这个责任网格。", field="grids")
    # What was is attendance's: yesterday's shift may still be running.
    if any(one.on < clock.today() - DAY for one in changes):
        raise Invalid("roster_too_old", "过去的排班不能再改。", field="on")


def write(around: Around, changes: Sequence[CellChange]) -> None:
    """The entries of the changed cells anew; clockings near them belong to what stands there then."""
    if not changes:
        return
    wanted = Q(pk__in=())
    for user_id in {one.user_id for one in changes}:
        wanted |= Q(user_id=user_id, on__in=[one.on for one in changes if one.user_id == user_id])
    old = {(row.user_id, row.on): row for row in RosterEntry.objects.filter(wanted, unit=around.unit)}
    RosterEntry.objects.filter(pk__in=[row.pk for row in old.values()]).update(
        shift=None, starts_at=None, ends_at=None
    )
    fresh: list[RosterEntry] = []
    kept: list[RosterEntry] = []
    gone: list[int] = []
    for change in changes:
        row = old.get((change.user_id, change.on))
        if change.clear:
            gone += [row.pk] if row else []
            continue
        cell = around.cell(change)
        (kept if row else fresh).append(row := row or RosterEntry(unit=around.unit, user_id=change.user_id))
        row.on, row.shift_id, row.grids = change.on, cell.shift, list(change.grids)
        row.starts_at = cell.span.starts_at if cell.span else None
        row.ends_at = cell.span.ends_at if cell.span else None
    Clocking.objects.filter(entry__in=gone).update(entry=None)
    RosterEntry.objects.filter(pk__in=gone).delete()
    RosterEntry.objects.bulk_update(kept, ["shift", "starts_at", "ends_at", "grids"], batch_size=500)
    RosterEntry.objects.bulk_create(fresh, batch_size=500)
    days = [one.on for one in changes]
    match_anew({one.user_id for one in changes}, min(days), max(days))


def turn(actor: Actor, book: RosterBook, action: str, after: dict[str, Any]) -> None:
    """Count a change of a roster and put it on the record."""
    book.version += 1
    book.changed_at, book.changed_by_name = clock.now(), actor.name
    book.save(update_fields=["version", "changed_at", "changed_by_name"])
    audit.record(
        actor,
        action=action,
        object_type="duty_roster",
        object_id=str(book.unit_id),
        before={"version": book.version - 1},
        after={"version": book.version, **after},
    )


def _told(change: CellChange) -> dict[str, Any]:
    told: dict[str, Any] = {"user": str(change.user_id), "on": change.on.isoformat()}
    return (
        {**told, "clear": True}
        if change.clear
        else {**told, "shift": change.shift_id, "grids": list(change.grids)}
    )
