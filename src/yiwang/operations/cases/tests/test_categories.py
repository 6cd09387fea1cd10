"""Categories in the database: loaded once, never changed, worded locally by dates."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from yiwang.core import clock
from yiwang.core.codes.declare import BadDeclaration, Label
from yiwang.core.errors import Invalid
from yiwang.operations.cases.categories import queries as category_queries
from yiwang.operations.cases.categories import seed as category_seed
from yiwang.operations.cases.categories.edition import Edition, read_edition
from yiwang.operations.cases.categories.models import Category, CategoryCode, FilingCondition

pytestmark = pytest.mark.django_db

KEY = "event.exposed_waste"
MARCH, JUNE = date(2026, 3, 1), date(2026, 6, 1)


@pytest.fixture
def loaded() -> None:
    category_seed.load()


def local_version(**changes: Any) -> Category:
    """The district's own wording of one class, from March on."""
    shipped = Category.objects.get(key=KEY, edition="2026.1")
    given: dict[str, Any] = {
        "edition": "local",
        "version": 1,
        "valid_from": MARCH,
        "name_zh": "垃圾暴露",
        **changes,
    }
    fields = {field.attname: getattr(shipped, field.attname) for field in Category._meta.concrete_fields}
    return Category.objects.create(**{**fields, **given, "id": None})


def in_march(key: str) -> Category | None:
    return next((row for row in category_queries.current_categories(MARCH) if row.key == key), None)


def later_edition() -> Edition:
    """2026.2: one class renamed, another given up, the rest left out."""
    edition = read_edition()
    waste = next(item for item in edition.categories if item.key == KEY)
    renamed = replace(waste, edition="2026.2", name=Label("暴露垃圾", "Exposed waste"))
    return replace(edition, edition="2026.2", categories=(renamed,))


def test_loading_again_changes_nothing(loaded: None) -> None:
    assert set(category_seed.load().values()) == {0}
    assert Category.objects.count() == 239
    assert FilingCondition.objects.count() == 380
    assert CategoryCode.objects.filter(scheme="vision").count() == 10


def test_an_edition_changed_after_loading_is_refused(loaded: None) -> None:
    edition = read_edition()
    first = replace(edition.categories[0], usual_unit="water")
    changed = replace(edition, categories=(replace(first, name=Label("改", "Changed")),))
    with pytest.raises(BadDeclaration, match=r"was changed after edition 2026\.1 was loaded"):
        category_seed.load_edition(changed)


@pytest.mark.parametrize("model", [Category, CategoryCode, FilingCondition])
def test_the_database_refuses_to_change_shipped_rows(loaded: None, model: Any) -> None:
    for attempt in (lambda: model.objects.update(id=-1), lambda: model.objects.all()._raw_delete("default")):
        with pytest.raises(IntegrityError, match="holds declared editions"), transaction.atomic():
            attempt()


def test_a_row_says_where_it_comes_from_and_how_sure_it_is(loaded: None) -> None:
    waste = category_queries.current_category(KEY)
    assert (waste.source.startswith("山西省运城市"), waste.confidence) == (True, "adopted")
    booth = category_queries.current_category("component.phone_booth")
    assert (booth.minor_code, booth.confidence) == (None, "inferred")
    assert booth.conditions.get().confidence == "unverified_default"
    assert Category.objects.get(key="event.light_pollution").origin == "local"


def test_classes_come_in_the_order_of_the_standard(loaded: None) -> None:
    rows = category_queries.current_categories()
    keys = [row.key for row in rows]
    assert keys[:3] == [
        "component.water_manhole_cover",
        "component.sewage_manhole_cover",
        "component.storm_manhole_cover",
    ]
    majors = [(row.kind, row.major_code) for row in rows]
    assert majors == sorted(majors)


def test_reading_all_classes_costs_four_queries(loaded: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(4):
        rows = category_queries.current_categories()
        assert all(list(row.conditions.all()) and row.codes.all() is not None for row in rows)


def test_the_newest_shipped_edition_counts(loaded: None) -> None:
    assert category_seed.load_edition(later_edition())["categories"] == 1
    assert category_queries.current_category(KEY).name_zh == "暴露垃圾"
    assert category_queries.current_category("event.dirty_road").edition == "2026.1"
    assert len(category_queries.current_categories()) == 239


def test_a_local_version_wins_on_its_days_over_every_edition(loaded: None) -> None:
    category_seed.load_edition(later_edition())
    local_version(valid_to=JUNE)
    assert [
        next(row.name_zh for row in category_queries.current_categories(day) if row.key == KEY)
        for day in (date(2026, 2, 28), MARCH, JUNE)
    ] == ["暴露垃圾", "垃圾暴露", "暴露垃圾"]


def test_a_class_switched_off_locally_cannot_be_chosen(loaded: None) -> None:
    local_version(active=False, valid_from=date(2020, 1, 1))
    assert in_march(KEY) is None
    with pytest.raises(Invalid, match="unknown_category"):
        category_queries.current_category(KEY)


def test_an_unknown_key_is_refused(loaded: None) -> None:
    with pytest.raises(Invalid, match="unknown_category") as refusal:
        category_queries.current_category("event.nothing")
    assert refusal.value.field == "category"


def test_two_local_versions_never_hold_on_one_day(loaded: None) -> None:
    local_version()
    with pytest.raises(IntegrityError, match="cases_one_local_category_a_day"), transaction.atomic():
        local_version(version=2, valid_from=JUNE)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"kind": "component"}, "cases_category_key_tells_kind"),
        ({"edition": "2026.9"}, "cases_category_shipped_or_dated"),
        ({"version": 0}, "cases_category_shipped_or_dated"),
        ({"valid_to": MARCH}, "cases_category_period"),
    ],
)
def test_what_may_never_be_untrue(loaded: None, changes: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        local_version(**changes)


def test_machine_vision_classes_lead_to_a_class(loaded: None) -> None:
    assert category_queries.category_for_vision_class(
        "illegal_umbrella"
    ) == category_queries.current_category("component.awning")
    assert category_queries.category_for_vision_class("flying_saucer") is None


def test_the_stamp_changes_with_the_classes(loaded: None) -> None:
    before = category_queries.stamp()
    assert category_queries.stamp() == before
    row = local_version()
    with_version = category_queries.stamp()
    Category.objects.filter(pk=row.pk).update(valid_to=JUNE, changed_at=clock.now())
    assert len({before, with_version, category_queries.stamp()}) == 3
