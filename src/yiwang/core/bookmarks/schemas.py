"""Views and pins on the wire."""

import json
from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import AfterValidator, Field

LIST_KEY = r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$"
LARGEST_LOOK = 8192


def _small(look: dict[str, Any]) -> dict[str, Any]:
    # Half a pair of UTF-16 is no character, and raises a ValueError here.
    if len(json.dumps(look, ensure_ascii=False).encode()) > LARGEST_LOOK:
        raise ValueError(f"larger than {LARGEST_LOOK} bytes")
    return look


Name = Annotated[str, Field(min_length=1, max_length=40, pattern=r"\S")]
Look = Annotated[dict[str, Any], AfterValidator(_small)]


class ViewIn(Schema):
    """A new view: one's own, or shared in a unit (without unit: with everybody)."""

    list_key: Annotated[str, Field(max_length=60, pattern=LIST_KEY)]
    name: Name
    look: Look
    shared: bool = False
    unit_id: int | None = Field(None, ge=1, le=2**63 - 1)


class ViewChangeIn(Schema):
    """A view as it shall be; `expected_version` is the one that the person was looking at."""

    expected_version: int = Field(ge=0, le=2**31 - 1)
    name: Name
    look: Look


class ViewUnit(Schema):
    """The unit that shares it."""

    id: int
    name: str


class ViewOut(Schema):
    """A saved view; `look` is the client's own value."""

    id: int
    list_key: str
    name: str
    look: dict[str, Any]
    shared: bool
    unit: ViewUnit | None
    version: int
    editable: bool


class Views(Schema):
    """One's own first, then what is shared, by name."""

    items: list[ViewOut]


class PinIn(Schema):
    """How the object is called."""

    title: Annotated[str, Field(min_length=1, max_length=120)]


class PinOut(Schema):
    """Something that is kept at hand."""

    kind: str
    object_id: str
    title: str
    pinned_at: datetime


class Pins(Schema):
    """The newest first."""

    items: list[PinOut]
