"""Shapes that several rooms use on the wire."""

from ninja import Schema


class Label(Schema):
    """A name from declared data, in Chinese and English."""

    zh: str
    en: str


class Total(Schema):
    """How many, counted up to a cap: `capped` means "this many and more"."""

    value: int
    capped: bool
