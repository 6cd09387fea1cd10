"""The page about the lifecycle and its pictures say what the table says."""

from yiwang.operations.cases.diagram import DOCS, PICTURES, page
from yiwang.operations.cases.lifecycle.svg import svg
from yiwang.operations.cases.tests.test_lifecycle import TABLE

ANEW = "write it anew: python -m yiwang.operations.cases.diagram"


def test_the_page_is_the_table() -> None:
    assert (DOCS / "lifecycle.md").read_text(encoding="utf-8") == page(TABLE), ANEW


def test_the_pictures_are_the_table() -> None:
    for name, language in PICTURES.items():
        assert (DOCS / name).read_text(encoding="utf-8") == svg(TABLE, language), ANEW


def test_every_state_and_verb_is_on_the_page() -> None:
    text = page(TABLE)
    assert all(f"`{state}`" in text for state in TABLE.states)
    assert all(f"`{row.verb}`" in text for row in TABLE.transitions)
    assert all(f"`{kind}`" in text for kind in TABLE.requests)
