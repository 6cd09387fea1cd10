"""Phrases on the wire."""

from typing import Annotated

from ninja import Schema
from pydantic import Field

TOPIC = r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$"
Text = Annotated[str, Field(min_length=1, max_length=500, pattern=r"\S")]
Order = Annotated[int, Field(ge=0, le=10_000)]


class PhraseIn(Schema):
    """A new phrase: one's own, or shared in a unit (without unit: with everybody)."""

    topic: Annotated[str, Field(max_length=80, pattern=TOPIC)]
    text: Text
    text_en: str = Field("", max_length=500)
    order: Order = 100
    shared: bool = False
    unit_id: int | None = Field(None, ge=1, le=2**63 - 1)


class PhraseChangeIn(Schema):
    """A phrase as it shall be; `expected_version` is the one that the person was looking at."""

    expected_version: int = Field(ge=0, le=2**31 - 1)
    text: Text
    text_en: str = Field("", max_length=500)
    order: Order = 100


class PhraseUnit(Schema):
    """The unit that shares it."""

    id: int
    name: str


class PhraseOut(Schema):
    """A phrase. `text` may hold places such as `{number}`; `text_en` is empty where nobody wrote one."""

    id: int
    topic: str
    text: str
    text_en: str
    shared: bool
    unit: PhraseUnit | None
    shipped: bool
    order: int
    used: int
    version: int
    editable: bool


class Phrases(Schema):
    """What one can choose from: one's own first, then the nearest unit's, then everybody's."""

    items: list[PhraseOut]
