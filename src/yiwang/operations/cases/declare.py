"""How a sector declares the classes of cases that are its own, and what a declaration must fulfil.

A declaration is data: it is loaded once per edition and never read while a case runs.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from yiwang.core.calendars.rules import Limit, LimitKind
from yiwang.core.codes.declare import BadDeclaration, Label, edition_rank

KEY = re.compile(r"(component|event)\.[a-z][a-z0-9]*(_[a-z0-9]+)*")
TWO_DIGITS = re.compile(r"[0-9]{2}")
FOUR_DIGITS = re.compile(r"[0-9]{4}")
SHORT_LIMIT = re.compile(r"(\d+(?:\.\d+)?)(uh|h|d|nd)")
AREA_CLASSES = ("A", "B", "C")
LIMIT_KINDS = {
    "uh": LimitKind.URGENT_HOUR,
    "h": LimitKind.WORKING_HOUR,
    "d": LimitKind.WORKING_DAY,
    "nd": LimitKind.NATURAL_DAY,
}


class Origin(StrEnum):
    """Where a class comes from; `edition.json` gives each its source in words and its confidence."""

    ADOPTED = "adopted"  # in a city's adopted table, under the standard's numbering
    LOCAL = "local"  # that city's extension, numbered downward from 99
    INFERRED = "inferred"  # fills a gap by comparison with the older list
    LEGACY = "legacy"  # only in the older list
    PLATFORM = "platform"  # in no list: the platform's own


def limit(text: str) -> Limit:
    """A limit in short: "2uh" urgent hours, "4h" working hours, "5d" working days, "3nd" natural days.

    Raises: BadDeclaration.
    """
    match = SHORT_LIMIT.fullmatch(text)
    if match is None:
        raise BadDeclaration(
            f"{text!r}: a limit is a number and one of {', '.join(LIMIT_KINDS)}, for instance 4h"
        )
    return Limit(LIMIT_KINDS[match[2]], Decimal(match[1]))


@dataclass(frozen=True, slots=True)
class FilingConditionDecl:
    """One row of the filing table: condition, handling limit, closing test (shape of GB/T 30428.8).

    `area_limits`: (management class A, B or C; limit) where the limit differs there. `handling`: how it is to be
    handled, where that is said.
    """

    text: Label
    limit: Limit
    closing: Label
    is_default: bool = False
    area_limits: tuple[tuple[str, Limit], ...] = ()
    handling: Label | None = None


@dataclass(frozen=True, slots=True)
class CaseCategory:
    """One minor class. Without conditions of its own it gets the platform's default one, marked unverified.

    `key` is `component.slug` or `event.slug`; `major`, `minor` are the digits of GB/T 30428.2 (minor None when not
    known); `usual_unit` is the code of the unit that mostly handles it, or "street" for the street of the place;
    `synonyms` are words that people use; `requests` makes the policy of requests stricter, see `category_rules`.
    """

    key: str
    major: str
    minor: str | None
    name: Label
    origin: Origin
    usual_unit: str
    edition: str = "2026.1"
    legacy_code: str | None = None
    synonyms: tuple[str, ...] = ()
    conditions: tuple[FilingConditionDecl, ...] = ()
    requests: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        edition_rank(self.edition)
        self._demand(KEY.fullmatch(self.key) is not None, "the key must be component.slug or event.slug")
        self._demand(TWO_DIGITS.fullmatch(self.major) is not None, "major must be two digits")
        self._demand(
            self.minor is None or TWO_DIGITS.fullmatch(self.minor) is not None, "minor must be two digits"
        )
        known = self.legacy_code is None or FOUR_DIGITS.fullmatch(self.legacy_code) is not None
        self._demand(known, "legacy_code must be four digits")
        self._demand(bool(self.name.zh and self.name.en), "name needs both zh and en")
        self._demand(bool(self.usual_unit), "usual_unit is missing")
        texts = [condition.text.zh for condition in self.conditions]
        self._demand(len(texts) == len(set(texts)), "a condition stands there twice")
        classes = [[name for name, _ in condition.area_limits] for condition in self.conditions]
        fine = all(len(set(names)) == len(names) and {*names} <= {*AREA_CLASSES} for names in classes)
        self._demand(fine, f"limits by area go by the classes {', '.join(AREA_CLASSES)}, each once")

    @property
    def kind(self) -> str:
        """`component` or `event`."""
        return self.key.partition(".")[0]

    @property
    def code(self) -> str | None:
        """Major and minor code together, four digits; None when the minor code is not known."""
        return self.major + self.minor if self.minor else None

    def _demand(self, fulfilled: bool, otherwise: str) -> None:
        if not fulfilled:
            raise BadDeclaration(f"category {self.key!r}: {otherwise}")
