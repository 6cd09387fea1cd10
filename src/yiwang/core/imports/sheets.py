"""Rows of Excel sheets, read as a stream; dates come as dates."""

import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from xml.etree import ElementTree

from yiwang.core.imports.csv_rows import headings
from yiwang.core.imports.faults import BadTable, Cell, Cells, Fault
from yiwang.core.imports.tables import Row, Survey, Table, fault_in_text

# What a file says of itself before anything of it is unpacked; no part yields more than it says. Bytes.
MOST_UNPACKED = 4 << 30  # a sheet of a million rows has some 500 MB
MOST_AT_ONCE = (
    256 << 20
)  # of the parts that are read as a whole: all but the sheets, the table of texts above all
MOST_PARTS = 2_000
# Sheets shrink to a tenth or a thirtieth; only what is made to swell goes beyond, and a small file does no harm.
MOST_SWELLING, HARMLESS = 200, 32 << 20
# Where a package says what each of its parts is (ECMA-376 part 2, content types).
CONTENTS, MOST_CONTENTS = "[Content_Types].xml", 1 << 20
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})


def open_sheet(found: Survey, sheet: str) -> Table:
    """A sheet's table, by default the first one's. Raises BadTable when the file or its headings cannot be used."""
    name = found.path.name
    try:
        with zipfile.ZipFile(found.path) as packed:
            _refuse_bomb(found, packed)
    except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise BadTable(f"{name} is no whole Excel file: {error}.") from None
    rows = _rows(found, sheet)
    first = next(rows, ())
    columns = headings(name, ["" if cell is None else str(cell) for cell in first])
    return Table(found, columns, _named(columns, rows))


def _refuse_bomb(found: Survey, packed: zipfile.ZipFile) -> None:
    """Raises BadTable for a file that would fill memory or never end, by what it declares of its parts."""
    name, parts = found.path.name, packed.infolist()
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS:
        raise BadTable(f"{name} has {len(parts):,} parts, more than any workbook; save its sheet as CSV.")
    if unpacked > MOST_UNPACKED:
        raise BadTable(f"{name} unpacks to {unpacked >> 20:,} MB; save it as CSV.")
    if unpacked > max(found.size * MOST_SWELLING, HARMLESS):
        times = unpacked // max(found.size, 1)
        raise BadTable(
            f"{name} unpacks to {times:,} times its size ({unpacked >> 20:,} MB), as a zip bomb does;"
            " save its sheet as CSV."
        )
    streamed = _streamed(packed)
    at_once = sum(part.file_size for part in parts if part.filename not in streamed)
    if at_once > MOST_AT_ONCE:
        raise BadTable(
            f"{name} has {at_once >> 20:,} MB of texts and styles beside its cells; save its sheet as CSV."
        )


def _streamed(packed: zipfile.ZipFile) -> frozenset[str]:
    """The parts that are sheets and nothing else: openpyxl goes by this list, wherever a part lies."""
    listed = next((part for part in packed.infolist() if part.filename == CONTENTS), None)
    if listed is None or listed.file_size > MOST_CONTENTS:
        return frozenset()
    try:
        declared = ElementTree.fromstring(packed.read(listed))  # noqa: S314 - small, and expat bounds what it expands
    except ElementTree.ParseError:
        return frozenset()
    kinds: dict[str, set[str]] = {}
    for part in declared:
        kinds.setdefault(part.get("PartName", ""), set()).add(part.get("ContentType", ""))
    return frozenset(part.lstrip("/") for part, kind in kinds.items() if kind == {SHEET})


def _rows(found: Survey, sheet: str) -> Iterator[tuple[Any, ...]]:
    import openpyxl

    name = found.path.name
    try:
        book = openpyxl.load_workbook(found.path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises whatever its parsers do
        raise BadTable(f"{name} cannot be read as Excel: {type(error).__name__}.") from None
    try:
        if sheet and sheet not in book.sheetnames:
            raise BadTable(f"{name} has no sheet {sheet!r}; it has {', '.join(book.sheetnames)}.")
        page: Any = book[sheet] if sheet else next(iter(book.worksheets), None)
        if page is None:
            raise BadTable(f"{name} has no sheet with cells.")
        page.reset_dimensions()  # what the file says of its size is often wrong
        yield from page.iter_rows(values_only=True)
    except BadTable:
        raise
    except Exception as error:
        raise BadTable(f"{name} cannot be read to its end: {type(error).__name__}.") from None
    finally:
        book.close()


def _named(columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> Iterator[Row]:
    for line, cells in enumerate(rows, start=2):
        if all(cell is None or cell == "" for cell in cells):
            continue
        named: Cells = {column: _cell(cell) for column, cell in zip(columns, cells, strict=False)}
        fault = fault_in_text(line, [cell for cell in named.values() if isinstance(cell, str)])
        wrong = next(
            (column for column, cell in named.items() if isinstance(cell, str) and cell in ERRORS), None
        )
        if fault is None and wrong is not None:
            fault = Fault(line, "", str(named[wrong]), "excel_error",
                f"“{wrong}”列的单元格是公式错误。", "请改正公式。")  # fmt: skip
        yield Row(line, named, 0.0, fault)


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, str | int | float | bool | datetime | date | time):
        return value
    return str(value)
