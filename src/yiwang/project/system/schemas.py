"""What is said over HTTP about the running platform."""

from datetime import datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from yiwang.core.http.schemas import LongJobOut, Out


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
