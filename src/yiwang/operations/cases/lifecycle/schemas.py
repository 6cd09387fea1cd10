"""What the routes of the lifecycle's editor take and give. A table travels in its declared form, as JSON."""

import json
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import field_validator

from yiwang.core.http.schemas import Label
from yiwang.operations.cases.lifecycle.edit import Operation

VersionNumber = Annotated[int, Field(ge=1, le=2**31 - 1)]


class TableIn(Schema):
    """A table in its declared form; whatever stands in it is looked through, not refused."""

    table: dict[str, Any]

    @field_validator("table")
    @classmethod
    def _can_be_kept(cls, table: dict[str, Any]) -> dict[str, Any]:
        """Half a character, a number without end or a hundred levels are no table, and no database keeps them."""
        try:
            json.dumps(table, ensure_ascii=False, allow_nan=False).encode()
        except (ValueError, RecursionError):
            raise ValueError("not a table in plain JSON") from None
        return table


class EditIn(TableIn):
    """A table and what to do to it, in order."""

    operations: list[Operation] = Field(max_length=100)


class PublishIn(TableIn):
    """A table to be published from a day on. `base`: the version that it was made from; `draft`: to be thrown away
    then."""

    valid_from: date
    note: str = Field("", max_length=500)
    base: VersionNumber
    draft: UUID | None = None


class DraftIn(TableIn):
    """A draft as it is now. `expected_version`: 0 for a new one."""

    name: str = Field(min_length=1, max_length=100, pattern=r"\S")
    base: VersionNumber
    expected_version: int = Field(ge=0, le=2**31 - 1)


class ProblemOut(Schema):
    """A fault of a table: `path` leads to it in the JSON, `row` is the row's key or verb, `field` what in it.

    An error keeps the table from being published, a warning does not.
    """

    path: str
    row: str
    field: str
    code: str
    message: Label
    level: Literal["error", "warning"]


class GraphNode(Schema):
    """A state in the picture; x, y is its middle. `role`: way, beside or end."""

    key: str
    label: Label
    group: str
    limit: dict[str, str] | None
    role: str
    x: float
    y: float
    stays: list[str]


class GraphStep(Schema):
    """A step on an edge."""

    verb: str
    label: Label
    style: str
    permission: str


class GraphEdge(Schema):
    """Steps from one state, or from several as a bracket, to another: a path of corners, and where its words go."""

    starts: list[str]
    end: str
    kind: str
    style: str
    steps: list[GraphStep]
    points: list[tuple[float, float]]
    rest: list[tuple[float, float]]
    at: tuple[float, float]


class GraphOut(Schema):
    """The picture of a table, laid out."""

    width: float
    height: float
    node_width: float
    node_height: float
    nodes: list[GraphNode]
    edges: list[GraphEdge]


class CheckOut(Schema):
    """What is wrong with a table, and its picture when it can be read. `situations`: how many were walked through."""

    ok: bool
    problems: list[ProblemOut]
    graph: GraphOut | None
    situations: int


class EditOut(CheckOut):
    """The table after the operations, looked through."""

    table: dict[str, Any]


class LifecycleVersion(Schema):
    """One published version. `state`: in_force, planned, past (also: shipped and behind another) or withdrawn."""

    version: int
    edition: str
    name: Label
    state: Literal["in_force", "planned", "past", "withdrawn"]
    is_local: bool
    valid_from: date | None
    base: int | None
    note: str
    published_at: datetime
    published_by: str
    open_cases: int


class DraftRow(Schema):
    """A draft in the list."""

    id: UUID
    name: str
    base: int
    version: int
    saved_at: datetime
    saved_by: str


class DraftOut(DraftRow):
    """A draft with its table."""

    table: dict[str, Any]


class Lifecycles(Schema):
    """Every version, the newest first, the one in force, and the drafts (for those who edit)."""

    current: int
    versions: list[LifecycleVersion]
    drafts: list[DraftRow]


class LifecycleTable(LifecycleVersion):
    """A version with its table and its picture."""

    table: dict[str, Any]
    graph: GraphOut


class TableChange(Schema):
    """What two tables say differently: in which part, which row, which field."""

    where: str
    row: str
    field: str
    old: Any
    new: Any


class TableDifference(Schema):
    """Two versions side by side, the older first."""

    old: int
    new: int
    changes: list[TableChange]


class Named(Schema):
    """Something that a table may name, in words; `about` says more."""

    name: str
    label: Label
    about: str = ""


class FieldName(Named):
    """A field that a step may ask for, and how it is put in."""

    input: str


class Vocabulary(Schema):
    """Everything that a table may name: nothing else can be written into it, and nothing of it needs code."""

    guards: list[Named]
    conditions: list[Named]
    effects: list[Named]
    node_effects: list[str]
    permissions: list[Named]
    fields: list[FieldName]
    slots: list[Named]
    task_kinds: list[Named]
    task_states: list[Named]
    reaches: list[Named]
    styles: list[Named]
    groups: list[Named]
    limit_kinds: list[Named]
    operations: list[str]
