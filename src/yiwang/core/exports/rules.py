"""How cells are put into a table so that no program reads anything else out of them."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

LARGEST_SHEET = 1_048_575  # rows below the heading, ECMA-376 as Excel reads it
LONGEST_CELL = 32_767
# Control characters have no place in XML 1.0 (2.2 Characters), and none in a table.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
)  # full width, too: OWASP, CSV injection


def plain(value: object, zone: ZoneInfo) -> object:
    """A cell as a table holds it: moments as the clock on the wall shows them, texts without control characters."""
    if isinstance(value, str):
        return _CONTROLS.sub("", value)[:LONGEST_CELL] if value else None
    if isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None, microsecond=0)
    return value


def in_csv(value: object) -> str:
    """A plain cell as a text for CSV; one that a spreadsheet would take for a formula gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return value.isoformat() if isinstance(value, date) else str(value)
