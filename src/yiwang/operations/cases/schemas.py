"""What this room says and hears over HTTP. Personal fields are masked here, at the edge."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import AwareDatetime

from yiwang.core.http.schemas import Label, Out, Total
from yiwang.operations.cases.actions import NewCase
from yiwang.operations.cases.rules import NOTE_LIMIT, PHOTOS_PER_STEP, Given, Photo

Key = Annotated[str, Field(max_length=80)]


class PhotoIn(Schema):
    """A file that was uploaded before, and what it shows."""

    file_id: UUID
    slot: Annotated[str, Field(max_length=20, pattern=r"^[a-z_]+$")]


def photos_of(photos: list[PhotoIn]) -> tuple[Photo, ...]:
    """The photos as the rules take them."""
    return tuple(Photo(file_id=item.file_id, slot=item.slot) for item in photos)


class ReporterIn(Schema):
    """Who told us; kept apart from the case."""

    name: str = Field("", max_length=50)
    phone: str = Field("", max_length=20, pattern=r"^[0-9+\- ]*$")


class CaseIn(Schema):
    """A new case. `id` may be made by the client (UUID version 7), so that a report sent twice arrives once."""

    id: UUID | None = None
    category: Key
    description: str = Field(min_length=2, max_length=NOTE_LIMIT, pattern=r"\S\s*\S")
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    address: str = Field("", max_length=300)
    source: Key
    occurred_at: AwareDatetime | None = None
    photos: list[PhotoIn] = Field([], max_length=PHOTOS_PER_STEP)
    reporter: ReporterIn | None = None
    verb: Annotated[str, Field(max_length=30)] = ""

    def new(self) -> NewCase:
        """As the door takes it."""
        reporter = self.reporter
        return NewCase(
            **self.dict(exclude={"photos", "reporter"}),
            photos=photos_of(self.photos),
            reporter_name=reporter.name if reporter else "",
            reporter_phone=reporter.phone if reporter else "",
        )


Number = Annotated[int, Field(ge=1, le=2**63 - 1)]


# What says which step of which case, beside what is given with it.
NOT_GIVEN = {"verb", "expected_version", "items", "case_id", "after"}


class GivenIn(Schema):
    """What a person gives with a step; the case's actions say which of it is asked for."""

    note: str = Field("", max_length=NOTE_LIMIT)
    task_id: UUID | None = None
    unit_id: Number | None = None
    assist_ids: list[Number] = Field([], max_length=20)
    condition_id: Number | None = None
    main_case_id: UUID | None = None
    user_id: UUID | None = None
    until: date | None = None
    to_state: Annotated[str, Field(max_length=30)] = ""
    score: int | None = Field(None, ge=1, le=5)
    kind: Annotated[str, Field(max_length=20)] = ""
    photos: list[PhotoIn] = Field([], max_length=PHOTOS_PER_STEP)

    def given(self) -> Given:
        """As the rules take it."""
        return Given(
            **{
                **self.dict(exclude=NOT_GIVEN),
                "assist_ids": tuple(self.assist_ids),
                "photos": photos_of(self.photos),
            }
        )


class ActionIn(GivenIn):
    """One step of a case. `expected_version` is the version that the person was looking at."""

    verb: Annotated[str, Field(max_length=30)]
    expected_version: int = Field(ge=0, le=2**31 - 1)


class CategoryRef(Out):
    """The category of a case, as a row shows it."""

    key: str
    zh: str
    en: str
    kind: str


class UnitRef(Out):
    """A unit, as a row shows it."""

    id: int
    name: str


class CaseRow(Out):
    """A case in a list. `light` is green, yellow or red; None when no clock runs.

    `pending_request`: the kind of its first pending request. `to_decide`: the kind of the one that waits for this
    person's decision, which may be another; empty when none does.
    """

    id: UUID
    number: str
    state: str
    state_label: Label
    group: str
    category: CategoryRef
    description: str
    address: str
    street: str
    community: str
    source: str
    reported_at: datetime
    registered_at: datetime | None
    ended_at: datetime | None
    due_at: datetime | None
    light: str | None
    unit: UnitRef | None
    thumbnail_url: str | None
    rework_count: int
    pending_request: str
    to_decide: str
    version: int
    lon: float
    lat: float


class CasePage(Out):
    """One page of cases; `next` is the cursor of the next one, and `total` comes with the first."""

    items: list[CaseRow]
    next: str | None
    total: Total | None


class LimitOut(Out):
    """A time limit: kind (urgent_hour, working_hour, working_day, natural_day) and amount."""

    kind: str
    amount: str


class ConditionOut(Out):
    """The filing condition as it stood when the case was registered."""

    text: Label
    limit: LimitOut
    closing: Label
    source: str


class PhotoOut(Out):
    """A picture; both addresses expire. `sha256` is the fingerprint of the original."""

    id: int
    slot: str
    seq: int
    url: str
    thumbnail_url: str | None
    sha256: str
    added_at: datetime


class ClockOut(Out):
    """One run of a clock. `light`: now, or as it was when it stopped; `remaining_s` (of the limit's own time) is
    what was left then, negative when it had run over."""

    id: int
    stage: str
    label: Label
    task_id: UUID | None
    started_at: datetime
    warn_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    remaining_s: int | None
    light: str


class TaskOut(Out):
    """What a unit or post has, or had, to do."""

    id: UUID
    kind: str
    kind_label: Label
    state: str
    state_label: Label
    unit: UnitRef | None
    is_main: bool
    topic: str
    instruction: str
    result: str
    assignee: str
    opened_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    clock: ClockOut | None


class DecisionOut(Out):
    """One level's decision on a request."""

    level: int
    label: Label
    approved: bool
    by: str
    at: datetime
    note: str


class RequestOut(Out):
    """A request beside the state, and what became of it: `level` approvals `of` so many."""

    id: UUID
    task_id: UUID | None
    unit: UnitRef | None
    kind: str
    kind_label: Label
    state: str
    reason: str
    until: date | None
    asked_by: str
    asked_at: datetime
    level: int
    of: int
    levels: list[Label]
    decisions: list[DecisionOut]
    evidence: list[PhotoOut]
    decided_by: str
    decided_at: datetime | None
    decision_note: str


class AnswerOut(Out):
    """What whoever reported the case is to be told: `number` is the case whose end it is (the main one of several)."""

    id: int
    number: str
    outcome: str
    outcome_label: Label
    text: str
    at: datetime
    told_at: datetime | None
    told_by: str
    told_note: str


class ToldIn(Schema):
    """How the reporter was told, in a few words."""

    note: str = Field("", max_length=500)


class StepOut(Out):
    """One row of the history."""

    seq: int
    verb: str
    label: Label
    from_state: str
    to_state: str
    actor: str
    post: str
    unit: str
    on_behalf_of: str
    task_id: UUID | None
    at: datetime
    note: str
    data: dict[str, Any]


class OptionOut(Out):
    """One of the values that can be chosen."""

    value: str
    label: Label


class FieldOut(Out):
    """What an action asks for, and by which input: text, photos, condition, unit, units, person, date, choice,
    score, case."""

    name: str
    input: str
    required: bool
    label: Label
    slot: str | None
    slots: list[str]
    options: list[OptionOut]


class ActionOut(Out):
    """Something that this person can do with the case now. `group`: step, request, beside."""

    verb: str
    label: Label
    style: str
    group: str
    task_id: UUID | None
    request_id: UUID | None
    unit: UnitRef | None
    fields: list[FieldOut]
    hint: Label | None


class RelatedCase(Out):
    """Another case that this one names."""

    id: UUID
    number: str
    description: str
    state_label: Label


class NameablePerson(Out):
    """Somebody who can be named in a step; who has duty in the grid stands first."""

    id: UUID
    name: str
    is_on_duty: bool


class People(Out):
    """The people who can be named."""

    items: list[NameablePerson]


class ReporterOut(Out):
    """Who told us; masked unless the person may see it, empty once it was erased."""

    name: str
    phone: str
    masked: bool
    erased_at: datetime | None = None


class CaseDetail(CaseRow):
    """Everything of one case that this person may see and do."""

    place: dict[str, Any]
    condition: ConditionOut | None
    reporter: ReporterOut | None
    occurred_at: datetime
    warn_at: datetime | None
    suspended_until: datetime | None
    satisfaction: int | None
    urged_count: int
    exempt: bool
    main_case: RelatedCase | None
    bound: list[RelatedCase]
    photos: list[PhotoOut]
    tasks: list[TaskOut]
    clocks: list[ClockOut]
    requests: list[RequestOut]
    answers: list[AnswerOut]
    timeline: list[StepOut]
    actions: list[ActionOut]


class CasePoint(Out):
    """A case on the map."""

    id: UUID
    number: str
    state: str
    group: str
    category: str
    light: str | None


class PointGeometry(Out):
    """GeoJSON (RFC 7946, 3.1.2), lon/lat."""

    type: Literal["Point"] = "Point"
    coordinates: tuple[float, float]


class CaseFeature(Out):
    """GeoJSON feature."""

    type: Literal["Feature"] = "Feature"
    geometry: PointGeometry
    properties: CasePoint


class CaseMap(Out):
    """GeoJSON feature collection; `truncated` when the cap left some out."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[CaseFeature]
    truncated: bool


class StateCount(Out):
    """How many open cases stand in a state."""

    state: str
    label: Label
    count: int


class StreetCount(Out):
    """How many open cases lie in a street."""

    code: str
    name: str
    count: int


class Summary(Out):
    """The figures of the workbench, all within what the person sees."""

    mine: int
    to_answer: int
    to_decide: int
    overdue: int
    due_soon: int
    open: int
    reported_today: int
    closed_today: int
    by_state: list[StateCount]
    by_street: list[StreetCount]


class StateOut(Out):
    """A state of the lifecycle."""

    key: str
    label: Label
    group: str


class TransitionOut(Out):
    """A row of the lifecycle table; `request` and `decision` (ask, approve, refuse, withdraw) where it is about one."""

    verb: str
    label: Label
    start: list[str]
    ends: list[str]
    permission: str
    style: str
    request: str
    decision: str | None


class LevelOut(Out):
    """One level of a request's approval: what it is called, and the permission that gives it."""

    label: Label
    permission: str


class RequestPolicyOut(Out):
    """How a kind of request is dealt with; `blocks`: other steps wait for the decision."""

    kind: str
    label: Label
    blocks: bool
    approvals: list[LevelOut]


class LifecycleOut(Out):
    """The lifecycle table in force. A class of cases may add further levels of approval to those of a request."""

    version: int
    edition: str
    states: list[StateOut]
    transitions: list[TransitionOut]
    requests: list[RequestPolicyOut]
