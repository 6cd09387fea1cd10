"""What this room says and hears over HTTP."""

from datetime import datetime
from typing import Literal

from ninja import Schema
from pydantic import Field, StrictBool, StrictInt

from yiwang.core.http.schemas import Label, Out


class ParameterOut(Out):
    """A parameter with its value; `version` 0: nobody has set it, the default holds."""

    key: str
    kind: Literal["number", "switch"]
    label: Label
    hint: Label
    unit: Label | None
    value: int | bool
    default: int | bool
    least: int
    most: int
    version: int
    changed_at: datetime | None
    changed_by: str


class Parameters(Out):
    """All of them."""

    items: list[ParameterOut]


class ParameterIn(Schema):
    """A new value; null for the default."""

    value: StrictBool | StrictInt | None
    expected_version: int = Field(ge=0, le=2**31 - 1)
