"""What administering people says and hears over HTTP."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from yiwang.core.http.schemas import Label, Out, Total

TRY_RESULTS = Literal[
    "", "signed_in", "wrong_password", "unknown_account", "closed_account", "password_set", "link_invalid"
]


class AssignmentIn(Schema):
    """A post with a role. Without `unit_id` for the post's unit and below; without `valid_from` from today."""

    post_id: int
    role: str = Field(max_length=40)
    unit_id: int | None = None
    areas: list[str] = Field([], max_length=50)
    valid_from: date | None = None


class StaffIn(Schema):
    """A new person with a first post."""

    username: str = Field(max_length=50)
    name: str = Field(max_length=50)
    phone: str = Field("", max_length=20)
    assignment: AssignmentIn


class DetailsIn(Schema):
    """Name and telephone, as changed from a version."""

    expected_version: int
    name: str = Field(max_length=50)
    phone: str = Field("", max_length=20)


class StaffQuery(Schema):
    """What of the people is asked for, in which order."""

    q: str = Field("", max_length=50)
    unit_id: int | None = None
    role: str = Field("", max_length=40)
    state: Literal["active", "closed", "former", "locked"] | None = None
    sort: Literal["username", "name", "-created_at"] = "username"
    after: str | None = None
    limit: int = Field(50, ge=1, le=200)


class EndAssignmentIn(Schema):
    """The first day on which the assignment no longer holds."""

    on: date


class AccountIn(Schema):
    """Whether the account is to be open."""

    is_open: bool


class UnitNames(Out):
    """A unit by its names."""

    id: int
    name: str
    name_en: str
    short_name: str


class RoleNames(Out):
    """A role by its names."""

    key: str
    name: str
    name_en: str


class AssignmentOut(Out):
    """An assignment; `unit` is the subtree for which it holds. `valid_to` is the first day it no longer does."""

    id: int
    post: str
    post_id: int
    post_unit: UnitNames
    role: RoleNames
    unit: UnitNames
    areas: list[str]
    valid_from: date
    valid_to: date | None
    state: Literal["running", "coming", "over"]


class StaffRow(Out):
    """A person whom one administers, with the posts of today and to come."""

    id: UUID
    username: str
    name: str
    phone: str
    state: Literal["active", "closed", "former", "erased"]
    is_locked: bool
    is_demo: bool
    assignments: list[AssignmentOut]
    away_until: date | None
    last_sign_in: datetime | None
    created_at: datetime


class StaffPage(Out):
    """A page of people; `total` comes with the first page."""

    items: list[StaffRow]
    next: str | None
    total: Total | None


class StaffOut(StaffRow):
    """One person in full. `refusal` is the code for which one may not change their posts and account, if any."""

    version: int
    locked_until: datetime | None
    link_until: datetime | None
    has_password: bool
    sessions: int
    refusal: str | None
    erased_at: datetime | None


class LinkOut(Out):
    """A one-time link: its address below the platform's own, shown once."""

    path: str
    expires_at: datetime


class NewStaff(Out):
    """A person just made, and the link by which they set a password."""

    person: StaffOut
    link: LinkOut


class LinkIn(Schema):
    """The token of a one-time link."""

    token: str = Field(max_length=200)


class LinkUse(LinkIn):
    """The token, and the password to be set."""

    new: str = Field(max_length=200)


class LinkFor(Out):
    """For whom a link is."""

    username: str
    name: str
    expires_at: datetime


class TryOut(Out):
    """A try to sign in. `person` is whose account it was, where there is one."""

    id: int
    at: datetime
    username: str
    ip: str | None
    succeeded: bool
    reason: TRY_RESULTS
    forgiven: bool
    name: str | None = None


class TryQuery(Schema):
    """Which tries: of an account, a person or an address; from a day to a day, both included."""

    q: str = Field("", max_length=50)
    succeeded: bool | None = None
    first: date | None = None
    last: date | None = None
    after: str | None = None
    limit: int = Field(50, ge=1, le=200)


class TryPage(Out):
    """A page of tries, the latest first."""

    items: list[TryOut]
    next: str | None


class RoleOption(RoleNames):
    """A role that can be given; `is_yours` when one may give it somewhere."""

    does: dict[str, str]
    is_yours: bool


class RoleOptions(Out):
    """Roles in their order."""

    items: list[RoleOption]


class PostOut(Out):
    """A post of a unit."""

    id: int
    key: str
    name: str
    name_en: str
    unit_id: int


class Posts(Out):
    """Posts of a unit, or of all units that one manages."""

    items: list[PostOut]


class SessionRow(Out):
    """A signed-in browser. `active_at` is the last thing that the person did there; `is_this` the one that asks."""

    id: UUID
    user_agent: str
    ip: str | None
    created_at: datetime
    seen_at: datetime
    active_at: datetime
    is_this: bool


class SessionRows(Out):
    """Sessions of one person, the latest used first."""

    items: list[SessionRow]


class OnlineRow(SessionRow):
    """A session with whose it is."""

    user_id: UUID
    username: str
    name: str
    may_end: bool


class OnlinePage(Out):
    """A page of sessions, the latest begun first; `total` comes with the first page."""

    items: list[OnlineRow]
    next: str | None
    total: Total | None


class RoleOut(RoleNames):
    """A role: what it may do, what the shipped edition says, and who changed it here. `people` hold it today."""

    does: dict[str, str]
    edition: str
    permissions: list[str]
    shipped: list[str]
    changed_at: datetime | None
    changed_by: str
    note: str
    version: int
    people: int


class PermissionOut(Out):
    """Something that can be allowed; what is `personal` no substitute carries."""

    key: str
    label: Label
    personal: bool


class Roles(Out):
    """All roles and all permissions. `may_edit`: whether one may change them."""

    items: list[RoleOut]
    permissions: list[PermissionOut]
    may_edit: bool


class RoleIn(Schema):
    """What a role shall be able to do, as changed from a version, and on what ground."""

    expected_version: int
    permissions: list[str] = Field(max_length=500)
    note: str = Field("", max_length=500)


class WhyReason(Out):
    """One assignment of the person. `by_unit` and `by_area` name what of it covers the object that is asked about;
    `is_withheld`: the absent person has the permission, but it is theirs alone."""

    post: str
    unit: str
    role: str
    areas: list[str]
    on_behalf_of: str | None
    has_permission: bool
    is_withheld: bool
    by_unit: str
    by_area: str
    covers: bool


class WhyOut(Out):
    """Whether somebody has a permission or sees an object, and why. `besides`: "reported" when they reported it."""

    may: bool
    is_closed: bool
    permission: str
    permission_label: Label
    besides: str
    reasons: list[WhyReason]
