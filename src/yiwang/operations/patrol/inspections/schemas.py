"""Special inspections on the wire."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from yiwang.core.http.schemas import Label, Out
from yiwang.operations.patrol.inspections.actions import NewInspection, Sampling, Team
from yiwang.operations.patrol.inspections.population import MOST_ITEMS, Population, Row
from yiwang.operations.patrol.inspections.rectifying import Order
from yiwang.operations.patrol.rules.sampling import MOST_SEED
from yiwang.operations.patrol.shapes import (
    AreaCode,
    AreaRef,
    FormKey,
    Lat,
    Lon,
    Name,
    Note,
    Number,
    PatrolPerson,
    PatrolUnit,
    Version,
)

State = Literal["draft", "sampled", "running", "reported", "cancelled"]
Source = Literal["file", "plan", "grids", "cases"]
By = Literal["", "street", "grade", "unit"]


class InspectionIn(Schema):
    """A special inspection as it shall be."""

    id: UUID | None = None
    expected_version: Version = 0
    name: Name
    purpose: Note = ""
    unit_id: Number
    area_code: AreaCode
    form: Annotated[FormKey, Field(min_length=1)]
    starts_on: date
    ends_on: date

    def new(self) -> NewInspection:
        """As the action takes it."""
        return NewInspection(**self.dict(exclude={"id", "expected_version"}))


class RowIn(Schema):
    """A line of a list: its name, where it is, who answers for it."""

    name: Annotated[str, Field(max_length=120)]
    lon: Lon
    lat: Lat
    address: str = Field("", max_length=300)
    unit_id: Number | None = None


class PopulationIn(Schema):
    """Where the population comes from: a list, a plan's places, the duty grids of the area, or closed cases of the last
    days (of a class, or of all)."""

    expected_version: Version
    source: Source
    rows: list[RowIn] = Field([], max_length=MOST_ITEMS)
    plan_id: UUID | None = None
    category: str = Field("", max_length=80, pattern=r"^[a-z0-9_.]*$")
    days: int = Field(90, ge=1, le=366)

    def wanted(self) -> Population:
        """As the action takes it."""
        rows = tuple(Row(**row.dict()) for row in self.rows)
        return Population(self.source, rows, self.plan_id, self.category, self.days)


class SamplingIn(Schema):
    """How many of a hundred are drawn, in proportion from what strata, by which seed (empty: a new one)."""

    expected_version: Version
    percent: int = Field(ge=1, le=100)
    by: By = ""
    seed: int | None = Field(None, ge=0, le=MOST_SEED)

    def wanted(self) -> Sampling:
        """As the action takes it."""
        return Sampling(self.percent, self.by, self.seed)


class TeamIn(Schema):
    """Who goes together."""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    people: list[UUID] = Field(min_length=1, max_length=20)


class TeamsIn(Schema):
    """The teams that are sent."""

    expected_version: Version
    teams: list[TeamIn] = Field(min_length=1, max_length=30)

    def wanted(self) -> tuple[Team, ...]:
        """As the action takes them."""
        return tuple(Team(one.name, tuple(dict.fromkeys(one.people))) for one in self.teams)


class ReportIn(Schema):
    """What follows from the figures."""

    expected_version: Version
    conclusion: str = Field(max_length=5000)


class VersionIn(Schema):
    """The version that one was looking at."""

    expected_version: Version


class RectificationIn(Schema):
    """What a unit is to put right, by a day."""

    demand: Note
    unit_id: Number
    due_on: date

    def wanted(self) -> Order:
        """As the action takes it."""
        return Order(self.demand, self.unit_id, self.due_on)


class RectifiedIn(Schema):
    """What the unit did."""

    expected_version: Version
    result: Note


class RecheckIn(Schema):
    """What somebody saw who looked again."""

    expected_version: Version
    passed: bool
    note: Note = ""


class SamplingOut(Out):
    """How the sample was drawn; all empty before the draw."""

    percent: int | None = None
    by: By = ""
    seed: int | None = None
    population: int = 0
    drawn: int = 0


class InspectionRow(Out):
    """An inspection in a list. `done` of `drawn` have a result, of which `passed` are right."""

    id: UUID
    name: str
    unit: PatrolUnit
    area: AreaRef
    form: str
    state: State
    source: Source
    starts_on: date
    ends_on: date
    sampling: SamplingOut
    done: int
    passed: int
    made_by: str
    made_at: datetime
    version: int


class InspectionPage(Out):
    """A page of inspections."""

    items: list[InspectionRow]
    next: str | None


class InspectionTeam(Out):
    """A team, its task and how far it is."""

    name: str
    people: list[PatrolPerson]
    task_id: UUID | None
    state: str
    points: int
    done: int


class InspectionFigures(Out):
    """Figures of some of the sample; `mean`: the mean score of a hundred as an exact fraction "n/d"."""

    name: str = ""
    drawn: int
    done: int
    passed: int
    mean: str | None
    findings: int
    orders: int
    rectified: int


class FailedQuestion(Out):
    """A question of the form that failed, and how often."""

    field: str
    label: Label
    count: int


class InspectionReport(Out):
    """The figures of a report: now while it runs, as they were when it is reported."""

    population: int
    whole: InspectionFigures
    by_unit: list[InspectionFigures]
    by_street: list[InspectionFigures]
    failed: list[FailedQuestion]


class RectificationOut(Out):
    """What is to be put right. `may_report`, `may_recheck`: whether it waits for this person."""

    id: UUID
    inspection_id: UUID
    inspection: str
    task_id: UUID
    point_id: UUID
    name: str
    address: str
    unit: PatrolUnit
    demand: str
    due_on: date
    overdue: bool
    state: Literal["ordered", "reported", "passed", "failed"]
    ordered_by: str
    ordered_at: datetime
    result: str
    reported_by: str
    reported_at: datetime | None
    rechecked_by: str
    rechecked_at: datetime | None
    recheck_note: str
    may_report: bool
    may_recheck: bool
    version: int


class Rectifications(Out):
    """Orders, the newest first."""

    items: list[RectificationOut]
    next: str | None


class InspectionItem(Out):
    """One of the population; `drawn`: its place in the sample."""

    id: UUID
    name: str
    address: str
    lon: float
    lat: float
    grade: str
    area: AreaRef
    unit: PatrolUnit | None
    reference: str
    drawn: int | None


class InspectionItems(Out):
    """A page of the population, the sample first."""

    items: list[InspectionItem]
    next: str | None


class InspectionResult(Out):
    """One of the sample with its result; `task_id` and `point_id` lead to the filled form."""

    item: InspectionItem
    task_id: UUID | None
    point_id: UUID | None
    team: str
    checked_in_at: datetime | None
    within: bool | None
    filled_at: datetime | None
    passed: bool | None
    percent: Decimal | None
    findings: int
    rectification: RectificationOut | None


class InspectionOut(InspectionRow):
    """An inspection whole. `may_lead`: whether this person may go on with it."""

    purpose: str
    teams: list[InspectionTeam]
    results: list[InspectionResult]
    report: InspectionReport | None
    conclusion: str
    reported_by: str
    reported_at: datetime | None
    may_lead: bool
