"""The form of a lifecycle table as data (`editions/lifecycle_*.json`): what each row holds, before what it means."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from yiwang.core.calendars.rules import LONGEST_AMOUNT, LimitKind
from yiwang.operations.cases.lifecycle import Decision, Group, Reach

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=30)]
Word = Annotated[str, Field(min_length=1, max_length=60, pattern=r"\S")]
Outcome = Annotated[str, Field(pattern=r"^(@held|@chosen|[a-z][a-z0-9_]*)$", max_length=30)]
Share = Annotated[str, Field(pattern=r"^\d{1,3}(\.\d{1,3}|/[1-9]\d{0,2})?$")]
Names = Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=20)]


class Shape(BaseModel):
    """Nothing beside what is known: a misspelt word is a fault, not a silence."""

    model_config = ConfigDict(extra="forbid")


class LabelShape(Shape):
    """A name in both languages."""

    zh: Word
    en: Annotated[str, Field(min_length=1, max_length=120)]


class HintShape(Shape):
    """A sentence in both languages."""

    zh: Annotated[str, Field(max_length=200)]
    en: Annotated[str, Field(max_length=300)]


class LimitShape(Shape):
    """The limit of a stage."""

    kind: LimitKind
    amount: Annotated[Decimal, Field(gt=0, le=LONGEST_AMOUNT, max_digits=6, decimal_places=2)]


class StateShape(Shape):
    """A row of `states`."""

    key: Key
    label: LabelShape
    group: Group
    limit: LimitShape | None = None


class OptionShape(Shape):
    """One of a field's choices."""

    value: Annotated[str, Field(max_length=30)]
    label: LabelShape


class FieldShape(Shape):
    """What a step asks for."""

    name: Annotated[str, Field(max_length=30)]
    required: StrictBool
    label: LabelShape
    slot: str | None = None
    slots: Names = []
    options: Annotated[list[OptionShape], Field(max_length=40)] = []


class TaskShape(Shape):
    """What a step does to a task."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    kind: Literal["handle", "check", "verify", "sign", "supervise"]
    start: Annotated[Names, Field(alias="from", min_length=1)]
    to: str | None = None


class OutcomeShape(Shape):
    """A state that a step may lead to, and when."""

    state: Outcome
    when: str = ""


class TransitionShape(Shape):
    """A row of `transitions`."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    verb: Key
    label: LabelShape
    start: Annotated[list[str], Field(alias="from", max_length=60)]
    to: Outcome | Annotated[list[OutcomeShape], Field(max_length=10)] | None = None
    permission: str = ""
    reach: Reach
    style: Literal["default", "primary", "danger", "beside"] = "default"
    fields: Annotated[list[FieldShape], Field(max_length=12)] = []
    guards: Names = []
    effects: Names = []
    sources: Names = []
    task: TaskShape | None = None
    request: str = ""
    decision: Decision | None = None
    hint: HintShape | None = None


class ApprovalShape(Shape):
    """One level of approval."""

    label: LabelShape
    permission: str
    reach: Reach = Reach.AREA


class RequestShape(Shape):
    """The policy of a kind of request."""

    label: LabelShape
    approvals: Annotated[list[ApprovalShape], Field(min_length=1, max_length=5)]
    # Strictly: the table is used as it was written, and the text "false" would count as true.
    blocks: StrictBool = True
    evidence: StrictBool = False
    most: Annotated[StrictInt, Field(ge=0, le=99)] | None = None
    before_due: StrictBool = False
    longest_days: Annotated[StrictInt, Field(ge=1, le=3660)] | None = None


class TableShape(Shape):
    """The whole table."""

    version: Annotated[int, Field(ge=0, le=2**31 - 1)]
    edition: Annotated[str, Field(max_length=20)]
    source: Annotated[str, Field(max_length=500)] = ""
    marks: Annotated[dict[str, Annotated[dict[Key, Share], Field(max_length=6)]], Field(max_length=80)] = {}
    limits: Annotated[dict[str, LimitShape], Field(max_length=80)] = {}
    states: Annotated[list[StateShape], Field(min_length=2, max_length=60)]
    transitions: Annotated[list[TransitionShape], Field(min_length=2, max_length=250)]
    requests: Annotated[dict[Key, RequestShape], Field(max_length=30)] = {}


Data = dict[str, Any]
