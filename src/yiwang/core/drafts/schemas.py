"""Drafts on the wire."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Path, Schema
from pydantic import Field

Key = Annotated[str, Path(max_length=100, pattern=r"^[a-z][a-z0-9_.:-]*$")]


class DraftIn(Schema):
    """A form as it is now, at most 64 kB. `expected_version` is the version this window started from, 0 for none."""

    body: dict[str, Any]
    expected_version: int = Field(ge=0, le=2**31 - 1)


class DraftRef(Schema):
    """That there is a draft, without its content."""

    key: str
    version: int
    saved_at: datetime | None


class DraftOut(DraftRef):
    """A draft; version 0 without body when there is none."""

    body: dict[str, Any] | None


class Drafts(Schema):
    """A page of one's own drafts, newest first."""

    items: list[DraftRef]
    next: str | None
