"""Exports on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

Key = Annotated[str, Field(max_length=60)]


class ExportIn(Schema):
    """What shall be written out: the list, its query as its own route takes it, the columns as they are seen.

    `said` are the filters in the person's words; they stand in the workbook.
    """

    list_key: Key
    form: Literal["xlsx", "csv"] = "xlsx"
    query: dict[Key, str | int | bool | None] = Field(default_factory=dict, max_length=30)
    sort: str = Field("", max_length=100)
    columns: list[Key] = Field(min_length=1, max_length=60)
    language: Literal["zh", "en"] = "zh"
    said: list[Annotated[str, Field(max_length=200)]] = Field(default_factory=list, max_length=30)


class ExportOut(Schema):
    """A table under way or done. `reason` is the code of why it failed; `total` is 0 until the rows were counted."""

    id: UUID
    list_key: str
    list_name: dict[str, str]
    form: str
    said: list[Any]
    state: str
    reason: str
    total: int
    done: int
    size_bytes: int
    asked_at: datetime
    ended_at: datetime | None


class Exports(Schema):
    """A page, the newest first."""

    items: list[ExportOut]
    next: str | None


class ColumnOut(Schema):
    """A column that a list can be written out with."""

    key: str
    zh: str
    en: str


class Columns(Schema):
    """All columns of a list, in the order in which they are offered."""

    items: list[ColumnOut]
