"""What a declared table must fulfil, and what a shipped file may look like."""

import json
from pathlib import Path
from typing import Any

import pytest

from yiwang.core.codes.declare import (
    BadDeclaration,
    CodeItem,
    CodeTable,
    Confidence,
    Label,
    edition_rank,
    read_tables,
    table_digest,
)
from yiwang.core.codes.tests.tables import CHANNELS, CHANNELS_LATER

NAME = Label("名", "Name")


def table(*items: CodeItem, key: str = "things", edition: str = "2026.1") -> CodeTable:
    return CodeTable(key, edition, NAME, "source", items)


def test_editions_are_ordered_by_year_and_number() -> None:
    editions = ["2025.12", "2026.1", "2026.2", "2026.10", "2027.1"]
    assert sorted(editions, key=edition_rank) == editions


@pytest.mark.parametrize("edition", ["", "2026", "26.1", "2026.1.1", "2026.x"])
def test_an_edition_is_a_year_and_a_number(edition: str) -> None:
    with pytest.raises(BadDeclaration, match="an edition is"):
        table(edition=edition)


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ((CodeItem("Web", NAME),), "lower-case"),
        ((CodeItem("web site", NAME),), "lower-case"),
        ((CodeItem("web", NAME), CodeItem("web", NAME)), "twice"),
        ((CodeItem("web", NAME, parent="net"),), "needs a parent"),
        ((CodeItem("web", NAME, parent="net"), CodeItem("net", NAME)), "needs a parent"),
        (
            (
                CodeItem("net", NAME),
                CodeItem("web", NAME, parent="net"),
                CodeItem("page", NAME, parent="web"),
            ),
            "needs a parent",
        ),
    ],
)
def test_codes_are_checked(items: tuple[CodeItem, ...], message: str) -> None:
    with pytest.raises(BadDeclaration, match=message):
        table(*items)


def test_a_key_is_checked() -> None:
    with pytest.raises(BadDeclaration, match="'Things'"):
        table(key="Things")


def test_the_digest_tells_every_difference_apart() -> None:
    assert table_digest(CHANNELS) == table_digest(CHANNELS)
    assert table_digest(CHANNELS) != table_digest(CHANNELS_LATER)
    renamed = table(CodeItem("web", Label("网", "Web")))
    assert table_digest(renamed) != table_digest(table(CodeItem("web", Label("网", "Net"))))


def written(folder: Path, content: dict[str, Any]) -> Path:
    file = folder / "tables.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def shipped(**item: Any) -> dict[str, Any]:
    name = {"zh": "名", "en": "Name"}
    row = {"code": "web", "zh": "网站", "en": "Website", **item}
    return {"edition": "2026.1", "tables": [{"key": "t", "name": name, "source": "s", "items": [row]}]}


def test_a_shipped_file_is_read(tmp_path: Path) -> None:
    (read,) = read_tables(written(tmp_path, shipped(active=False, confidence="inferred")))
    assert read == CodeTable(
        key="t",
        edition="2026.1",
        name=NAME,
        source="s",
        items=(CodeItem("web", Label("网站", "Website"), active=False, confidence=Confidence.INFERRED),),
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"edition": "2026.1"}, "'tables'"),
        (shipped(en=""), "needs both zh and en"),
        (shipped(confidence="sure"), "'sure' is none of"),
        (shipped(code="WEB"), "lower-case"),
        ({**shipped(), "edition": "now"}, "an edition is"),
    ],
)
def test_a_broken_file_names_itself_and_its_fault(
    tmp_path: Path, content: dict[str, Any], message: str
) -> None:
    with pytest.raises(BadDeclaration, match=r"tables\.json.*" + message):
        read_tables(written(tmp_path, content))
