"""Any file gives rows or faults, or one clear refusal; never a traceback."""

import gzip
import json
import zipfile
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from yiwang.core.imports import sheets, tables
from yiwang.core.imports.faults import BadTable
from yiwang.core.imports.tables import Row, open_table, survey

TEXT = "编号,名称\n1,井盖\n2,路灯\n"


def rows_of(path: Path, **options: str) -> list[Row]:
    return list(open_table(survey(path), **options).rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("zipped", [False, True])
def test_an_encoding_is_recognised(tmp_path: Path, encoding: str, zipped: bool) -> None:
    content = TEXT.encode(encoding)
    (tmp_path / "t").write_bytes(gzip.compress(content) if zipped else content)
    rows = rows_of(tmp_path / "t")
    assert [row.cells for row in rows] == [{"编号": "1", "名称": "井盖"}, {"编号": "2", "名称": "路灯"}]
    assert [row.line for row in rows] == [2, 3]


@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_a_delimiter_is_recognised(tmp_path: Path, mark: str) -> None:
    (tmp_path / "t").write_text(TEXT.replace(",", mark))
    assert rows_of(tmp_path / "t")[0].cells == {"编号": "1", "名称": "井盖"}


def test_lines_are_those_of_the_file_and_blank_ones_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "t").write_text('编号,名称\n1,"a\nb"\n\n , \n2,c\n')
    assert [(row.line, row.cells["名称"]) for row in rows_of(tmp_path / "t")] == [(2, "a\nb"), (6, "c")]


def test_only_the_row_with_broken_bytes_is_at_fault(tmp_path: Path) -> None:
    (tmp_path / "t").write_bytes("编号,名称\n1,井盖\n2,".encode() + b"\xff\xff\n" + "3,灯\n4,\0\n".encode())
    faults = [row.fault.code if row.fault else "" for row in rows_of(tmp_path / "t")]
    assert faults[1] == "not_text"
    (tmp_path / "u").write_text("编号,名称\n1,a,b\n2,\0\n3\n")
    rows = rows_of(tmp_path / "u")
    assert [row.fault.code if row.fault else "" for row in rows] == ["too_many_cells", "bad_character", ""]
    assert rows[2].cells == {"编号": "3"}


def test_a_quote_without_end_does_not_take_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "LONGEST_LINE", 1000)
    (tmp_path / "t").write_text("编号,名称\n1," + "x" * 5000 + '\n2,"' + "y\n" * 100_000)
    faults = [row.fault.code for row in rows_of(tmp_path / "t") if row.fault]
    assert faults[:2] == ["line_too_long", "bad_csv"]


def test_json_lines(tmp_path: Path) -> None:
    lines = [{"id": 1, "where": {"lon": 1.5}, "tags": ["a"]}, "x", None]
    text = "\n".join(map(json.dumps, lines)) + '\n{"id": \n\n{"id": 7}'
    (tmp_path / "t").write_text(text)
    rows = rows_of(tmp_path / "t")
    assert rows[0].cells == {"id": 1, "where.lon": 1.5, "tags": '["a"]'}
    assert [row.fault.code if row.fault else "" for row in rows] == ["", *["not_json"] * 3, ""]
    assert [row.line for row in rows] == [1, 2, 3, 4, 6]


def test_excel_gives_dates_as_dates(tmp_path: Path) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in (["编号", "时间", None], [1, datetime(2026, 3, 1, 8, 30), None], [None, None], [2, "#REF!"]):  # noqa: DTZ001
        page.append(row)
    book.save(tmp_path / "t.xlsx")
    rows = rows_of(tmp_path / "t.xlsx")
    assert rows[0].cells == {"编号": 1, "时间": datetime(2026, 3, 1, 8, 30)}  # noqa: DTZ001
    assert rows[1].fault is not None
    assert (rows[1].line, rows[1].fault.code) == (4, "excel_error")
    with pytest.raises(BadTable, match="no sheet 'x'"):
        rows_of(tmp_path / "t.xlsx", sheet="x")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n\n", "names of the columns"),
        (b"a,a\n1,2\n", "two columns are called 'a'"),
        (b'[{"a": 1}]', "one object to a line"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel"),
        (b"PK\x03\x04rest", "no whole Excel file"),
        (gzip.compress(b"a,b\n1,2\n" * 99, mtime=0)[:-9], "broken off"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "t").write_bytes(content)
    with pytest.raises(BadTable, match=words):
        rows_of(tmp_path / "t")


def test_a_missing_file_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match="cannot be read"):
        survey(tmp_path / "none")


HEADS = st.sampled_from(
    [
        b"",
        b"a,b\n",
        b'{"a": 1}\n',
        b"PK\x03\x04",
        b"\x1f\x8b\x08",
        b"\xff\xfe",
        b"\xef\xbb\xbfa\tb\n",
        b'a,b\n"',
    ]
)


@settings(max_examples=150, deadline=None)
@given(head=HEADS, body=st.binary(max_size=300))
def test_any_bytes_give_rows_or_a_refusal(head: bytes, body: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "t")
        path.write_bytes(head + body)
        try:
            rows = rows_of(path)
        except BadTable:
            return
        for row in rows:
            assert row.fault is not None or row.cells
            assert not any("\0" in cell for cell in row.cells.values() if isinstance(cell, str)) or row.fault


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
            min_size=2,
            max_size=2,
        )
    )
)
def test_what_is_written_as_csv_comes_back(cells: list[list[str]]) -> None:
    import csv

    with TemporaryDirectory() as folder:
        path = Path(folder, "t")
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["a", "b"], *cells])
        back = [list(row.cells.values()) for row in rows_of(path, delimiter=",")]
    assert back == [row for row in cells if any(cell.strip() for cell in row)]


def packed(path: Path, parts: dict[str, bytes | int]) -> Path:
    """A zip file of these parts; a number stands for so many zero bytes, written as a stream."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, content in parts.items():
            pieces = [content] if isinstance(content, bytes) else [bytes(1 << 20)] * (content >> 20)
            with file.open(name, "w") as part:
                part.writelines(pieces)
    return path


def refused_unread(path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The words of the refusal; nothing of the file may be unpacked for it."""
    found = survey(path)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_, **__: pytest.fail("a part was opened"))
    with pytest.raises(BadTable) as refused:
        open_table(found)
    return str(refused.value)


def test_a_workbook_that_swells_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = packed(tmp_path / "t.xlsx", {"xl/worksheets/sheet1.xml": 64 << 20})
    assert bomb.stat().st_size < 1 << 20
    said = refused_unread(bomb, monkeypatch)
    assert "zip bomb" in said
    assert "64 MB" in said


def test_a_workbook_with_a_huge_table_of_texts_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "MOST_AT_ONCE", 1 << 20)
    texts = packed(tmp_path / "t.xlsx", {"xl/sharedStrings.xml": 2 << 20})
    assert "2 MB of texts" in refused_unread(texts, monkeypatch)


@pytest.mark.parametrize("where", ["xl/worksheets/strings.xml", "xl/worksheets/_rels/sheet1.xml.rels"])
@pytest.mark.parametrize("called", ["sharedStrings", "worksheet"])
def test_what_is_read_as_a_whole_is_small_wherever_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, called: str
) -> None:
    monkeypatch.setattr(sheets, "MOST_AT_ONCE", 1 << 20)
    kind = sheets.SHEET.replace("worksheet", called)
    overrides = "".join(
        f'<Override PartName="/{where}" ContentType="{one}"/>'
        for one in (kind, sheets.SHEET.replace("worksheet", "sharedStrings"))
    )
    contents = f"<Types>{overrides}</Types>".encode()
    swollen = packed(tmp_path / "t.xlsx", {sheets.CONTENTS: contents, where: 2 << 20})
    with pytest.raises(BadTable, match="2 MB of texts"):
        open_table(survey(swollen))


def test_large_sheets_are_no_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_AT_ONCE", 64 << 10)
    book = Workbook(write_only=True)
    page = book.create_sheet()
    page.append(["编号", "名称"])
    for n in range(5_000):
        page.append([n, "井盖"])
    book.save(tmp_path / "t.xlsx")
    assert len(rows_of(tmp_path / "t.xlsx")) == 5_000


def test_a_workbook_that_is_too_large_or_has_too_many_parts_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = packed(tmp_path / "t.xlsx", {f"xl/{n}.xml": b"" for n in range(sheets.MOST_PARTS + 1)})
    with monkeypatch.context() as patch:
        assert "2,001 parts" in refused_unread(many, patch)
    monkeypatch.setattr(sheets, "MOST_UNPACKED", 1 << 20)
    large = packed(tmp_path / "u.xlsx", {"xl/worksheets/sheet1.xml": 2 << 20})
    assert "unpacks to 2 MB" in refused_unread(large, monkeypatch)


def test_a_part_yields_no_more_than_it_declares(tmp_path: Path) -> None:
    """What the refusal counts on: a lie in the directory makes the file unreadable, not large."""
    book = Workbook()
    book.active.append(["编号", "名称"])
    book.active.append([1, "井盖" * 5000])
    book.save(tmp_path / "t.xlsx")
    content = bytearray((tmp_path / "t.xlsx").read_bytes())
    at = content.rindex(b"PK\x01\x02", 0, content.rindex(b"xl/worksheets/sheet1.xml"))
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    (tmp_path / "t.xlsx").write_bytes(content)
    with pytest.raises(BadTable, match="cannot be read"):
        rows_of(tmp_path / "t.xlsx")


def test_a_sheet_full_of_the_same_is_no_bomb(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    page = book.create_sheet()
    page.append(["编号", "名称", *(f"列{n}" for n in range(20))])
    for _ in range(20_000):
        page.append([1, "井盖", *[0] * 20])
    book.save(tmp_path / "t.xlsx")
    with zipfile.ZipFile(tmp_path / "t.xlsx") as parts:
        unpacked = sum(part.file_size for part in parts.infolist())
    assert unpacked < (tmp_path / "t.xlsx").stat().st_size * sheets.MOST_SWELLING
    assert next(iter(open_table(survey(tmp_path / "t.xlsx")).rows)).cells["名称"] == "井盖"
