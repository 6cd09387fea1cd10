"""What this room says and hears over HTTP."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from yiwang.core.accounts.rules import AbsenceReason
from yiwang.core.http.schemas import Label


class SignInIn(Schema):
    """Name and password."""

    username: str = Field(max_length=150)
    password: str = Field(max_length=200)


class Door(Schema):
    """Whether anybody can sign in here yet; False until the first administrator has set a password."""

    open: bool


class PasswordIn(Schema):
    """The current password, and the new one."""

    current: str = Field(max_length=200)
    new: str = Field(max_length=200)


class Person(Schema):
    """Who is signed in."""

    id: UUID
    username: str
    name: str


class PersonName(Schema):
    """A person, by id and name."""

    id: UUID
    name: str


class HeldPost(Schema):
    """A post that the person holds today; `on_behalf_of` is the absent person for whom they stand in there."""

    role: str
    name: str
    unit: str
    on_behalf_of: PersonName | None = None


class District(Schema):
    """The district that this installation serves."""

    code: str
    name: str


class SessionOut(Schema):
    """Everything that the console needs to know about the signed-in person.

    `permissions`: held for some part of the district at least; `permissions_everywhere`: those held for all of it, as
    routes of what is the whole district's ask for them.
    `idle_minutes`: after how long without use the session ends by itself; 0: it does not.
    """

    user: Person
    posts: list[HeldPost]
    permissions: list[str]
    permissions_everywhere: list[str]
    must_change_password: bool
    mode: str
    district: District
    live_url: str
    server_time: datetime
    idle_minutes: int


class DemoAccount(Schema):
    """A demo person; shown only by a demo database."""

    username: str
    password: str
    name: str
    post: str
    unit: str
    role: str
    does: Label


class DemoAccounts(Schema):
    """All demo persons."""

    items: list[DemoAccount]


class UnitOut(Schema):
    """A unit in the tree; `parent_id` is None at the root. `calendar` null: that of the unit above it.

    `took_over` are the codes of units whose work it has now.
    """

    id: int
    code: str
    name: str
    name_en: str
    short_name: str
    kind: str
    parent_id: int | None
    area_code: str
    handles_cases: bool
    valid_to: date | None = None
    successor_id: int | None = None
    calendar: str | None = None
    took_over: list[str] | None = None


class UnitCalendarIn(Schema):
    """The key of the working calendar that a unit gets; null: that of the unit above it."""

    calendar: str | None = Field(max_length=40)


class Units(Schema):
    """Units in the order of the tree."""

    items: list[UnitOut]


class PostOf(Schema):
    """A post that somebody holds."""

    name: str
    unit: str
    unit_id: int


class Colleague(Schema):
    """A person of the staff; `away_until` is the last day of the absence that runs. `erased_at`: for former staff."""

    id: UUID
    username: str
    name: str
    posts: list[PostOf]
    away_until: date | None
    erased_at: datetime | None = None


class Colleagues(Schema):
    """A page of people, by account name."""

    items: list[Colleague]
    next: str | None


class AbsenceIn(Schema):
    """An absence from a day to a day, both included. Without `user_id` it is one's own."""

    starts_on: date
    ends_on: date
    reason: AbsenceReason
    user_id: UUID | None = None
    substitute_id: UUID | None = None
    note: str = Field("", max_length=200)


class AbsenceOut(Schema):
    """An absence. `state` is coming, running, over or cancelled; reason and note are shown to the person and
    to those who manage absences only."""

    id: UUID
    person: PersonName
    substitute: PersonName | None
    starts_on: date
    ends_on: date
    state: Literal["coming", "running", "over", "cancelled"]
    reason: AbsenceReason | None
    note: str | None
    entered_by: str
    entered_at: datetime
    cancelled_at: datetime | None
    cancelled_by: str
    may_cancel: bool


class Absences(Schema):
    """A page of absences, the latest first day first."""

    items: list[AbsenceOut]
    next: str | None


class MoveIn(Schema):
    """Where a unit goes, and on what ground (a document's number)."""

    parent_id: int
    note: str = Field("", max_length=500)


class MergeIn(Schema):
    """Which unit it becomes part of."""

    into_id: int
    note: str = Field("", max_length=500)


class RenameIn(Schema):
    """The new names."""

    name: str = Field(max_length=100)
    name_en: str = Field("", max_length=150)
    short_name: str = Field(max_length=30)
    note: str = Field("", max_length=500)


class NewUnitIn(Schema):
    """A unit to be made; without `code` it gets one."""

    name: str = Field(max_length=100)
    short_name: str = Field(max_length=30)
    name_en: str = Field("", max_length=150)
    code: str = Field("", max_length=40)
    kind: str = Field("", max_length=30)
    handles_cases: bool = False
    note: str = Field("", max_length=500)


class PostNamesIn(Schema):
    """What a post is called."""

    name: str = Field(max_length=50)
    name_en: str = Field("", max_length=80)


class PostIn(PostNamesIn):
    """A post to be made; `usual_role` is the role that its holders are proposed."""

    usual_role: str = Field("", max_length=36)


class PostHolder(Schema):
    """Who holds a post, as what, from when to when (the first day no more)."""

    id: UUID
    name: str
    role: str
    role_en: str
    valid_from: date
    valid_to: date | None


class UnitPost(Schema):
    """A post and its holders of today and to come. `ended_on`: the first day it can no longer be given."""

    id: int
    key: str
    name: str
    name_en: str
    ended_on: date | None
    holders: list[PostHolder]


class UnitPosts(Schema):
    """Posts of a unit."""

    items: list[UnitPost]


class CloseIn(Schema):
    """The first day on which the unit no longer is, and who takes over its open work."""

    on: date
    successor_id: int | None = None
    note: str = Field("", max_length=500)


class ConcernOut(Schema):
    """How much of something hangs on the unit; open work needs a successor."""

    key: str
    label: Label
    count: int
    is_open_work: bool


class ReorganisationPreview(Schema):
    """What a change of the unit would touch. `problems` are codes for which it would be refused now."""

    unit: UnitOut
    into: UnitOut | None
    units_below: list[UnitOut]
    people: int
    posts: int
    assignments: int
    concerns: list[ConcernOut]
    problems: list[str]


class UnitChangeOut(Schema):
    """One change in the history of a unit. `carried_out_at` is None while a closing is still to come."""

    id: int
    kind: Literal["created", "moved", "merged", "renamed", "closed"]
    on: date
    into_id: int | None
    before: dict[str, Any]
    after: dict[str, Any]
    note: str
    by_name: str
    at: datetime
    carried_out_at: datetime | None


class UnitHistory(Schema):
    """The changes of a unit, oldest first, and the units that became part of it."""

    items: list[UnitChangeOut]
    predecessors: list[UnitOut]


class ErasureIn(Schema):
    """On what ground a person's values are erased, without naming the person."""

    reason: str = Field(max_length=500)
