"""The page about categories says what the shipped edition says, and so does the list of gaps."""

from pathlib import Path

import pytest

from yiwang.core import registry
from yiwang.operations.cases.categories.edition import Edition, read_edition
from yiwang.operations.cases.categories.page import gaps, page
from yiwang.operations.cases.declare import CaseCategory

PAGE = Path(__file__).resolve().parents[5] / "docs" / "standards" / "categories.md"


@pytest.fixture(scope="module")
def edition() -> Edition:
    return read_edition(registry.declarations(CaseCategory))


def test_the_page_is_the_edition(edition: Edition) -> None:
    assert PAGE.read_text(encoding="utf-8") == page(edition), (
        "write it anew: see the docstring of cases.categories.page"
    )


def test_every_class_is_on_the_page(edition: Edition) -> None:
    text = page(edition)
    for item in edition.categories:
        assert f"| `{item.key.partition('.')[2]}` | {item.name.zh} {item.name.en} |" in text


def test_gaps_name_the_classes_that_they_concern(edition: Edition) -> None:
    by_key = {gap.key: gap for gap in gaps(edition)}
    assert "event.card_scattering" in by_key["no_code"].categories
    assert "component.tv_manhole_cover" in by_key["no_code"].categories
    assert "event.exposed_waste" not in by_key["no_code"].categories
    assert set(by_key["inferred_code"].categories) == {
        "event.low_outdoor_unit",
        "event.water_order",
        "event.abandoned_vehicle",
        "event.begging",
        "event.misparked_vehicle",
    }
    assert "component.phone_booth" in by_key["default_condition"].categories
    assert "component.street_light" not in by_key["default_condition"].categories
    assert {"event_majors_04_05", "national_text", "area_classes"} <= set(by_key)
    assert all(gap.zh and gap.en for gap in by_key.values())
