"""What this room says and hears over HTTP."""

from datetime import date

from ninja import Schema
from pydantic import Field

from yiwang.core.http.schemas import Label


class CodeOut(Schema):
    """One code; `parent` is the code above it, `shipped` the name that a local version hides."""

    code: str
    zh: str
    en: str
    parent: str | None
    active: bool
    confidence: str
    local: bool
    shipped: Label | None = None


class TableOut(Schema):
    """A table as it holds today."""

    key: str
    edition: str
    name: Label
    source: str
    items: list[CodeOut]


class TableSummaryOut(Schema):
    """One line of the list of tables."""

    key: str
    edition: str
    name: Label
    count: int


class Tables(Schema):
    """All tables."""

    items: list[TableSummaryOut]


class NameIn(Schema):
    """A name in both languages."""

    zh: str = Field(min_length=1, max_length=120)
    en: str = Field(min_length=1, max_length=160)


class CodeIn(Schema):
    """How a code shall read in this district from a day on."""

    name: NameIn
    valid_from: date = Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))
    parent: str | None = Field(None, max_length=60)
    active: bool = True
