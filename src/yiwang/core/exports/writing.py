"""Tables on their way to a file: Excel sheets or CSV, row by row, never whole in memory."""

import csv
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Protocol, Self

from xlsxwriter import Workbook

from yiwang.core import clock
from yiwang.core.exporting import Column, Row
from yiwang.core.exports.rules import LARGEST_SHEET, in_csv, plain

HEADING = "#E8EEF7"


class Writer(Protocol):
    """Takes rows and leaves a whole file behind."""

    def write(self, row: Row) -> None: ...
    def save(self, about: Iterable[str]) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Sheets:
    """An Excel workbook: frozen headings with filters, as many sheets as the rows need, one that says what it is.

    Rows go to temporary files beside the workbook, one row at a time; they are gone when it is closed.
    """

    def __init__(self, path: Path, title: str, columns: tuple[Column, ...], language: str) -> None:
        self._title, self._columns, self._language = title, columns, language
        self._parts = TemporaryDirectory(prefix="sheets-", dir=path.parent)
        options = {"constant_memory": True, "tmpdir": self._parts.name}
        self._book = Workbook(path, options)
        self._heading = self._book.add_format({"bold": True, "bg_color": HEADING, "valign": "vcenter"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._begin()

    def write(self, row: Row) -> None:
        """One row more; a full sheet is followed by another."""
        if self._rows == LARGEST_SHEET:
            self._end()
            self._begin()
        self._rows += 1
        for place, value in enumerate(row):
            self._put(self._rows, place, plain(value, clock.LOCAL))

    def save(self, about: Iterable[str]) -> None:
        """The whole file; `about` stands on its last sheet."""
        self._end()
        last = self._book.add_worksheet("说明" if self._language == "zh" else "About")
        last.set_column(0, 0, 80)
        for place, line in enumerate(about):
            last.write_string(place, 0, line)
        self._book.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """What was begun and not saved leaves nothing behind."""
        for sheet in self._book.worksheets():
            sheet.row_data_fh.close()
        self._parts.cleanup()

    def _begin(self) -> None:
        number = len(self._book.worksheets())
        self._sheet = self._book.add_worksheet(f"{self._title[:25]}{number + 1 if number else ''}")
        self._sheet.freeze_panes(1, 0)
        for place, column in enumerate(self._columns):
            self._sheet.set_column(place, place, column.width)
            heading = column.zh if self._language == "zh" else column.en
            self._sheet.write_string(0, place, heading, self._heading)
        self._rows = 0

    def _end(self) -> None:
        self._sheet.autofilter(0, 0, self._rows, len(self._columns) - 1)

    def _put(self, row: int, place: int, value: object) -> None:
        """Texts are words, never formulas or links."""
        match value:
            case None:
                return
            case str():
                self._sheet.write_string(row, place, value)
            case bool():
                self._sheet.write_boolean(row, place, value)
            case datetime():
                self._sheet.write_datetime(row, place, value, self._moment)
            case date():
                self._sheet.write_datetime(row, place, value, self._day)
            case _:
                self._sheet.write_number(row, place, value)


class Lines:
    """CSV in UTF-8 with the mark by which Excel knows it."""

    def __init__(self, path: Path, columns: tuple[Column, ...], language: str) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._out = csv.writer(self._file)
        self._out.writerow(column.zh if language == "zh" else column.en for column in columns)

    def write(self, row: Row) -> None:
        """One line more."""
        self._out.writerow(in_csv(plain(value, clock.LOCAL)) for value in row)

    def save(self, about: Iterable[str]) -> None:
        """The whole file, with nothing but rows."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The file is closed, however it ended."""
        self._file.close()
