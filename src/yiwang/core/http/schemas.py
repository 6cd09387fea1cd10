"""Shapes that several rooms use on the wire."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Out(BaseModel):
    """What we say. Ninja's own base wraps every value to read Django's managers and files from it, which makes a long
    list cost several times as much; what needs that says so by being a `ninja.Schema`."""

    model_config = ConfigDict(from_attributes=True)


class Label(Out):
    """A name from declared data, in Chinese and English."""

    zh: str
    en: str


class Total(Out):
    """How many, counted up to a cap: `capped` means "this many and more"."""

    value: int
    capped: bool


class LongJobOut(Out):
    """Long work: `done` of `total` steps (0: not known) of its `stage`; `result` as its kind has it."""

    id: UUID
    kind: str
    subject: str
    state: Literal["waiting", "running", "done", "failed"]
    stage: str
    done: int
    total: int
    result: dict[str, Any] | None
    reason: str
    asked_by_name: str
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
