"""The rows that were not brought in, as a table to be mended and brought in again.

The columns of the file stand first, as they were; behind them, what was wrong. A second import passes those over.
"""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ADDED = ("导入:行号", "导入:字段", "导入:值", "导入:代码", "导入:原因", "导入:办法")
RISKY = ("=", "+", "-", "@")

Line = tuple[Mapping[str, Any], tuple[Any, ...]]


def write(path: Path, columns: tuple[str, ...], faults: Iterable[Line]) -> int:
    """Writes a report, Excel when the path ends in .xlsx and CSV otherwise; returns the number of its rows."""
    rows = (
        [*(_cell(original.get(column)) for column in columns), *map(_cell, added)]
        for original, added in faults
    )
    own = tuple(column for column in columns if column not in ADDED)
    if own != columns:
        raise ValueError("the columns of the report stand in the file")
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".xlsx":
        return _write_sheet(path, [*columns, *ADDED], rows)
    return _write_csv(path, [*columns, *ADDED], rows)


def _write_csv(path: Path, heading: list[str], rows: Iterable[list[str]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(heading)
        for count, row in enumerate(rows, start=1):  # noqa: B007 - counted
            # A spreadsheet would run a cell that begins so as a formula; a tab before it is taken off when read.
            out.writerow(
                [f"\t{cell}" if cell.startswith(RISKY) and not _is_number(cell) else cell for cell in row]
            )
    return count


def _write_sheet(path: Path, heading: list[str], rows: Iterable[list[str]]) -> int:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    page: Any = book.create_sheet("有误的行")
    page.append(heading)
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 - counted
        cells = []
        for text in row:
            cell = WriteOnlyCell(page, value=text[:32_767])
            cell.data_type = "s"  # never a formula
            cells.append(cell)
        page.append(cells)
    book.save(path)
    return count


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return "".join(mark for mark in text if mark.isprintable() or mark in "\n\t")
