"""What the routes of classes, conditions and limits take and give."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Field, Schema

from yiwang.core.calendars.rules import LONGEST_AMOUNT, LimitKind
from yiwang.core.http.schemas import Label
from yiwang.operations.cases.schemas import LimitOut

AreaClass = Literal["A", "B", "C"]
Text = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]


class TextIn(Schema):
    """A text in Chinese; the English one may be left out, then the Chinese one stands in for it."""

    zh: Text
    en: str = Field("", max_length=300)


class NoteIn(Schema):
    """A text that may be empty."""

    zh: str = Field("", max_length=200)
    en: str = Field("", max_length=300)


class LimitIn(Schema):
    """A time limit: kind (urgent_hour, working_hour, working_day, natural_day), amount with two decimals at most."""

    kind: LimitKind
    amount: Decimal = Field(gt=0, le=LONGEST_AMOUNT, max_digits=6, decimal_places=2)


class ConditionIn(Schema):
    """A row of the filing table. `area_limits`: the limits where they differ by management class."""

    text: TextIn
    limit: LimitIn
    area_limits: dict[AreaClass, LimitIn] = {}
    handling: NoteIn = NoteIn(zh="", en="")
    closing: TextIn
    source: str = Field("", max_length=200)


class ApprovalIn(Schema):
    """A further level of approval: what it is called, and who gives it: holders for the case's area."""

    label: TextIn
    permission: str = Field(max_length=80)


class RequestRule(Schema):
    """How a class makes one kind of request stricter than the lifecycle; null or empty leaves it as it is.

    `most`: how many may be approved (0: none), `longest_days`: how far ahead, `evidence` and `before_due`: asked
    for, `also`: further approvals after the lifecycle's.
    """

    most: int | None = Field(None, ge=0, le=99)
    longest_days: int | None = Field(None, ge=1, le=3660)
    evidence: bool = False
    before_due: bool = False
    also: list[ApprovalIn] = Field([], max_length=3)


class LocalIn(Schema):
    """The district's own version of a class, from a day on.

    `expected_version`: the local version that the person was looking at, 0 when it was the shipped one.
    `major`: only for a class that is not there yet.
    """

    expected_version: int = Field(ge=0, le=2**31 - 1)
    valid_from: date
    note: str = Field("", max_length=500)
    name: TextIn
    major: str = Field("", max_length=2, pattern=r"^([0-9]{2})?$")
    usual_unit: str = Field(min_length=1, max_length=40)
    synonyms: list[Annotated[str, Field(min_length=1, max_length=40, pattern=r"^\S+$")]] = Field(
        [], max_length=40
    )
    active: bool = True
    conditions: list[ConditionIn] = Field(min_length=1, max_length=40)
    requests: dict[Annotated[str, Field(max_length=20)], RequestRule] = {}


class EndIn(Schema):
    """The day from which the shipped edition counts again."""

    valid_from: date
    note: str = Field("", max_length=500)


class MajorOut(Schema):
    """The major class (大类)."""

    code: str
    zh: str
    en: str


class FilingConditionOut(Schema):
    """A row of the filing table: what is found, how it is handled and in what time, when it counts as done.

    `limit` holds where `area_limits` has nothing for the area's management class.
    """

    id: int
    no: int
    text: Label
    limit: LimitOut
    area_limits: dict[str, LimitOut]
    handling: Label
    closing: Label
    confidence: str
    source: str


class CategoryOut(Schema):
    """A class of cases. `code` is major and minor, None where not known; `search` holds words to find it by.

    `version` is 0 for a shipped edition, else the number of the district's own version.
    """

    key: str
    kind: str
    zh: str
    en: str
    major: MajorOut
    code: str | None
    codes: dict[str, str]
    origin: str
    source: Label
    confidence: str
    usual_unit: str
    edition: str
    version: int
    conditions: list[FilingConditionOut]
    requests: dict[str, Any]
    search: str


class Categories(Schema):
    """Every class that can be chosen today."""

    items: list[CategoryOut]


class VersionOut(Schema):
    """One version of a class. `state`: shipped, planned, in_force, past or withdrawn; `superseded` when it is a
    shipped edition behind a newer or local one."""

    edition: str
    version: int
    name_of_version: str
    state: Literal["shipped", "superseded", "planned", "in_force", "past", "withdrawn"]
    valid_from: date | None
    valid_to: date | None
    based_on: str
    note: str
    made_by: str
    changed_at: datetime
    name: Label
    usual_unit: str
    synonyms: list[str]
    active: bool
    conditions: list[FilingConditionOut]
    requests: dict[str, Any]


class CategoryDetail(Schema):
    """A class with all its versions, the one that holds today and what a change of it would start from."""

    key: str
    kind: str
    major: MajorOut
    code: str | None
    codes: dict[str, str]
    origin: str
    source: Label
    confidence: str
    version: int
    versions: list[VersionOut]
    newer_edition: str | None


class Change(Schema):
    """One field that a local version and the newest edition word differently, and who moved (see `by`)."""

    field: str
    local: Any
    shipped: Any
    base: Any
    by: Literal["local", "shipped", "both"]


class DifferenceOut(Schema):
    """What the district's own version and the newest shipped edition say differently.

    `based_on` is the edition that the local version was made from; `newer` when a newer one has come since.
    """

    local: str
    shipped: str
    based_on: str
    newer: bool
    changes: list[Change]


class LocalRow(Schema):
    """A class that has, had or will have a local version, in the administrator's list."""

    key: str
    zh: str
    en: str
    kind: str
    state: Literal["planned", "in_force", "past", "withdrawn"]
    valid_from: date
    valid_to: date | None
    version: int
    based_on: str
    newer_edition: str | None
    made_by: str
    note: str


class LocalRows(Schema):
    """Every class with a local version, the newest change first."""

    items: list[LocalRow]


class ChoiceOut(Schema):
    """A condition that a case may be registered under, with the limit that holds for its place."""

    id: int
    no: int
    text: Label
    limit: LimitOut
    handling: Label
    closing: Label
    area_class: str | None
    confidence: str
    source: str
    version: str
    requests: dict[str, Any]


class Choices(Schema):
    """The conditions of a case's class as they hold today."""

    items: list[ChoiceOut]
