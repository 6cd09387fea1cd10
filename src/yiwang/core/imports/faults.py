"""What can be wrong with a row, and with a whole file or mapping."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

Cell = str | int | float | Decimal | bool | datetime | date | time | None
Cells = dict[str, Cell]
MOST_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row was not brought in. `line` is its line in the file (in Excel: its row), from 1.

    `field` is the target's field, or empty for the row as a whole; `value` is what stood there, shortened;
    `advice` says what to do.
    """

    line: int
    field: str
    value: str
    code: str
    reason: str
    advice: str = ""


class Unfit(ValueError):
    """A value cannot be used; the fault is made of it where line and field are known."""

    def __init__(self, code: str, reason: str, advice: str = "", value: Cell = None) -> None:
        super().__init__(reason)
        self.code, self.reason, self.advice, self.value = code, reason, advice, value

    def fault(self, line: int, field: str, value: Cell = None) -> Fault:
        """The fault of a row."""
        return Fault(line, field, shown(value if self.value is None else self.value), self.code, self.reason,
            self.advice)  # fmt: skip


class BadTable(ValueError):
    """The file as a whole cannot be read; the message says why and what to do."""


class BadMapping(ValueError):
    """A mapping contradicts itself or the file; the message names the place."""


def shown(value: Cell) -> str:
    """A value as a person reads it in a report: short, and without what a database or a screen cannot hold."""
    text = "" if value is None else str(value)
    clean = "".join(
        mark if mark.isprintable() or mark in "\n\t" else "\N{REPLACEMENT CHARACTER}" for mark in text
    )
    return clean if len(clean) <= MOST_SHOWN else f"{clean[: MOST_SHOWN - 1]}…"
