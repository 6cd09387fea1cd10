"""Proposals and policies on the wire."""

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Path, Schema
from pydantic import AwareDatetime, Field

from yiwang.core.http.schemas import Label

# Days are reckoned around it: not at the ends of time.
Moment = Annotated[
    AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2100, 1, 1, tzinfo=UTC))
]
SameClass = Literal["minor", "major", "any"]
ClassKey = Annotated[str, Path(max_length=80, pattern=r"^(component|event)(\.([0-9]{2}|[a-z][a-z0-9_]*))?$")]


class SimilarIn(Schema):
    """A report as it stands in the form, before it is sent. `exclude` leaves one case out of the answer."""

    category: Annotated[str, Field(max_length=80, pattern=r"^[a-z0-9_.]+$")]
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-89, le=89)
    description: str = Field("", max_length=2000)
    occurred_at: Moment | None = None
    exclude: UUID | None = None


class SimilarCategory(Schema):
    """The class of a case that is proposed."""

    key: str
    zh: str
    en: str
    kind: str


class SimilarUnit(Schema):
    """The unit that handles it."""

    id: int
    name: str


class SimilarCase(Schema):
    """A case that is proposed, as much as one needs to compare."""

    id: UUID
    number: str
    version: int
    state: str
    state_label: Label
    group: str
    category: SimilarCategory
    description: str
    address: str
    reported_at: datetime
    occurred_at: datetime
    ended_at: datetime | None
    unit: SimilarUnit | None
    thumbnail_url: str | None
    lon: float
    lat: float


class ReasonOut(Schema):
    """Why it is proposed: class, place, time or words, in words."""

    code: Literal["class", "place", "time", "words"]
    label: Label


class SimilarItem(Schema):
    """A proposal. `score` and `words_score` lie between 0 and 1, 1 being the same."""

    case: SimilarCase
    distance_m: float
    hours_apart: float
    words_score: float
    score: float
    reasons: list[ReasonOut]
    common_words: list[str]


class PolicyValues(Schema):
    """When reports are proposed as one: within metres and days, by class, with so much in common (0 to 1)."""

    radius_m: int
    days: int
    words_min: float
    same_class: SameClass
    enabled: bool


class SimilarOut(Schema):
    """Cases that may be the same matter, the likest first; `hidden` more are not this person's to open."""

    items: list[SimilarItem]
    hidden: int
    policy: PolicyValues


class PolicyIn(Schema):
    """A policy as it shall be; `expected_version` is the one that the person was looking at."""

    expected_version: int = Field(ge=0, le=2**31 - 1)
    radius_m: int = Field(ge=1, le=2000)
    days: int = Field(ge=1, le=365)
    words_min: float = Field(ge=0, le=1)
    same_class: SameClass
    enabled: bool = True


class PolicyOut(PolicyValues):
    """The policy that holds for `asked`; it is its own when `key` equals `asked`, else that of the larger class.

    `version` is the newest local one of `asked`, 0 when there never was one.
    """

    asked: str
    key: str
    label: Label
    version: int
    is_shipped: bool
    made_by: str
    made_at: datetime | None


class Policies(Schema):
    """The policies that are shipped and those with a local version."""

    items: list[PolicyOut]


class PolicyVersionOut(PolicyValues):
    """A local version; a withdrawn one lets what is shipped hold again."""

    version: int
    withdrawn: bool
    made_by: str
    made_at: datetime


class PolicyVersions(Schema):
    """The local versions of a key, newest first."""

    items: list[PolicyVersionOut]
