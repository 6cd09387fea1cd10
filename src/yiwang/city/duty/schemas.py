"""Shifts, rosters, attendance, swaps and skills on the wire. Times of day are HH:MM of the district."""

from datetime import date, datetime, time
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from yiwang.core.http.schemas import Label, Out

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))]
Note = Annotated[str, Field(max_length=300)]


class DutyUnitOut(Out):
    """A unit whose roster one sees; `rostered`: it has one these weeks, `editable`: one makes it, `reviews`: one
    settles its attendance."""

    id: int
    name: str
    depth: int
    people: int
    rostered: bool
    editable: bool
    reviews: bool


class DutyUnits(Out):
    """In the order of the tree; those without people of their own left out."""

    items: list[DutyUnitOut]


class OfPerson(Out):
    """Somebody."""

    id: UUID
    name: str


class ShiftIn(Schema):
    """A kind of shift; `ends` not after `starts` is on the day after."""

    name: Annotated[str, Field(min_length=1, max_length=20, pattern=r"\S")]
    name_en: str = Field("", max_length=40)
    mark: Annotated[str, Field(min_length=1, max_length=2, pattern=r"\S")]
    tone: int = Field(1, ge=1, le=6)
    starts: time
    ends: time
    order: int = Field(100, ge=0, le=10_000)


class NewShiftIn(ShiftIn):
    """A new one, for a unit and all below it."""

    unit_id: Id


class ShiftChangeIn(ShiftIn):
    """As it shall be."""

    expected_version: Version


class ShiftOut(Out):
    """A kind of shift. `own`: it is kept by the unit asked about; `used`: it can still be given."""

    id: int
    name: str
    name_en: str
    mark: str
    tone: int
    starts: str
    ends: str
    over_midnight: bool
    order: int
    version: int
    unit: str
    own: bool
    used: bool
    editable: bool


class Shifts(Out):
    """In their order."""

    items: list[ShiftOut]


class CellOut(Out):
    """A rostered day: a shift, or rest (none). `grids`: duty grids of that day only."""

    on: date
    shift_id: int | None
    starts_at: datetime | None
    ends_at: datetime | None
    grids: list[str]


class AwayOut(Out):
    """Days away, both included."""

    first: date
    last: date


class RosterRow(Out):
    """A person of the roster."""

    user: OfPerson
    grids: list[str]
    skills: list[str]
    away: list[AwayOut]
    cells: list[CellOut]


class GridName(Out):
    """A duty grid."""

    code: str
    name: Label


class RosterOut(Out):
    """A unit's roster; a change states its `version`."""

    unit: str
    version: int
    editable: bool
    days: list[date]
    rest_days: list[date]
    shifts: list[ShiftOut]
    rows: list[RosterRow]
    grids: list[GridName]


class CellIn(Schema):
    """A cell as it shall be: a shift, rest (no shift), or nothing planned (`clear`)."""

    user_id: UUID
    on: Day
    shift_id: Id | None = None
    clear: bool = False
    grids: list[Annotated[str, Field(pattern=r"^[0-9]{12}Z[0-9]{2}$")]] = Field([], max_length=50)


class CellsIn(Schema):
    """Cells of one roster."""

    expected_version: Version
    cells: list[CellIn] = Field(min_length=1, max_length=500)


class ClashOut(Out):
    """What stands in the way of a cell: `taken`, `away`, `overlap` or `short_rest`."""

    user_id: UUID
    on: date
    kind: Literal["taken", "away", "overlap", "short_rest"]


class RosterChanged(Out):
    """The version that the roster has now, and what was pointed out."""

    version: int
    written: int
    clashes: list[ClashOut]


class RosterPlanIn(Schema):
    """A pattern laid over people and days, or (`from_week`, a day of it) the days as they were then."""

    unit_id: Id
    people: list[UUID] = Field(min_length=1, max_length=200)
    first: Day
    days: int = Field(ge=1, le=92)
    pattern: list[Id | None] = Field([], max_length=60)
    stagger: int = Field(0, ge=0, le=60)
    by_week: bool = False
    from_week: Day | None = None
    replace: bool = False
    expected_version: Version = 0


class PlannedCell(Out):
    """A cell that a plan would set; `written`: it would be."""

    user_id: UUID
    on: date
    shift_id: int | None
    written: bool


class RosterPreview(Out):
    """What a plan would do."""

    cells: list[PlannedCell]
    clashes: list[ClashOut]
    written: int


class DutyOut(Out):
    """Somebody on duty. `basis`: roster or calendar; `shift` is empty by the calendar."""

    user: OfPerson
    unit: str
    shift: str
    starts_at: datetime
    ends_at: datetime
    grids: list[GridName]
    basis: Literal["roster", "calendar"]
    clocked_in_at: datetime | None
    skills: list[str]


class OnDutyNow(Out):
    """Who is on duty, by unit and name."""

    at: datetime
    items: list[DutyOut]


class MonthCell(Out):
    """A judged day. `outcome`: none, rest, leave, planned, running, present, missing_in, missing_out or absent."""

    on: date
    mark: str
    outcome: str
    in_at: datetime | None
    out_at: datetime | None
    late_min: int
    early_min: int
    waiting: int


class TotalsOut(Out):
    """A month in figures: days, and minutes worked within the shifts."""

    due: int
    present: int
    late: int
    early: int
    missing: int
    absent: int
    leave: int
    minutes: int


class MonthRowOut(Out):
    """A month of somebody."""

    user: OfPerson
    days: list[MonthCell]
    totals: TotalsOut


class MonthOut(Out):
    """The attendance of a unit in a month."""

    unit: str
    month: date
    items: list[MonthRowOut]


class ClockingOut(Out):
    """A clocking. `distance_m`: how far outside the fence, the accuracy taken off."""

    id: UUID
    user: OfPerson
    unit: str
    shift: str | None
    on: date | None
    way: Literal["in", "out"]
    occurred_at: datetime
    received_at: datetime
    doubt: str
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    place: str
    distance_m: float | None
    verdict: Literal["inside", "outside", "no_fix", "no_fence"]
    fallback: str
    note: str
    photo_url: str | None
    thumbnail_url: str | None
    state: Literal["taken", "waiting", "confirmed", "rejected"]
    decided_by: str
    decided_at: datetime | None
    decision_note: str


class Clockings(Out):
    """The newest first."""

    items: list[ClockingOut]
    next: str | None


class SettleIn(Schema):
    """Count it, or do not (then with a word why)."""

    confirm: bool
    note: Note = ""


class SwapIn(Schema):
    """One's own shift of `on` to somebody; theirs of `other_on` comes back, if a day is named."""

    unit_id: Id
    on: Day
    other_id: UUID
    other_on: Day | None = None
    reason: Annotated[str, Field(min_length=1, max_length=300, pattern=r"\S")]


class SwapStepIn(Schema):
    """A word to a step; a refusal needs one."""

    note: Note = ""


class SwapOut(Out):
    """A swap; `verbs` are the steps that one can take now."""

    id: UUID
    unit: str
    asker: OfPerson
    on: date
    shift: str | None
    other: OfPerson
    other_on: date | None
    other_shift: str | None
    reason: str
    state: Literal["asked", "agreed", "approved", "declined", "refused", "withdrawn"]
    asked_at: datetime
    answered_at: datetime | None
    decided_at: datetime | None
    decided_by: str
    decision_note: str
    verbs: list[str]


class Swaps(Out):
    """The newest first."""

    items: list[SwapOut]
    next: str | None


class SkillIn(Schema):
    """A skill's certificate and until when it holds (the first day it no longer does)."""

    certificate: str = Field("", max_length=60)
    valid_to: Day | None = None


class SkillOut(Out):
    """A skill of somebody."""

    code: str
    certificate: str
    valid_to: date | None
    expired: bool


class SkilledPerson(Out):
    """Somebody with what they can do."""

    user: OfPerson
    unit: str
    skills: list[SkillOut]


class SkilledPeople(Out):
    """By unit and account name."""

    items: list[SkilledPerson]


class PlaceIn(Schema):
    """A place to clock in at."""

    name: Annotated[str, Field(min_length=1, max_length=50, pattern=r"\S")]
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    radius_m: int = Field(150, ge=20, le=5000)


class NewPlaceIn(PlaceIn):
    """A new one, for a unit and all below it."""

    unit_id: Id


class PlaceChangeIn(PlaceIn):
    """As it shall be."""

    expected_version: Version


class ClockPlaceOut(Out):
    """A place to clock in at."""

    id: int
    unit: str
    name: str
    lon: float
    lat: float
    radius_m: int
    version: int
    editable: bool


class ClockPlaces(Out):
    """By name."""

    items: list[ClockPlaceOut]


class MyDay(Out):
    """A rostered day of one's own."""

    on: date
    unit_id: int
    unit: str
    shift: str | None
    mark: str
    tone: int
    starts_at: datetime | None
    ends_at: datetime | None
    grids: list[GridName]


class MineOut(Out):
    """One's own days, clockings, and where one may clock in; what the phone keeps. `on_duty`: positions are taken now,
    until `until`."""

    days: list[MyDay]
    clockings: list[ClockingOut]
    places: list[ClockPlaceOut]
    grids: list[GridName]
    on_duty: bool
    until: datetime | None
