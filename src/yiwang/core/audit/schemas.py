"""What this room says over HTTP."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from yiwang.core.http.schemas import LongJobOut, Out

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
Words = Annotated[str, Field(max_length=100)]


class EntryFilters(Schema):
    """Which acts: part of a name, the beginning of an action, an object, an address, days of the district."""

    who: Words = ""
    action: Words = ""
    object_type: Words = ""
    object_id: Words = ""
    ip: Words = ""
    since: Day | None = None
    until: Day | None = None


class EntryOut(Out):
    """One act, as a line of the log."""

    id: int
    at: datetime
    actor_id: UUID | None
    actor_name: str
    post: str
    ip: str | None
    via: str
    action: str
    object_type: str
    object_id: str


class EntryPage(Out):
    """Some of them, newest first."""

    items: list[EntryOut]
    next: str | None


class MentionOut(Out):
    """That an entry mentions a person's value: whose and which field, and whether the value was erased since."""

    subject: UUID
    field: str
    erased: bool


class EntryDetail(EntryOut):
    """All of an entry; `position` is its place on the chain, null while it waits to be sealed."""

    before: dict[str, Any] | None
    after: dict[str, Any] | None
    mentions: list[MentionOut]
    position: int | None
    sealed_at: datetime | None


class AnchorOut(Out):
    """The chain's head as it was written down outside the database."""

    position: int
    hash: str
    at: datetime


class ChainOut(Out):
    """How the chain stands: its length, what waits, the last anchors, the last check."""

    head: int
    waiting: int
    anchors: list[AnchorOut]
    check: LongJobOut | None
