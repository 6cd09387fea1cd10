"""What this room says and hears over HTTP."""

from datetime import datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field

from yiwang.core.http.schemas import Label


class SignInIn(Schema):
    """Name and password."""

    username: str = Field(max_length=150)
    password: str = Field(max_length=200)


class PasswordIn(Schema):
    """The current password, and the new one."""

    current: str = Field(max_length=200)
    new: str = Field(max_length=200)


class Person(Schema):
    """Who is signed in."""

    id: UUID
    username: str
    name: str


class HeldPost(Schema):
    """A post that the person holds today."""

    role: str
    name: str
    unit: str


class District(Schema):
    """The district that this installation serves."""

    code: str
    name: str


class SessionOut(Schema):
    """Everything that the console needs to know about the signed-in person."""

    user: Person
    posts: list[HeldPost]
    permissions: list[str]
    must_change_password: bool
    mode: str
    district: District
    live_url: str
    server_time: datetime


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
    """A unit in the tree; `parent_id` is None at the root."""

    id: int
    code: str
    name: str
    name_en: str
    short_name: str
    kind: str
    parent_id: int | None
    area_code: str
    handles_cases: bool


class Units(Schema):
    """Units in the order of the tree."""

    items: list[UnitOut]
