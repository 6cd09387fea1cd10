"""Rows of this room as the wire shows them."""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any

from yiwang.city.duty import access, sheets, swaps
from yiwang.city.duty.models import Clocking, ClockPlace, RosterEntry, Shift, Swap
from yiwang.city.duty.queries import OnDuty
from yiwang.city.duty.rostering import CellChange, Preview
from yiwang.city.duty.rules import Clash
from yiwang.core import clock
from yiwang.core.accounts.models import Unit, User
from yiwang.core.actor import Actor
from yiwang.core.files import queries as files

Names = Mapping[str, tuple[str, str]]


def person(user: User) -> dict[str, Any]:
    """Somebody."""
    return {"id": user.pk, "name": user.name}


def hours(at: time) -> str:
    """HH:MM."""
    return f"{at:%H:%M}"


def shift(row: Shift, unit_id: int | None, editable: frozenset[int]) -> dict[str, Any]:
    """A kind of shift, for a unit; `editable`: the units whose rosters one makes."""
    return {
        "id": row.pk,
        "name": row.name,
        "name_en": row.name_en,
        "mark": row.mark,
        "tone": row.tone,
        "starts": hours(row.starts),
        "ends": hours(row.ends),
        "over_midnight": row.ends <= row.starts,
        "order": row.order,
        "version": row.version,
        "unit": row.unit.short_name,
        "own": row.unit_id == unit_id,
        "used": row.removed_at is None,
        "editable": row.unit_id in editable and row.removed_at is None,
    }


def grids(codes: Iterable[str], names: Names) -> list[dict[str, Any]]:
    """Duty grids by their codes."""
    return [
        {"code": code, "name": {"zh": names[code][0], "en": names[code][1]}}
        for code in codes
        if code in names
    ]


def roster(actor: Actor, week: sheets.Week) -> dict[str, Any]:
    """A unit's roster of some days."""
    edits = editable_units(actor)
    return {
        "unit": week.unit.short_name,
        "version": week.version,
        "editable": week.unit.pk in edits,
        "days": week.days,
        "rest_days": week.rest_days,
        "shifts": [shift(row, week.unit.pk, edits) for row in week.shifts],
        "rows": [_roster_row(row) for row in week.rows],
        "grids": grids(sorted(week.grids), week.grids),
    }


def _roster_row(row: sheets.Row) -> dict[str, Any]:
    return {
        "user": person(row.user),
        "grids": row.grids,
        "skills": row.skills,
        "away": [{"first": first, "last": last} for first, last in row.away],
        "cells": [_cell(entry) for _, entry in sorted(row.entries.items())],
    }


def _cell(entry: RosterEntry) -> dict[str, Any]:
    return {
        "on": entry.on,
        "shift_id": entry.shift_id,
        "starts_at": entry.starts_at,
        "ends_at": entry.ends_at,
        "grids": entry.grids,
    }


def clashes(found: Iterable[Clash]) -> list[dict[str, Any]]:
    """What stands in the way."""
    return [{"user_id": one.user, "on": one.on, "kind": one.kind.value} for one in found]


def preview(shown: Preview) -> dict[str, Any]:
    """What a plan would do."""
    written = {(one.user_id, one.on) for one in shown.written}

    def cell(one: CellChange) -> dict[str, Any]:
        done = (one.user_id, one.on) in written
        return {"user_id": one.user_id, "on": one.on, "shift_id": one.shift_id, "written": done}

    return {
        "cells": [cell(one) for one in shown.cells],
        "clashes": clashes(shown.clashes),
        "written": len(shown.written),
    }


def month(unit: Unit, first: Any, rows: list[sheets.MonthRow]) -> dict[str, Any]:
    """The attendance of a unit in a month."""
    return {
        "unit": unit.short_name,
        "month": first,
        "items": [
            {"user": person(row.user), "days": [_month_day(one) for one in row.days], "totals": row.totals}
            for row in rows
        ],
    }


def _month_day(one: sheets.MonthDay) -> dict[str, Any]:
    return {
        "on": one.on,
        "mark": one.mark,
        "outcome": one.day.outcome.value,
        "in_at": one.day.in_at,
        "out_at": one.day.out_at,
        "late_min": one.day.late_min,
        "early_min": one.day.early_min,
        "waiting": one.waiting,
    }


def clocking(actor: Actor, row: Clocking, photos: Mapping[Any, Any]) -> dict[str, Any]:
    """A clocking with links to its photo."""
    photo = photos.get(row.photo)
    return {
        "id": row.pk,
        "user": person(row.user),
        "unit": row.unit.short_name,
        "shift": row.entry.shift.name if row.entry and row.entry.shift else None,
        "on": row.entry.on if row.entry else None,
        "way": row.way,
        "occurred_at": row.occurred_at,
        "received_at": row.received_at,
        "doubt": row.doubt,
        "lon": row.location.x if row.location else None,
        "lat": row.location.y if row.location else None,
        "accuracy_m": row.accuracy_m,
        "place": row.place,
        "distance_m": row.distance_m,
        "verdict": row.verdict,
        "fallback": row.fallback,
        "note": row.note,
        "photo_url": files.link(actor, photo) if photo else None,
        "thumbnail_url": files.link(actor, photo, "thumbnail") if photo else None,
        "state": row.state,
        "decided_by": row.decided_by_name,
        "decided_at": row.decided_at,
        "decision_note": row.decision_note,
    }


def clockings(actor: Actor, rows: Iterable[Clocking]) -> list[dict[str, Any]]:
    """Some of them, with one query for their photos."""
    rows = list(rows)
    wanted = [row.photo for row in rows if row.photo]
    photos = files.by_ids(wanted) if wanted else {}
    return [clocking(actor, row, photos) for row in rows]


def swap_list(actor: Actor, rows: Iterable[Swap]) -> list[dict[str, Any]]:
    """Some of them, with the shifts that change hands as they stand in the roster."""
    rows = list(rows)
    edits = editable_units(actor)
    marks = _shifts_of(rows)
    return [_swap(actor, row, marks, edits) for row in rows]


def _swap(actor: Actor, row: Swap, marks: Mapping[Any, str], edits: frozenset[int]) -> dict[str, Any]:
    # Once approved, the shifts stand with the other one.
    done = row.state == Swap.State.APPROVED
    given = (row.other_id if done else row.asker_id, row.on)
    taken = (row.asker_id if done else row.other_id, row.other_on)
    return {
        "id": row.pk,
        "unit": row.unit.short_name,
        "asker": person(row.asker),
        "on": row.on,
        "shift": marks.get(given),
        "other": person(row.other),
        "other_on": row.other_on,
        "other_shift": marks.get(taken),
        "reason": row.reason,
        "state": row.state,
        "asked_at": row.asked_at,
        "answered_at": row.answered_at,
        "decided_at": row.decided_at,
        "decided_by": row.decided_by_name,
        "decision_note": row.decision_note,
        "verbs": swaps.allowed(actor, row, edits=row.unit_id in edits),
    }


def _shifts_of(rows: list[Swap]) -> dict[Any, str]:
    people = {one for row in rows for one in (row.asker_id, row.other_id)}
    days = {one for row in rows for one in (row.on, row.other_on) if one}
    entries = RosterEntry.objects.filter(user__in=people, on__in=days, shift__isnull=False)
    return {(user, on): name for user, on, name in entries.values_list("user_id", "on", "shift__name")}


def place(row: ClockPlace, edits: frozenset[int]) -> dict[str, Any]:
    """A place to clock in at."""
    return {
        "id": row.pk,
        "unit": row.unit.short_name,
        "name": row.name,
        "lon": row.location.x,
        "lat": row.location.y,
        "radius_m": row.radius_m,
        "version": row.version,
        "editable": row.unit_id in edits,
    }


def on_duty(one: OnDuty, user: User, unit: str, names: Names, skills: tuple[str, ...]) -> dict[str, Any]:
    """Somebody on duty."""
    return {
        "user": person(user),
        "unit": unit,
        "shift": one.shift,
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
        "grids": grids(one.grids, names),
        "basis": one.basis,
        "clocked_in_at": one.clocked_in_at,
        "skills": skills,
    }


def my_day(row: RosterEntry, names: Names) -> dict[str, Any]:
    """A rostered day of one's own."""
    return {
        "on": row.on,
        "unit_id": row.unit_id,
        "unit": row.unit.short_name,
        "shift": row.shift.name if row.shift else None,
        "mark": row.shift.mark if row.shift else "",
        "tone": row.shift.tone if row.shift else 0,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "grids": grids(row.grids, names),
    }


def editable_units(actor: Actor) -> frozenset[int]:
    """The units whose rosters one makes."""
    return frozenset(access.list_units_for(actor, access.EDIT).values_list("pk", flat=True))


def is_expired(valid_to: Any) -> bool:
    """Whether a skill holds no more."""
    return valid_to is not None and valid_to <= clock.today()
