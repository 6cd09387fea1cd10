"""What this room says and hears over HTTP."""

from datetime import date
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from yiwang.core.http.schemas import Label, Out


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
    """A table as it holds today. `own_order`: in the district's order; `order_version` counts its changes."""

    key: str
    edition: str
    name: Label
    source: str
    items: list[CodeOut]
    order_version: int
    own_order: bool


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


class ResetOrderIn(Schema):
    """The order as it was seen."""

    expected_version: int = Field(ge=0, le=2**31 - 1)


class OrderIn(ResetOrderIn):
    """All codes of a table in their order, changed from a version."""

    codes: list[Annotated[str, Field(max_length=60)]] = Field(max_length=1000)


class LocalChangeOut(Out):
    """One thing of a code that the district says differently; `name` and `added` as {zh, en}."""

    code: str
    kind: Literal["added", "name", "parent", "active"]
    shipped: Label | str | bool | None
    local: Label | str | bool | None


class BroughtOut(Out):
    """One thing that a newer edition says differently. `overridden`: the district says it in its own way."""

    code: str
    kind: Literal["added", "removed", "name", "parent", "active", "confidence"]
    before: Label | str | bool | None
    after: Label | str | bool | None
    overridden: bool


class LocalDifferenceOut(Out):
    """The district's own edition against the shipped one; `upgrade`: the newest edition against the one `before` it."""

    edition: str
    before: str | None
    changes: list[LocalChangeOut]
    moved: list[str]
    upgrade: list[BroughtOut] | None
