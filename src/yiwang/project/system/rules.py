"""When a figure of the running platform is well, wants attention, or is wrong."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Standing(StrEnum):
    """How something stands; UNKNOWN: it cannot be seen from here."""

    WELL = "well"
    ATTENTION = "attention"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that was looked at. `key` is worded by the client, with `params` in its words."""

    group: str
    key: str
    state: Standing
    params: dict[str, Any] = field(default_factory=dict)


ORDER = (Standing.WELL, Standing.UNKNOWN, Standing.ATTENTION, Standing.WRONG)


def worst(states: list[Standing]) -> Standing:
    """The state of the whole; what is unknown makes nothing worse."""
    known = [state for state in states if state is not Standing.UNKNOWN]
    return max(known, key=ORDER.index, default=Standing.WELL)


def above(value: float, attention: float, wrong: float) -> Standing:
    """WELL below `attention`, ATTENTION from there on, WRONG from `wrong` on."""
    if value >= wrong:
        return Standing.WRONG
    return Standing.ATTENTION if value >= attention else Standing.WELL


def free_space(free: int, total: int) -> Standing:
    """Bytes: a tenth or 5 GB left want attention; a fiftieth or 1 GB is wrong."""
    if free < 10**9 or free * 50 < total:
        return Standing.WRONG
    return Standing.ATTENTION if free < 5 * 10**9 or free * 10 < total else Standing.WELL


def backup_standing(age_h: float | None, *, nightly: bool, last_failed: bool) -> Standing:
    """By the age of the newest backup in hours; None: there is none."""
    if last_failed:
        return Standing.WRONG
    if age_h is None:
        return Standing.ATTENTION
    return above(age_h, 36, 24 * 8) if nightly else above(age_h, 24 * 8, 24 * 31)


# Telephone numbers and the like, also directly against Chinese words; ids of ours have letters or hyphens beside their
# digits, and so has +86-139….
_NUMBER = re.compile(r"(?:(?<=\+86-)|(?<![A-Za-z0-9_-]))(\d{3})\d{2,}(\d{2})(?![A-Za-z0-9_-])")


def masked(text: str) -> str:
    """A trace of an error without the long numbers that may be somebody's."""
    return _NUMBER.sub(r"\1****\2", text)


def masked_document(value: Any) -> Any:
    """The same for every text and every integer in a JSON document; an integer that is masked becomes a text."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, int):
        hidden = masked(str(value))
        return value if hidden == str(value) else hidden
    if isinstance(value, dict):
        return {key: masked_document(item) for key, item in value.items()}
    return [masked_document(item) for item in value] if isinstance(value, list) else value


def last_line(trace: str) -> str:
    """What an error says in one line."""
    return next((line for line in reversed(trace.strip().splitlines()) if line.strip()), "")[:300]
