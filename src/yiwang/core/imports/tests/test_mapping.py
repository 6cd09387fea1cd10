"""A mapping that contradicts itself is refused in words; a row by a mapping is values or one fault."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.core.imports.declare import Parsed
from yiwang.core.imports.faults import BadMapping, Cells, Fault
from yiwang.core.imports.mapping import find, parse, read
from yiwang.core.imports.rules import Columns, parse_row
from yiwang.core.imports.tests.things import document


def said(cells: Cells, **changes: Any) -> dict[str, Any] | str:
    """The values of a row, or the code of its fault."""
    found = parse_row(parse("test", document(**changes)), Columns(tuple(cells)), 2, cells)
    return dict(found.values) if isinstance(found, Parsed) else f"{found.field}:{found.code}"


def field(name: str, **rule: Any) -> dict[str, Any]:
    return {"fields": {"name": "名称", name: rule}}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"target": "nothing"}, "Nothing called 'nothing'"),
        ({"sauce": "x"}, "'sauce' is not known here; did you mean 'source'"),
        ({"key": {}}, "needs columns"),
        ({"fields": {"at": "时间"}}, "where name come from"),
        ({"fields": {"nane": "名称"}}, "no field 'nane'; did you mean 'name'"),
        (field("at", column="t", zone="Asia/Wuhan"), "no time zone 'Asia/Wuhan'"),
        (field("at", colum="t"), "did you mean 'column'"),
        (field("at"), "needs either column"),
        (field("kind", column="t", words=["x"]), "words is a list"),
        (field("lon", columns=["a", "b"]), "comes from one column"),
        ({"options": {"colour": 1}}, "'colour' is not known"),
        ({"source": 5}, "source must be a text"),
    ],
)
def test_a_bad_mapping_is_refused_in_words(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(BadMapping, match=words):
        parse("test", document(**changes))


def test_a_mapping_is_found_by_path_or_name(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('target = "things"\nsource = "s"\n[key]\ncolumns = ["id"]\n[fields]\nname = "n"\n')
    assert find("mine", [tmp_path]) == find(str(file)) == file
    assert read(file).source == "s"
    with pytest.raises(BadMapping, match="one of: mine"):
        find("yours", [tmp_path])
    file.write_text("target = ")
    with pytest.raises(BadMapping, match="no TOML"):
        read(file)


def test_a_column_is_found_by_any_of_its_names_in_any_order() -> None:
    assert said({"时间": "2026-03-01 08:00:00", " NAME ": "灯", "编号": 1.0}) == {
        "name": "灯",
        "at": datetime(2026, 3, 1, 0, 0, tzinfo=UTC),
    }
    assert parse("t", document()).missing(("名称",)) == [("编号",)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026/3/1 8:05:09", "2026-03-01T00:05:09+00:00"),
        ("2026年3月1日 8:05", "2026-03-01T00:05:00+00:00"),
        ("2026-03-01T08:05:09+09:00", "2026-02-28T23:05:09+00:00"),
        ("２０２６－０３－０１", "2026-02-28T16:00:00+00:00"),
        (20260301, "2026-02-28T16:00:00+00:00"),
        (date(2026, 3, 1), "2026-02-28T16:00:00+00:00"),
    ],
)
def test_dates_as_people_write_them(text: Any, expected: str) -> None:
    found = said({"编号": "1", "名称": "灯", "时间": text})
    assert isinstance(found, dict)
    assert found["at"].isoformat() == expected


@pytest.mark.parametrize(
    ("cells", "changes", "fault"),
    [
        ({"编号": ""}, {}, "key:no_key"),
        ({"名称": " "}, {}, "name:missing"),
        ({"名称": "x" * 21}, {}, "name:too_long"),
        ({"时间": "2026-02-30"}, {}, "at:not_a_date"),
        ({"时间": "0001-01-01"}, {}, "at:date_out_of_range"),
        ({"x": "91"}, field("lat", column="x"), "lat:out_of_range"),
        ({"x": "一"}, field("lon", column="x"), "lon:not_a_number"),
        ({"x": float("inf")}, field("lon", column="x"), "lon:not_a_number"),
        ({"x": "1.5"}, field("count", column="x"), "count:not_whole"),
        ({"x": "b"}, field("kind", column="x", values={"a": "A"}), "kind:unknown_value"),
    ],
)
def test_a_bad_value_is_named(cells: Cells, changes: dict[str, Any], fault: str) -> None:
    assert said({"编号": "1", "名称": "灯", "时间": "", **cells}, **changes) == fault


@pytest.mark.parametrize(
    ("cell", "rule", "expected"),
    [
        ("A ", {"values": {"a": "甲"}}, "甲"),
        ("z", {"values": {"a": "甲"}, "other": "乙"}, "乙"),
        ("", {"values": {"a": "甲"}, "default": "丙"}, "丙"),
        ("门口路灯不亮", {"words": [["lamp", "路灯", "灯杆"], ["cover", "井盖"]], "other": "?"}, "lamp"),
        ("别的", {"words": [["lamp", "路灯"]], "other": "?"}, "?"),
        ("N/A", {}, None),
        (12.0, {}, "12"),
    ],
)
def test_values_are_translated(cell: Any, rule: dict[str, Any], expected: str | None) -> None:
    found = said({"编号": "1", "名称": "灯", "x": cell}, **field("kind", column="x", **rule))
    assert isinstance(found, dict)
    assert found["kind"] == expected


def test_a_row_without_a_number_is_named_by_what_it_says() -> None:
    mapping = parse("test", document(key={"content": ["名称", "时间"]}))
    one, other = (
        parse_row(mapping, Columns(("名称", "时间")), 2, {"名称": name, "时间": "2026-01-01"})
        for name in "ab"
    )
    assert isinstance(one, Parsed)
    assert isinstance(other, Parsed)
    assert one.key != other.key


CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.datetimes(),
    st.dates(),
    st.times(),
)


@settings(max_examples=200, deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(("编号", "名称", "时间", "x", "y", "n"), CELLS)))
def test_any_cells_give_values_or_one_fault(cells: Cells) -> None:
    fields = {"name": "名称", "at": "时间", "lon": "x", "lat": "y", "count": "n"}
    found = parse_row(parse("test", document(fields=fields)), Columns(tuple(cells)), 2, cells)
    if isinstance(found, Fault):
        assert found.reason
        assert found.field
