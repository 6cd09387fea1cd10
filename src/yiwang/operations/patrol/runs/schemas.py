"""Tasks on the wire."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from yiwang.core.forms.schemas import FilledOut
from yiwang.core.http.schemas import Out
from yiwang.operations.cases.schemas import CaseIn
from yiwang.operations.patrol.shapes import (
    AreaCode,
    AreaRef,
    FindingOut,
    FormKey,
    Lat,
    Lon,
    Metres,
    Note,
    Number,
    PatrolPerson,
    PatrolShape,
    PatrolUnit,
    Version,
)

State = Literal["planned", "under_way", "done", "missed", "handed_over", "cancelled"]


class TaskFilters(Schema):
    """Which tasks; `day` stands for one day, else from `since` to `until` (both included)."""

    mine: bool = False
    day: date | None = None
    since: date | None = None
    until: date | None = None
    state: State | None = None
    unit: Number | None = None
    area: AreaCode | None = None
    person: UUID | None = None
    plan: UUID | None = None
    inspection: UUID | None = None


class PatrolTaskRow(Out):
    """A task in a list. `covered_m` of `length_m`: of its lines; `points` of which `done` are done."""

    id: UUID
    name: str
    plan_id: UUID | None
    inspection_id: UUID | None
    unit: PatrolUnit
    area: AreaRef
    day: date
    starts_at: datetime
    ends_at: datetime
    person: PatrolPerson | None
    team: str
    form: str
    state: State
    started_at: datetime | None
    ended_at: datetime | None
    note: str
    points_count: int
    done_count: int
    findings_count: int
    covered_m: float
    length_m: float
    mine: bool
    version: int


class PatrolPoint(Out):
    """A stop of a task and what was done there. `shape` of a line is walked, of a point visited within `radius_m`.

    `within`: whether the check-in counts. `percent`: the score of the filled form.
    """

    id: UUID
    order: int
    name: str
    address: str
    shape: PatrolShape
    radius_m: int
    grade: str
    is_key: bool
    area: AreaRef
    grid_code: str
    done: bool
    checked_in_at: datetime | None
    lon: float | None
    lat: float | None
    distance_m: float | None
    within: bool | None
    filled_id: UUID | None
    filled_at: datetime | None
    passed: bool | None
    percent: Decimal | None
    covered_m: float
    length_m: float


class PatrolTaskOut(PatrolTaskRow):
    """A task with its stops and findings; `may_edit`: whether this person may call it off or give it away."""

    plan_name: str
    kind: str
    members: list[PatrolPerson]
    seed: int | None
    form_version: int | None
    purpose: str
    points: list[PatrolPoint]
    findings: list[FindingOut]
    may_edit: bool


class PatrolTaskPage(Out):
    """A page of tasks."""

    items: list[PatrolTaskRow]
    next: str | None


class BoardRow(Out):
    """Figures of one unit on one day."""

    day: date
    unit: PatrolUnit
    total: int
    planned: int
    under_way: int
    done: int
    missed: int
    handed_over: int
    cancelled: int
    points: int
    points_done: int
    length_m: float
    covered_m: float
    findings: int


class PatrolBoard(Out):
    """Figures by day and unit, the newest day first."""

    items: list[BoardRow]


class VisitsOut(Out):
    """A place and what was done there over the days asked for; `last_at`: of a visit that counts."""

    id: UUID
    name: str
    plan_id: UUID
    plan_name: str
    kind: str
    grade: str
    is_key: bool
    area: AreaRef
    shape: PatrolShape
    due: int
    made: int
    last_at: datetime | None
    covered_m: float
    length_m: float


class GradeFigures(Out):
    """Visits due and made of the places of one grade."""

    grade: str
    places: int
    due: int
    made: int
    covered_m: float
    length_m: float


class PatrolCoverage(Out):
    """The places of plans with their visits, and figures by grade."""

    items: list[VisitsOut]
    grades: list[GradeFigures]


class PatrolForm(Out):
    """A form that a task asks for, in the version that holds."""

    key: str
    version: int


class PointFilled(Out):
    """What was filled in at a stop."""

    point_id: UUID
    filled: FilledOut


class CancelIn(Schema):
    """Why a task is called off."""

    note: Annotated[str, Field(min_length=2, max_length=500)]


class ReassignIn(Schema):
    """Who goes instead; nobody in particular when empty."""

    person_id: UUID | None


class HandOverIn(Schema):
    """What is handed over: unfinished tasks, what is open, a note; to somebody or to who comes next."""

    task_ids: list[UUID] = Field([], max_length=100)
    note: Note = ""
    open_items: list[Annotated[str, Field(max_length=200)]] = Field([], max_length=30)
    receiver_id: UUID | None = None


class HandOverOut(Out):
    """A hand-over; `may_acknowledge`: whether it waits for this person."""

    id: UUID
    unit: PatrolUnit
    giver: PatrolPerson
    receiver: PatrolPerson | None
    note: str
    open_items: list[str]
    tasks: list[PatrolTaskRow]
    handed_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str
    may_acknowledge: bool


class HandOverPage(Out):
    """A page of hand-overs."""

    items: list[HandOverOut]
    next: str | None


class TaskBody(Schema):
    """A command about a task."""

    task_id: UUID


class CheckInBody(TaskBody):
    """Being at a stop, as the phone's receiver says."""

    point_id: UUID
    lon: Lon
    lat: Lat
    accuracy_m: Metres = 0


class FillBody(TaskBody):
    """The form filled at a stop."""

    point_id: UUID
    form: FormKey
    version: Version
    answers: dict[str, Any]


class FinishBody(TaskBody):
    """The end of a task."""

    note: Note = ""


class FoundIn(CaseIn):
    """What was found wrong; where it comes from is known."""

    source: str = "collector_patrol"


class FindingBody(TaskBody):
    """Something wrong that was found on a task: a report, or handled at once by `case.verb` "self_handle"."""

    point_id: UUID | None = None
    case: FoundIn
