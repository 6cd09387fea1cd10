"""A row by a mapping: its values, or why not. Pure."""

import hashlib
import math
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from yiwang.core.imports.declare import Kind, Parsed, TargetField, Value
from yiwang.core.imports.faults import Cell, Cells, Fault, Unfit
from yiwang.core.imports.mapping import FieldRule, Mapping, Names, folded

# Tried in this order after ISO 8601; a mapping may declare its own instead.
USUAL_FORMATS = (
    "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d",
    "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日%H时%M分%S秒", "%Y年%m月%d日%H时%M分", "%Y年%m月%d日",
    "%Y.%m.%d %H:%M:%S", "%Y.%m.%d %H:%M", "%Y.%m.%d", "%Y%m%d%H%M%S", "%Y%m%d",
)  # fmt: skip
FIRST_YEAR, LAST_YEAR = 1900, 2199
EXCEL_BEGIN = datetime(1899, 12, 30)  # noqa: DTZ001 - a wall-clock date, placed in its zone afterwards
LONGEST_KEY = 200
UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
BOUNDS: dict[Kind, float] = {Kind.LONGITUDE: 180.0, Kind.LATITUDE: 90.0}


class Columns:
    """The cells of a row by any of a column's names, whatever their case and blanks; made once for a table."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        self._by_fold = {folded(column): column for column in columns}
        self._found: dict[Names, str] = {}

    def name(self, names: Names) -> str:
        """The column's name in the file; the first of `names` when there is none."""
        if names not in self._found:
            fitting = (self._by_fold.get(folded(name)) for name in names)
            self._found[names] = next((name for name in fitting if name), names[0])
        return self._found[names]

    def cell(self, cells: Cells, names: Names) -> Cell:
        """The cell; None when the row has none."""
        if self._by_fold:
            return cells.get(self.name(names))
        return next((cells[name] for name in names if cells.get(name) is not None), None)


def parse_row(mapping: Mapping, columns: Columns, line: int, cells: Cells) -> Parsed | Fault:
    """What a row says by the mapping; the first thing wrong with it otherwise."""
    name = "key"
    try:
        key = external_key(mapping, columns, cells)
        values: dict[str, Value] = {}
        for rule in mapping.fields:
            name = rule.field.name
            values[name] = value_of(rule, columns, cells, mapping.empty)
    except Unfit as unfit:
        return unfit.fault(line, name)
    return Parsed(line, key, values, cells)


def external_key(mapping: Mapping, columns: Columns, cells: Cells) -> str:
    """What names the row in its source for good. Raises Unfit when a part of it is missing or it is too long."""
    parts = [as_text(columns.cell(cells, names)) for names in mapping.key]
    if mapping.by_content:
        if not any(parts):
            raise Unfit("no_key", "能识别这一行的单元格都是空的。", "请补上。")
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:40]
    for names, part in zip(mapping.key, parts, strict=True):
        if not part:
            raise Unfit("no_key", f"这一行没有“{columns.name(names)}”，无法与其他行区分。",
                "补上在来源中识别这一行的编号。")  # fmt: skip
    key = mapping.between.join(parts)
    if len(key) > LONGEST_KEY:
        raise Unfit("key_too_long", f"识别这一行的编号超过 {LONGEST_KEY} 个字符。", "", key)
    return key


def value_of(rule: FieldRule, columns: Columns, cells: Cells, empty: frozenset[str]) -> Value:
    """A field's value by its rule. Raises Unfit."""
    raw = rule.constant if rule.constant is not None else _joined(rule, columns, cells, empty)
    if rule.words:
        raw = _by_words(rule, as_text(raw).casefold())
    elif rule.values is not None and raw is not None:
        raw = _by_table(rule, raw)
    if raw is None:
        raw = rule.default
    if raw is None:
        if rule.field.required:
            named = ", ".join(columns.name(names) for names in rule.columns)
            raise Unfit(
                "missing",
                f"“{named or rule.field.name}”是空的。",
                "请补上，或在映射中给出默认值（default）。",
            )
        return None
    return convert(rule, raw)


def _joined(rule: FieldRule, columns: Columns, cells: Cells, empty: frozenset[str]) -> Cell:
    found = [columns.cell(cells, names) for names in rule.columns]
    filled = [cell for cell in found if cell is not None and as_text(cell).casefold() not in empty]
    if len(filled) <= 1:
        return filled[0] if filled else None
    return rule.between.join(as_text(cell) for cell in filled)


def _by_table(rule: FieldRule, raw: Cell) -> Any:
    text = as_text(raw)
    found = (rule.values or {}).get(text.casefold(), rule.other)
    if found is None:
        raise Unfit("unknown_value", f"映射的对照表没有说明“{text[:80]}”是什么。",
            "加到对照表（values）里，或写明其余的去向（other）。", text)  # fmt: skip
    return found


def _by_words(rule: FieldRule, text: str) -> Any:
    return next((value for value, words in rule.words if any(word in text for word in words)), rule.other)


def convert(rule: FieldRule, raw: Cell) -> Value:
    """A cell as the kind of value that the field holds. Raises Unfit."""
    field = rule.field
    match field.kind:
        case Kind.TEXT:
            return _text(field, as_text(raw), cut=rule.cut)
        case Kind.MOMENT:
            return as_moment(raw, rule.formats, rule.zone)
        case Kind.INTEGER:
            number = as_number(raw)
            if not number.is_integer():
                raise Unfit("not_whole", "应为整数。", "", raw)
            return int(number)
    number = as_number(raw)
    bound: float = BOUNDS.get(field.kind, math.inf)
    if abs(number) > bound:
        raise Unfit("out_of_range", f"应在 -{bound:.0f} 到 {bound:.0f} 度之间。",
            "检查经度和纬度是否填反了列。", raw)  # fmt: skip
    return number


def _text(field: TargetField, text: str, *, cut: bool) -> str:
    if field.longest is not None and len(text) > field.longest:
        if not cut:
            raise Unfit("too_long", f"有 {len(text):,} 字，最多 {field.longest:,} 字。",
                "请缩短，或让映射截短（cut = true）。", text)  # fmt: skip
        text = f"{text[: field.longest - 1]}…"
    return text


def as_text(cell: Cell) -> str:
    """A cell as people write it: 12.0 is 12, blanks around and what is not seen are left out."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return (cell if cell.isascii() else cell.translate(UNSEEN)).replace("\r\n", "\n").strip()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime | date | time):
        return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def as_number(cell: Cell) -> float:
    """A number, also with thousands' commas or full-width digits. Raises Unfit."""
    text = unicodedata.normalize("NFKC", as_text(cell)).replace(",", "").replace("_", "x")
    try:
        number = float(Decimal(text))
    except (InvalidOperation, ValueError, OverflowError):
        raise Unfit("not_a_number", "不是数字。", "只写数字，最多一个小数点。", cell) from None
    if not math.isfinite(number):
        raise Unfit("not_a_number", "不是有限的数。", "只写数字，最多一个小数点。", cell)
    return number


def as_moment(cell: Cell, formats: tuple[str, ...], zone: ZoneInfo) -> datetime:
    """A moment in UTC; one without a zone of its own is the wall clock of `zone`. Raises Unfit."""
    wall = _wall(cell, formats)
    if not FIRST_YEAR <= wall.year <= LAST_YEAR:
        raise Unfit(
            "date_out_of_range",
            f"年份 {wall.year} 不在 {FIRST_YEAR} 到 {LAST_YEAR} 之间。",
            "",
            cell,
        )
    return (wall if wall.tzinfo else wall.replace(tzinfo=zone)).astimezone(UTC)


def _wall(cell: Cell, formats: tuple[str, ...]) -> datetime:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - placed in its zone by the caller
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _counted(float(cell), formats)
    text = " ".join(unicodedata.normalize("NFKC", as_text(cell)).split())
    for form in formats or ("iso", *USUAL_FORMATS):
        try:
            if form in COUNTED:
                return _counted(float(text), (form,))
            return datetime.fromisoformat(text) if form == "iso" else datetime.strptime(text, form)  # noqa: DTZ007
        except (ValueError, OverflowError):
            continue
    known = ", ".join(formats) if formats else "2026-11-22 09:30:00, 2026/11/22 9:30, 2026年11月22日"
    raise Unfit("not_a_date", "不是映射能读的日期和时间。", f"写成 {known} 这样的形式。", text)


COUNTED = {"unix": 1.0, "unix_ms": 1000.0, "excel": 0.0}


def _counted(number: float, formats: tuple[str, ...]) -> datetime:
    form = next((form for form in formats if form in COUNTED), None)
    try:
        if form == "excel":
            return EXCEL_BEGIN + timedelta(days=number)
        if form is not None:
            return datetime.fromtimestamp(number / COUNTED[form], UTC)
        if number == int(number) and 19_000_101 <= number <= 21_991_231:
            return datetime.strptime(str(int(number)), "%Y%m%d")  # noqa: DTZ007
    except (ValueError, OverflowError, OSError):
        pass
    raise Unfit("not_a_date", "是一个数字，不是日期。", "在映射中写明格式：unix、unix_ms 或 excel。", number)
