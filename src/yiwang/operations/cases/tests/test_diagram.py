"""The page about the lifecycle says what the table says."""

from pathlib import Path

from yiwang.operations.cases.diagram import page
from yiwang.operations.cases.tests.test_lifecycle import TABLE

PAGE = Path(__file__).resolve().parents[5] / "docs" / "lifecycle.md"


def test_the_page_is_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(TABLE), (
        "write it anew: see the docstring of cases.diagram"
    )


def test_every_state_and_verb_is_on_the_page() -> None:
    text = page(TABLE)
    assert all(f"`{state}`" in text for state in TABLE.states)
    assert all(f"`{row.verb}`" in text for row in TABLE.transitions)
