"""Commands on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import AwareDatetime, field_validator

from yiwang.core.commands.rules import MOST_AT_ONCE, storable
from yiwang.core.http.problems import Problem
from yiwang.core.http.schemas import Label, Out


class CommandIn(Schema):
    """One command. `id`: UUID version 7 made by the phone; `seq` counts on the device; `at`: by the phone's clock."""

    id: UUID
    seq: int = Field(ge=1, le=2**62)
    kind: Annotated[str, Field(max_length=60, pattern=r"^[a-z_]+\.[a-z_]+$")]
    at: AwareDatetime
    body: dict[str, Any]

    @field_validator("body")
    @classmethod
    def _storable(cls, body: dict[str, Any]) -> Any:
        return storable(body)


class CommandsIn(Schema):
    """What a device has to send, in its order. `sent_at`: by the phone's clock, from which its error is known."""

    device_id: UUID
    sent_at: AwareDatetime
    items: list[CommandIn] = Field(min_length=1, max_length=MOST_AT_ONCE)

    @field_validator("items")
    @classmethod
    def _in_order(cls, items: list[CommandIn]) -> list[CommandIn]:
        seqs = [item.seq for item in items]
        if seqs != sorted(set(seqs)):
            raise ValueError("commands stand in the order of seq, each once")
        return items


class TakenOut(Out):
    """What became of a command. `waiting`: nothing is noted, send it and all after it again."""

    id: UUID
    state: Literal["done", "refused", "dropped", "waiting"]
    result: Any = None
    problem: Problem | None = None


class CommandsOut(Out):
    """What became of each, in the order of asking; `skew_s`: how far the phone's clock is behind ours, in seconds."""

    received_at: datetime
    skew_s: float
    items: list[TakenOut]


class PictureOut(Out):
    """A picture that a command named."""

    id: UUID
    url: str | None
    thumbnail_url: str | None


class ConflictOut(Out):
    """A command that was refused: what it wanted, why not, and its pictures."""

    id: UUID
    kind: str
    label: Label
    device_id: UUID
    claimed_at: datetime
    occurred_at: datetime
    received_at: datetime
    doubt: str
    body: dict[str, Any]
    problem: Problem
    photos: list[PictureOut]
    who: str
    mine: bool


class ConflictPage(Out):
    """A page of conflicts, the newest first."""

    items: list[ConflictOut]
    next: str | None


class AgainIn(Schema):
    """A command as its person wants it now."""

    body: dict[str, Any]

    @field_validator("body")
    @classmethod
    def _storable(cls, body: dict[str, Any]) -> Any:
        return storable(body)


class DropIn(Schema):
    """Why a command is given up."""

    note: str = Field(min_length=2, max_length=200, pattern=r"\S\s*\S")
