"""The decisions of this room: laying out rosters, judging attendance, when somebody is on duty."""

from yiwang.city.duty.rules.attendance import (
    Day,
    Outcome,
    Punch,
    Totals,
    judge,
    match,
    totals,
    worked,
)
from yiwang.city.duty.rules.late import Claim, is_believed
from yiwang.city.duty.rules.planning import Cell, Clash, ClashKind, Span, clashes, lay_out, shift_span

__all__ = [
    "Cell",
    "Claim",
    "Clash",
    "ClashKind",
    "Day",
    "Outcome",
    "Punch",
    "Span",
    "Totals",
    "clashes",
    "is_believed",
    "judge",
    "lay_out",
    "match",
    "shift_span",
    "totals",
    "worked",
]
