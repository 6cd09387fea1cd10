"""What is said over HTTP about the running platform."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from yiwang.core.http.schemas import Label, LongJobOut, Out


class BackupOut(Out):
    """One backup. `check` and `trial` are the last ones made of it on screen; `damaged` says why it cannot be read."""

    id: str
    made_at: datetime | None
    made_by: str
    occasion: str
    version: str
    bytes: int
    rows: int
    tables: int
    files: int
    missing: int
    damaged: str
    check: LongJobOut | None
    trial: LongJobOut | None


class Backups(Out):
    """The backups, newest first; where they lie, what room is left there, and when the next is due."""

    items: list[BackupOut]
    folder: str
    free_bytes: int
    nightly: bool
    hour: int
    kept: int
    can_try: bool
    under_way: list[LongJobOut]
    last_failed: LongJobOut | None


class SignOut(Out):
    """One thing that was looked at; `params` go into the client's words for its `key`."""

    group: Literal["processes", "queues", "storage", "other"]
    key: str
    state: Literal["well", "attention", "wrong", "unknown"]
    params: dict[str, Any]


class RouteOut(Out):
    """One route over the last day; durations in milliseconds."""

    route: str
    count: int
    errors: int
    p50_ms: float
    p95_ms: float
    p99_ms: float


class HourOut(Out):
    """All requests of one hour."""

    hour: datetime
    count: int
    errors: int
    p95_ms: float


class HealthOut(Out):
    """How the platform stands. `examination`: the last look of the doctor, with its findings."""

    checked_at: datetime
    state: Literal["well", "attention", "wrong", "unknown"]
    signs: list[SignOut]
    routes: list[RouteOut]
    hours: list[HourOut]
    examination: LongJobOut | None


class JobOut(Out):
    """A background job; `at` is what happened to it last. Long numbers in `error` and `trace` are masked."""

    id: int
    task: str
    queue: str
    status: str
    attempts: int
    scheduled_at: datetime | None
    at: datetime | None
    error: str
    trace: str


class JobPage(Out):
    """Some of them, newest first."""

    items: list[JobOut]
    next: str | None


class LongJobPage(Out):
    """Long work, newest first."""

    items: list[LongJobOut]
    next: str | None


class DeadLetterOut(Out):
    """A handler that gave up on an event. Long numbers are masked."""

    id: int
    type: str
    aggregate: str
    payload: dict[str, Any]
    happened_at: datetime
    handler: str
    attempts: int
    at: datetime
    error: str
    trace: str
    replayed_at: datetime | None
    discarded_at: datetime | None
    discarded_because: str


class DeadLetterPage(Out):
    """Some of them, newest first."""

    items: list[DeadLetterOut]
    next: str | None


class DiscardIn(Schema):
    """Why a dead letter is given up."""

    reason: str = Field(min_length=1, max_length=500)


class StuckMarkOut(Out):
    """A reminder that its owner could not take."""

    id: int
    owner: str
    stage: str
    mark: str
    mark_at: datetime
    due_at: datetime
    attempts: int
    at: datetime
    error: str
    trace: str


class StuckMarkPage(Out):
    """Some of them, newest first."""

    items: list[StuckMarkOut]
    next: str | None


class DeadDeliveryFilters(Schema):
    """Which notices that could not be sent out; `reason` as it stands in them, any when not given."""

    channel: Literal["", "mail", "sms", "work_wechat", "wechat"] = ""
    reason: str | None = Field(None, max_length=60)


class DeadDeliveryOut(Out):
    """A notice that could not be sent out. `to` has no middle; `is_unsure`: it may have arrived all the same."""

    id: int
    person: str
    channel: str
    to: str
    kind: str
    name: Label
    reason: str
    is_unsure: bool
    attempts: int
    noticed_at: datetime
    at: datetime


class DeadReason(Out):
    """How many could not be sent out by a channel for a reason."""

    channel: str
    reason: str
    count: int


class DeadDeliveryPage(Out):
    """Some of them, newest first; the reasons of all come with the first page."""

    items: list[DeadDeliveryOut]
    next: str | None
    reasons: list[DeadReason] | None


class WhichDeliveries(Schema):
    """These, or all of a channel and a reason."""

    ids: list[Annotated[int, Field(ge=1, le=2**63 - 1)]] | None = Field(None, min_length=1, max_length=200)
    channel: Literal["", "mail", "sms", "work_wechat", "wechat"] = ""
    reason: str | None = Field(None, max_length=60)


class GiveUpDeliveries(WhichDeliveries):
    """The same, and why they are sent no more."""

    because: str = Field(min_length=1, max_length=500)


class Settled(Out):
    """How many."""

    count: int


class AuditWords(Out):
    """What stands in the operation log, in words by its keys."""

    actions: dict[str, Label]
    objects: dict[str, Label]
    fields: dict[str, Label]
    states: dict[str, Label]
    values: dict[str, Label]


class ObjectNames(Out):
    """What objects are called, by `kind:id`."""

    names: dict[str, Label]
