"""Plans on the wire."""

from datetime import date, datetime, time
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from yiwang.core.http.schemas import Out
from yiwang.operations.patrol.plans.actions import MOST_TARGETS, NewPlan, NewTarget
from yiwang.operations.patrol.rules.drafting import Window
from yiwang.operations.patrol.rules.frequency import MOST_DAYS, MOST_TIMES, Frequency, Per
from yiwang.operations.patrol.rules.sampling import MOST_SEED
from yiwang.operations.patrol.shapes import (
    AreaCode,
    AreaRef,
    FormKey,
    Grade,
    Lat,
    Lon,
    Name,
    Number,
    PatrolPerson,
    PatrolShape,
    PatrolUnit,
    Version,
)

Kind = Literal["points", "routes", "streets", "grids"]
State = Literal["active", "paused", "ended"]
Weekday = Annotated[int, Field(ge=1, le=7)]
At = Annotated[list[float], Field(min_length=2, max_length=2)]


class FrequencyShape(Schema):
    """`times` per day, week or month; with `days`, every so many days."""

    times: int = Field(ge=0, le=MOST_TIMES)
    per: Per = Per.DAY
    days: int = Field(1, ge=1, le=MOST_DAYS)


class WindowShape(Schema):
    """From when to when, "08:00"; over midnight when it ends at or before it starts."""

    start: time
    end: time


class TargetIn(Schema):
    """A place: a point by lon/lat, a line, or a duty grid by its code. With its `id` it stays the same place."""

    id: UUID | None = None
    name: Name
    lon: Lon | None = None
    lat: Lat | None = None
    line: list[At] = Field([], max_length=500)
    grid_code: str = Field("", max_length=15)
    radius_m: int = Field(50, ge=5, le=1000)
    is_key: bool = False

    def new(self) -> NewTarget:
        """As the action takes it."""
        line = tuple((lon, lat) for lon, lat in self.line)
        return NewTarget(**{**self.dict(), "line": line})


class PlanIn(Schema):
    """A plan as it shall be; `id` by the client for a new one, `expected_version` for a change."""

    id: UUID | None = None
    expected_version: Version = 0
    name: Name
    unit_id: Number
    area_code: AreaCode
    kind: Kind
    form: FormKey = ""
    frequency: dict[Grade, FrequencyShape]
    windows: list[WindowShape] = Field(max_length=6)
    weekdays: list[Weekday] = Field([1, 2, 3, 4, 5, 6, 7], max_length=7)
    people: list[UUID] = Field([], max_length=100)
    sample_percent: int = Field(100, ge=1, le=100)
    seed: int | None = Field(None, ge=0, le=MOST_SEED)
    near_m: int = Field(30, ge=5, le=200)
    starts_on: date
    ends_on: date | None = None
    targets: list[TargetIn] = Field([], max_length=MOST_TARGETS)

    def new(self) -> NewPlan:
        """As the action takes it."""
        frequency = {grade: Frequency(one.times, one.per, one.days) for grade, one in self.frequency.items()}
        return NewPlan(
            name=self.name,
            unit_id=self.unit_id,
            area_code=self.area_code,
            kind=self.kind,
            form=self.form,
            frequency={str(grade): one for grade, one in frequency.items()},
            windows=tuple(Window(one.start, one.end) for one in self.windows),
            weekdays=tuple(self.weekdays),
            people=tuple(self.people),
            sample_percent=self.sample_percent,
            seed=self.seed,
            near_m=self.near_m,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            targets=tuple(one.new() for one in self.targets),
        )


class PlanFilters(Schema):
    """Which plans: in a state, with words in the name, of an area."""

    state: Literal["", "active", "paused", "ended"] = ""
    q: str = Field("", max_length=80)
    area: str = Field("", max_length=15)


class PlanStateIn(Schema):
    """Let a plan rest, go on or end."""

    state: State
    expected_version: Version


class PlanRow(Out):
    """A plan in a list; figures of the last seven days: tasks drawn up, done and missed."""

    id: UUID
    name: str
    unit: PatrolUnit
    area: AreaRef
    kind: Kind
    form: str
    frequency: dict[str, FrequencyShape]
    windows: list[WindowShape]
    weekdays: list[int]
    sample_percent: int
    starts_on: date
    ends_on: date | None
    state: State
    targets_count: int
    tasks: int
    done: int
    missed: int
    made_by: str
    made_at: datetime
    version: int


class PlanTarget(Out):
    """A place of a plan, with its grade and its duty grid."""

    id: UUID
    name: str
    shape: PatrolShape
    radius_m: int
    grade: str
    is_key: bool
    area: AreaRef
    grid_code: str


class PlanOut(PlanRow):
    """A plan with its places and people."""

    people: list[PatrolPerson]
    seed: int
    near_m: int
    targets: list[PlanTarget]
    may_edit: bool


class PlanPage(Out):
    """A page of plans."""

    items: list[PlanRow]
    next: str | None


class PreviewDay(Out):
    """What a plan would draw up on a day."""

    day: date
    tasks: int
    stops: int
    without_person: int


class PlanPreview(Out):
    """The days to come by a plan as it stands."""

    items: list[PreviewDay]
