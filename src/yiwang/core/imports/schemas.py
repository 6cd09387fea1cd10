"""What this room says over HTTP."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from yiwang.core.http.schemas import Out


class MappingOut(Out):
    """A way in which a table can be brought in."""

    target: str
    name: str
    title: str


class Mappings(Out):
    """All of them."""

    items: list[MappingOut]


class RunOut(Out):
    """One file brought in: of `position` rows so many were new, there already, or at fault."""

    id: UUID
    target: str
    source: str
    mapping: str
    file_name: str
    file_size: int
    state: Literal["running", "done", "failed"]
    position: int
    loaded: int
    present: int
    faulty: int
    reason: str
    started_by_name: str
    started_at: datetime
    ended_at: datetime | None


class RunPage(Out):
    """Some of them, newest first."""

    items: list[RunOut]
    next: str | None


class FaultOut(Out):
    """A row that was not brought in, with its cells."""

    id: int
    line: int
    field: str
    value: str
    code: str
    reason: str
    advice: str
    original: dict[str, Any]


class FaultPage(Out):
    """Some of them, by line."""

    items: list[FaultOut]
    next: str | None


class BegunOut(Out):
    """The long job that brings a table in."""

    job: UUID
