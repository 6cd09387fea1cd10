"""FormDrafts on the wire."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Path, Schema
from pydantic import Field

Key = Annotated[str, Path(max_length=100, pattern=r"^[a-z][a-z0-9_.:-]*$")]


class FormDraftIn(Schema):
    """A form as it is now, at most 64 kB. `expected_version` is the version this window started from, 0 for none."""

    body: dict[str, Any]
    expected_version: int = Field(ge=0, le=2**31 - 1)


class FormDraftRef(Schema):
    """That there is a draft, without its content."""

    key: str
    version: int
    saved_at: datetime | None


class FormDraftOut(FormDraftRef):
    """A draft; version 0 without body when there is none."""

    body: dict[str, Any] | None


class FormDrafts(Schema):
    """A page of one's own drafts, newest first."""

    items: list[FormDraftRef]
    next: str | None
