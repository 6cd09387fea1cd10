"""Shifts, rosters, attendance, swaps and skills over HTTP. Clocking itself is a command (`duty.clock`)."""

from datetime import date, timedelta
from typing import Annotated, Literal
from uuid import UUID

from ninja import Query, Status

from yiwang.city.duty import access, actions, boards, present, sheets
from yiwang.city.duty.actions import CellChange, NewPlace, NewShift, NewSwap, Plan, Skill
from yiwang.city.duty.models import Clocking, Swap
from yiwang.city.duty.schemas import (
    CellsIn,
    Clockings,
    ClockPlaceOut,
    ClockPlaces,
    Day,
    DutyUnits,
    MineOut,
    MonthOut,
    NewPlaceIn,
    NewShiftIn,
    OnDutyNow,
    PlaceChangeIn,
    RosterChanged,
    RosterOut,
    RosterPlanIn,
    RosterPreview,
    SettleIn,
    ShiftChangeIn,
    ShiftOut,
    Shifts,
    SkilledPeople,
    SkillIn,
    SwapIn,
    Swaps,
    SwapStepIn,
)
from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.http.paging import page
from yiwang.core.http.routes import SIGNED_IN, ActingRequest, Router
from yiwang.core.ids import uuid7

router = Router(tags=["duty"])

LARGEST_ID = 2**63 - 1
UnitId = Annotated[int, Query(ge=1, le=LARGEST_ID)]
Code = Annotated[str, Query(max_length=60)]


@router.get("/duty/units", permission=access.VIEW, response=DutyUnits)
def list_duty_units(request: ActingRequest) -> object:
    """The units whose rosters one sees."""
    return {"items": boards.units(request.actor)}


@router.get("/duty/now", permission=access.VIEW, response=OnDutyNow)
def list_on_duty(request: ActingRequest, unit_id: UnitId | None = None) -> object:
    """Who is on duty at this moment."""
    return {"at": clock.now(), "items": boards.on_duty_now(request.actor, unit_id)}


@router.get("/duty/mine", permission=SIGNED_IN, response=MineOut)
def show_my_duty(
    request: ActingRequest,
    first: Annotated[Day | None, Query()] = None,
    days: Annotated[int, Query(ge=1, le=42)] = 14,
) -> object:
    """One's own days, clockings, and where one may clock in; from yesterday on unless told otherwise."""
    return boards.mine(request.actor, first or clock.today() - timedelta(days=1), days)


@router.get("/duty/shifts", permission=access.VIEW, response=Shifts)
def list_shifts(request: ActingRequest, unit_id: UnitId) -> object:
    """The shifts that a unit can use: its own and those of the units above it."""
    unit = access.get_unit_for(request.actor, unit_id, access.VIEW)
    edits = present.editable_units(request.actor)
    return {"items": [present.shift(row, unit.pk, edits) for row in access.shifts_of(unit)]}


@router.post("/duty/shifts", permission=access.EDIT, response={201: ShiftOut})
def add_shift(request: ActingRequest, payload: NewShiftIn) -> object:
    """A new kind of shift for a unit and all below it."""
    row = actions.add_shift(request.actor, payload.unit_id, NewShift(**payload.dict(exclude={"unit_id"})))
    return Status(201, present.shift(row, row.unit_id, present.editable_units(request.actor)))


@router.put("/duty/shifts/{int:shift_id}", permission=access.EDIT, response=ShiftOut)
def change_shift(request: ActingRequest, shift_id: int, payload: ShiftChangeIn) -> object:
    """Name or time a shift anew, from tomorrow on; 409 when somebody was first."""
    new = NewShift(**payload.dict(exclude={"expected_version"}))
    row = actions.change_shift(
        request.actor, min(shift_id, LARGEST_ID), new, expected_version=payload.expected_version
    )
    return present.shift(row, row.unit_id, present.editable_units(request.actor))


@router.delete("/duty/shifts/{int:shift_id}", permission=access.EDIT, response={204: None})
def remove_shift(request: ActingRequest, shift_id: int) -> object:
    """A shift that is not used any more."""
    actions.remove_shift(request.actor, min(shift_id, LARGEST_ID))
    return Status(204, None)


@router.get("/duty/roster", permission=access.VIEW, response=RosterOut)
def show_roster(
    request: ActingRequest,
    unit_id: UnitId,
    first: Annotated[Day, Query()],
    days: Annotated[int, Query(ge=1, le=42)] = 7,
) -> object:
    """A unit's roster of some days."""
    unit = access.get_unit_for(request.actor, unit_id, access.VIEW)
    return present.roster(request.actor, sheets.week(unit, first, days))


@router.put("/duty/roster/{int:unit_id}/cells", permission=access.EDIT, response=RosterChanged)
def put_roster_cells(request: ActingRequest, unit_id: int, payload: CellsIn) -> object:
    """Set cells of a roster; 409 when somebody was first, or somebody would work twice at once."""
    cells = [CellChange(**{**one.dict(), "grids": tuple(one.grids)}) for one in payload.cells]
    book, found = actions.put_cells(
        request.actor, min(unit_id, LARGEST_ID), cells, expected_version=payload.expected_version
    )
    return {"version": book.version, "written": len(cells), "clashes": present.clashes(found)}


@router.post("/duty/roster/preview", permission=access.EDIT, response=RosterPreview)
def preview_roster_plan(request: ActingRequest, payload: RosterPlanIn) -> object:
    """What a pattern or a copied week would do, and what stands in its way; nothing is written."""
    return present.preview(actions.preview(request.actor, _plan(payload)))


@router.post("/duty/roster/plan", permission=access.EDIT, response=RosterChanged)
def carry_out_roster_plan(request: ActingRequest, payload: RosterPlanIn) -> object:
    """Lay a pattern over people and days, or make them as in another week; 409 when somebody was first."""
    book, done = actions.carry_out(request.actor, _plan(payload), expected_version=payload.expected_version)
    return {"version": book.version, "written": len(done.written), "clashes": present.clashes(done.clashes)}


def _plan(payload: RosterPlanIn) -> Plan:
    told = payload.dict(exclude={"expected_version"})
    return Plan(**{**told, "people": tuple(payload.people), "pattern": tuple(payload.pattern)})


@router.get("/duty/attendance", permission=access.REVIEW, response=MonthOut)
def show_attendance(
    request: ActingRequest,
    unit_id: UnitId,
    month: Annotated[Day, Query()],
    user_id: UUID | None = None,
) -> object:
    """The attendance of a unit in the month of a day."""
    unit = access.get_unit_for(request.actor, unit_id, access.REVIEW)
    first: date = month.replace(day=1)
    return present.month(unit, first, sheets.month(unit, first, user_id))


@router.get("/duty/clockings", permission=SIGNED_IN, response=Clockings)
def list_clockings(  # noqa: PLR0917 - the filters of a list
    request: ActingRequest,
    unit_id: UnitId | None = None,
    state: Literal["", "taken", "waiting", "confirmed", "rejected"] = "",
    user_id: UUID | None = None,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> object:
    """Clockings, the newest first: one's own and those that one settles."""
    rows = access.list_clockings_for(request.actor)
    if unit_id is not None:
        rows = rows.filter(unit=unit_id)
    found = boards.clocking_page(rows, state=state, user_id=user_id, after=after, limit=limit)
    return {"items": present.clockings(request.actor, found.items), "next": found.next}


@router.post("/duty/clockings/{uuid:clocking_id}/settle", permission=access.REVIEW, response=Clockings)
def settle_clocking(request: ActingRequest, clocking_id: UUID, payload: SettleIn) -> object:
    """Count a clocking that waited, or do not."""
    actions.settle(request.actor, clocking_id, confirm=payload.confirm, note=payload.note)
    rows = Clocking.objects.select_related("user", "unit", "entry", "entry__shift").filter(pk=clocking_id)
    return {"items": present.clockings(request.actor, rows), "next": None}


@router.get("/duty/swaps", permission=SIGNED_IN, response=Swaps)
def list_swaps(
    request: ActingRequest,
    state: Literal["", "open", "asked", "agreed", "approved", "declined", "refused", "withdrawn"] = "",
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> object:
    """Swaps that one takes part in or decides, the newest first."""
    rows = access.list_swaps_for(request.actor)
    if state:
        rows = rows.filter(state__in=["asked", "agreed"] if state == "open" else [state])
    found = page(rows, keys=("-asked_at", "-id"), after=after, limit=limit)
    return {"items": present.swap_list(request.actor, found.items), "next": found.next}


@router.post("/duty/swaps", permission=access.VIEW, response={201: Swaps})
def ask_swap(request: ActingRequest, payload: SwapIn) -> object:
    """Ask a colleague to change shifts."""
    new = NewSwap(payload.unit_id, payload.on, payload.other_id, payload.other_on, payload.reason)
    row = actions.ask(request.actor, uuid7(), new)
    return Status(201, _one_swap(request.actor, row.pk))


@router.post("/duty/swaps/{uuid:swap_id}/{verb}", permission=SIGNED_IN, response=Swaps)
def step_swap(
    request: ActingRequest,
    swap_id: UUID,
    verb: Literal["agree", "decline", "approve", "refuse", "withdraw"],
    payload: SwapStepIn,
) -> object:
    """Agree or decline (whom it was asked of), withdraw (who asked), approve or refuse (who makes the roster)."""
    actions.step(request.actor, swap_id, verb, note=payload.note)
    return _one_swap(request.actor, swap_id)


def _one_swap(actor: Actor, swap_id: UUID) -> dict[str, object]:
    rows = Swap.objects.select_related("unit", "asker", "other").filter(pk=swap_id)
    return {"items": present.swap_list(actor, rows), "next": None}


@router.get("/duty/skills", permission=access.VIEW, response=SkilledPeople)
def list_skilled_people(request: ActingRequest, unit_id: UnitId | None = None) -> object:
    """People with what they can do."""
    return {"items": boards.skilled_people(request.actor, unit_id)}


@router.put("/duty/people/{uuid:user_id}/skills/{code}", permission=access.EDIT, response={204: None})
def give_skill(request: ActingRequest, user_id: UUID, code: str, payload: SkillIn) -> object:
    """Write a skill of somebody down, or until when it holds."""
    actions.give(request.actor, user_id, Skill(code[:60], payload.certificate, payload.valid_to))
    return Status(204, None)


@router.delete("/duty/people/{uuid:user_id}/skills/{code}", permission=access.EDIT, response={204: None})
def take_skill(request: ActingRequest, user_id: UUID, code: str) -> object:
    """Strike a skill of somebody."""
    actions.take(request.actor, user_id, code[:60])
    return Status(204, None)


@router.get("/duty/places", permission=access.VIEW, response=ClockPlaces)
def list_clock_places(request: ActingRequest, unit_id: UnitId) -> object:
    """Where the people of a unit may clock in, besides their duty grids."""
    unit = access.get_unit_for(request.actor, unit_id, access.VIEW)
    edits = present.editable_units(request.actor)
    rows = access.places_of([unit.path]).select_related("unit")
    return {"items": [present.place(row, edits) for row in rows]}


@router.post("/duty/places", permission=access.EDIT, response={201: ClockPlaceOut})
def add_clock_place(request: ActingRequest, payload: NewPlaceIn) -> object:
    """A new place for a unit and all below it."""
    row = actions.add_place(request.actor, payload.unit_id, NewPlace(**payload.dict(exclude={"unit_id"})))
    return Status(201, present.place(row, present.editable_units(request.actor)))


@router.put("/duty/places/{int:place_id}", permission=access.EDIT, response=ClockPlaceOut)
def change_clock_place(request: ActingRequest, place_id: int, payload: PlaceChangeIn) -> object:
    """Move or rename a place; 409 when somebody was first."""
    new = NewPlace(**payload.dict(exclude={"expected_version"}))
    row = actions.change_place(
        request.actor, min(place_id, LARGEST_ID), new, expected_version=payload.expected_version
    )
    return present.place(row, present.editable_units(request.actor))


@router.delete("/duty/places/{int:place_id}", permission=access.EDIT, response={204: None})
def remove_clock_place(request: ActingRequest, place_id: int) -> object:
    """Nobody can clock in there any more."""
    actions.remove_place(request.actor, min(place_id, LARGEST_ID))
    return Status(204, None)
