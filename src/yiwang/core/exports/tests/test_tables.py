"""Tables as files: what is put into a cell comes out of it, and nothing is read as a formula."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from yiwang.core import clock
from yiwang.core.exporting import Column
from yiwang.core.exports import writing
from yiwang.core.exports.rules import in_csv, plain
from yiwang.core.exports.writing import Lines, Sheets

COLUMNS = (Column("a", "甲", "A"), Column("b", "乙", "B", 30))
AT = datetime(2026, 11, 22, 16, 30, 5, 123456, tzinfo=UTC)


def workbook(path: Path, rows: list[tuple[object, ...]], language: str = "zh") -> list[list[list[object]]]:
    with Sheets(path, "案件列表", COLUMNS, language) as writer:
        for row in rows:
            writer.write(row)  # type: ignore[arg-type]
        writer.save(["导出人：张三"])
    return [
        [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in load_workbook(path).worksheets
    ]


def test_a_workbook_has_headings_rows_and_says_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows = [("一", AT), (None, 3.5), ("=1+1", date(2026, 1, 2)), ("坏\x07字", True)]
    data, about = workbook(path, rows)
    assert data[0] == ["甲", "乙"]
    assert data[1] == ["一", datetime(2026, 11, 23, 0, 30, 5)]  # noqa: DTZ001  as the clock on the wall shows it
    assert data[2:] == [[None, 3.5], ["=1+1", datetime(2026, 1, 2)], ["坏字", True]]  # noqa: DTZ001
    assert about == [["导出人：张三"]]
    sheet = load_workbook(path).worksheets[0]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:B5")
    assert sheet["A4"].data_type == "s", "words, not a formula"
    assert load_workbook(path).sheetnames == ["案件列表", "说明"]


def test_a_full_sheet_is_followed_by_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "LARGEST_SHEET", 2)
    first, second, third, _ = workbook(tmp_path / "a.xlsx", [(n, n) for n in range(5)], "en")
    assert [row[0] for row in first] == ["A", 0, 1]
    assert [row[0] for row in second] == ["A", 2, 3]
    assert [row[0] for row in third] == ["A", 4]


def test_what_is_broken_off_leaves_no_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"

    def broken() -> None:
        with Sheets(path, "x", COLUMNS, "zh") as writer:
            writer.write((1, 2))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert not path.exists()


def test_csv_is_known_by_excel_and_holds_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with Lines(path, COLUMNS, "zh") as writer:
        for row in (("=cmd()", AT), ("多\n行，带,号", -5), (None, date(2026, 1, 2))):
            writer.write(row)
        writer.save([])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as content:
        found = list(csv.reader(content))
    assert found == [
        ["甲", "乙"],
        ["'=cmd()", "2026-11-23 00:30:05"],
        ["多\n行，带,号", "-5"],
        ["", "2026-01-02"],
    ]


@given(st.text(max_size=60))
def test_any_text_can_be_a_cell(text: str) -> None:
    cell = plain(text, clock.LOCAL)
    assert cell is None or isinstance(cell, str)
    if cell is not None:
        assert set(cell) <= set(text)
        assert (
            cell.isprintable()
            or any(sign in cell for sign in "\t\n\r")
            or not cell.isascii()
            or "\x7f" in cell
        )
    assert not in_csv(cell).startswith(tuple("=+-@＝＋－＠\t\r\n"))
