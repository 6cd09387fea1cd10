"""Rows of CSV files: any delimiter of the usual ones, headings in the first line, quotes as Excel writes them."""

import csv
from collections.abc import Iterator

from yiwang.core.imports.faults import BadTable, Cells, Fault
from yiwang.core.imports.tables import MOST_COLUMNS, Lines, Row, Survey, Table, fault_in_text

DELIMITERS = (",", "\t", ";", "|")


def open_csv(found: Survey, delimiter: str) -> Table:
    """A CSV file's table. Raises BadTable when the first line is no row of different headings."""
    mark = sniffed(found) if delimiter == "auto" else delimiter
    rows = _Rows(found, mark)
    return Table(found, rows.columns, iter(rows))


def sniffed(found: Survey) -> str:
    """The delimiter that parts the first line into the most cells."""
    lines = Lines(found)
    first = next(iter(lines), "")
    return max(DELIMITERS, key=lambda mark: (len(_cells(first, mark)), -DELIMITERS.index(mark)))


def _cells(line: str, mark: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=mark), [])
    except csv.Error:
        return []


class _Rows:
    """The rows behind the headings."""

    def __init__(self, found: Survey, delimiter: str) -> None:
        self._lines = Lines(found)
        try:
            self._reader = csv.reader(iter(self._lines), delimiter=delimiter)
            first = next(self._reader, None)
        except (csv.Error, TypeError) as error:
            raise BadTable(f"{found.path.name} is no CSV file: {error}.") from None
        self.columns = headings(found.path.name, first or [])

    def __iter__(self) -> Iterator[Row]:
        while True:
            line = self._lines.number + 1
            try:
                cells = next(self._reader, None)
            except csv.Error as error:
                yield Row(line, {}, self._lines.done, Fault(line, "", "", "bad_csv",
                    f"这一行读不出来：{error}。", "检查有没有没闭合的引号。"))  # fmt: skip
                continue
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                yield self._row(line, cells)

    def _row(self, line: int, cells: list[str]) -> Row:
        named: Cells = dict(zip(self.columns, cells, strict=False))
        fault = fault_in_text(line, cells)
        over = [cell for cell in cells[len(self.columns) :] if cell.strip()]
        if fault is None and over:
            fault = Fault(line, "", over[0][:80], "too_many_cells",
                f"这一行有 {len(cells)} 格，而表只有 {len(self.columns)} 列。",
                "含分隔符的单元格要放在引号里。")  # fmt: skip
        return Row(line, named, self._lines.done, fault)


def headings(name: str, cells: list[str]) -> tuple[str, ...]:
    """The column names of a first row; columns without a heading are called 列1, 列2 …

    Raises BadTable when there are none, too many, or two of the same.
    """
    found = [cell.replace("\ufeff", "").strip() for cell in cells]
    while found and not found[-1]:
        found.pop()
    if not found or fault_in_text(1, found):
        raise BadTable(f"{name}: the first row must hold the names of the columns.")
    if len(found) > MOST_COLUMNS:
        raise BadTable(f"{name} has {len(found)} columns, and at most {MOST_COLUMNS} can be read.")
    named = [cell or f"列{number}" for number, cell in enumerate(found, start=1)]
    twice = sorted({cell for cell in named if named.count(cell) > 1})
    if twice:
        raise BadTable(f"{name}: two columns are called {twice[0]!r}; give each its own name.")
    return tuple(named)
