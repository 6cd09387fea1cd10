"""The verbs of this room: shifts and places, rosters, clockings, swaps, skills; and what happens when units change."""

from django.db import transaction

from yiwang.city.duty.clocking import Punched, clock_in_or_out, settle
from yiwang.city.duty.models import ClockPlace, RosterEntry, Shift
from yiwang.city.duty.rostering import CellChange, Plan, Preview, carry_out, preview, put_cells
from yiwang.city.duty.shifts import (
    NewPlace,
    NewShift,
    add_place,
    add_shift,
    change_place,
    change_shift,
    remove_place,
    remove_shift,
)
from yiwang.city.duty.skills import Skill, give, take
from yiwang.city.duty.swaps import NewSwap, ask, step
from yiwang.core import clock

__all__ = [
    "CellChange",
    "NewPlace",
    "NewShift",
    "NewSwap",
    "Plan",
    "Preview",
    "Punched",
    "Skill",
    "add_place",
    "add_shift",
    "ask",
    "carry_out",
    "change_place",
    "change_shift",
    "clock_in_or_out",
    "give",
    "hand_over",
    "preview",
    "put_cells",
    "remove_place",
    "remove_shift",
    "settle",
    "step",
    "take",
]


@transaction.atomic
def hand_over(unit_id: int, successor_id: int) -> int:
    """A unit's shifts and places are the successor's from now on, and what is rostered from today on; returns how many
    days. A shift of the same name, and a day that the successor has rostered, stay where they are."""
    known = Shift.objects.filter(unit=successor_id, removed_at__isnull=True).values_list("name", flat=True)
    Shift.objects.filter(unit=unit_id).exclude(name__in=list(known)).update(unit=successor_id)
    ClockPlace.objects.filter(unit=unit_id).update(unit=successor_id)
    coming = RosterEntry.objects.filter(unit=unit_id, on__gte=clock.today())
    has = set(
        RosterEntry.objects.filter(unit=successor_id, on__gte=clock.today()).values_list("user_id", "on")
    )
    moved = [row.pk for row in coming if (row.user_id, row.on) not in has]
    return RosterEntry.objects.filter(pk__in=moved).update(unit=successor_id)
