"""Shapes that several rooms use on the wire."""

from pydantic import BaseModel, ConfigDict


class Out(BaseModel):
    """What we say. Ninja's own base wraps every value to read Django's managers and files from it, which makes a long
    list cost several times as much; what needs that says so by being a `ninja.Schema`."""

    model_config = ConfigDict(from_attributes=True)


class Label(Out):
    """A name from declared data, in Chinese and English."""

    zh: str
    en: str


class Total(Out):
    """How many, counted up to a cap: `capped` means "this many and more"."""

    value: int
    capped: bool
