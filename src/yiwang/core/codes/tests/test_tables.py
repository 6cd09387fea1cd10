"""Shipped editions stay as they are; local versions win on their days; an upgrade shows the difference."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from yiwang.core import clock
from yiwang.core.actor import system
from yiwang.core.audit.models import Entry
from yiwang.core.codes import actions, queries
from yiwang.core.codes.declare import BadDeclaration, CodeItem, Label
from yiwang.core.codes.models import CodeItem as CodeItemRow
from yiwang.core.codes.models import CodeTable as CodeTableRow
from yiwang.core.codes.models import LocalCode
from yiwang.core.codes.tests.tables import CHANNELS, CHANNELS_LATER
from yiwang.core.errors import Invalid, NotFound

pytestmark = pytest.mark.django_db

TESTER = system("tests")
MARCH, JUNE, SEPTEMBER = date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1)
NEW_NAME = Label("政务热线", "Government hotline")


@pytest.fixture
def channels() -> None:
    actions.load_edition([CHANNELS])


def names(on: date | None = None) -> dict[str, str]:
    return {item.code: item.zh for item in queries.table("channels", on).items}


def test_loading_again_changes_nothing(channels: None) -> None:
    assert actions.load_edition([CHANNELS]) == {"code_tables": 0, "code_items": 0}
    assert CodeItemRow.objects.filter(table__key="channels").count() == len(CHANNELS.items)


def test_an_edition_that_was_changed_after_loading_is_refused(channels: None) -> None:
    changed = replace(CHANNELS, items=(*CHANNELS.items, CodeItem("telex", Label("电传", "Telex"))))
    with pytest.raises(BadDeclaration, match=r"channels 2026\.1 was changed after it was loaded"):
        actions.load_edition([changed])


def test_the_database_refuses_to_change_what_was_shipped(channels: None) -> None:
    for attempt in (
        lambda: CodeItemRow.objects.update(name="改"),
        lambda: CodeItemRow.objects.all().delete(),
        lambda: CodeTableRow.objects.update(source="改"),
    ):
        with pytest.raises(IntegrityError, match="holds shipped editions"), transaction.atomic():
            attempt()


def test_a_table_reads_as_declared(channels: None) -> None:
    table = queries.table("channels")
    assert (table.edition, table.name, table.source) == ("2026.1", CHANNELS.name, "测试")
    assert [item.code for item in table.items] == ["hotline", "hotline_12345", "fax", "web"]
    assert table.find("hotline_12345") == queries.Code(
        code="hotline_12345",
        name=Label("市民热线", "Citizens' hotline"),
        parent="hotline",
        active=True,
        confidence=CHANNELS.items[1].confidence,
    )
    assert table.find("telegram") is None


def test_the_newest_edition_counts(channels: None) -> None:
    actions.load_edition([CHANNELS_LATER])
    assert list(names()) == ["hotline", "hotline_12345", "web", "app"]
    (summary,) = [row for row in queries.tables() if row.key == "channels"]
    assert (summary.edition, summary.count) == ("2026.2", 4)


def test_a_local_version_wins_from_its_day_on_and_over_a_later_edition(channels: None) -> None:
    actions.edit_code(TESTER, "channels", "hotline", name=NEW_NAME, valid_from=JUNE)
    actions.load_edition([CHANNELS_LATER])
    assert names(MARCH)["hotline"] == "热线电话"
    assert names(JUNE)["hotline"] == "政务热线"
    found = queries.table("channels", JUNE).find("hotline")
    assert found is not None
    assert found.local


def test_editing_again_ends_the_version_before(channels: None) -> None:
    actions.edit_code(TESTER, "channels", "web", name=Label("一", "One"), valid_from=MARCH)
    actions.edit_code(TESTER, "channels", "web", name=Label("二", "Two"), valid_from=JUNE)
    actions.edit_code(TESTER, "channels", "web", name=Label("三", "Three"), valid_from=JUNE)
    assert [names(day)["web"] for day in (MARCH, JUNE, SEPTEMBER)] == ["一", "三", "三"]
    periods = LocalCode.objects.order_by("valid_from").values_list("valid_from", "valid_to")
    assert list(periods) == [(MARCH, JUNE), (JUNE, None)]


def test_two_local_versions_never_hold_on_one_day(channels: None) -> None:
    common = {"table_key": "channels", "code": "web", "name": "网", "name_en": "Web"}
    LocalCode.objects.create(**common, valid_from=MARCH, valid_to=SEPTEMBER)
    with pytest.raises(IntegrityError, match="codes_one_local_version_a_day"), transaction.atomic():
        LocalCode.objects.create(**common, valid_from=JUNE)
    LocalCode.objects.create(**common, valid_from=SEPTEMBER)


def test_a_district_may_add_and_switch_off_codes(channels: None) -> None:
    actions.edit_code(
        TESTER, "channels", "radio", name=Label("电台", "Radio"), valid_from=MARCH, parent="web"
    )
    actions.edit_code(TESTER, "channels", "fax", name=Label("传真", "Fax"), valid_from=MARCH, active=False)
    with clock.frozen(datetime(2026, 4, 1, tzinfo=UTC)):
        assert queries.require("channels", "radio", field="source").parent == "web"
        with pytest.raises(Invalid) as refusal:
            queries.require("channels", "fax", field="source")
    assert (refusal.value.code, refusal.value.field) == ("unknown_code", "source")


@pytest.mark.parametrize("code", ["hotline", "telegram", ""])
def test_a_heading_or_an_unknown_code_cannot_be_chosen(channels: None, code: str) -> None:
    with pytest.raises(Invalid, match="unknown_code"):
        queries.require("channels", code, field="source")
    assert queries.require("channels", "hotline_12345", field="source").zh == "市民热线"


@pytest.mark.parametrize(
    ("code", "parent", "refusal"),
    [
        ("Web", None, "bad_code"),
        ("radio", "nowhere", "unknown_parent"),
        ("radio", "radio", "unknown_parent"),
        ("radio", "hotline_12345", "unknown_parent"),
        ("hotline", "web", "has_children"),
    ],
)
def test_a_local_code_is_checked(channels: None, code: str, parent: str | None, refusal: str) -> None:
    with pytest.raises(Invalid, match=refusal):
        actions.edit_code(TESTER, "channels", code, name=NEW_NAME, valid_from=MARCH, parent=parent)
    assert not LocalCode.objects.exists()


def test_an_edit_is_recorded_with_before_and_after(channels: None) -> None:
    actions.edit_code(TESTER, "channels", "web", name=Label("官网", "Site"), valid_from=MARCH)
    entry = Entry.objects.get(action="codes.edit_code")
    assert entry.object_id == "channels:web"
    assert entry.before == {"name": "网站", "name_en": "Website", "parent": None, "active": True}
    assert entry.after is not None
    assert entry.after["name"] == "官网"


def test_an_upgrade_shows_the_difference(channels: None) -> None:
    actions.load_edition([CHANNELS_LATER])
    actions.edit_code(TESTER, "channels", "hotline", name=NEW_NAME, valid_from=date(2020, 1, 1))
    difference = queries.difference("channels", "2026.1", "2026.2")
    assert [item.code for item in difference.added] == ["app"]
    assert [item.code for item in difference.removed] == ["fax"]
    assert [(change.code, change.field, change.overridden) for change in difference.changed] == [
        ("hotline", "name", True),
        ("web", "active", False),
    ]
    assert difference.changed[0].before == Label("热线", "Hotline")
    assert queries.difference("channels", "2026.1", "2026.1") == queries.Difference((), (), ())


def test_a_missing_table_or_edition_is_said_so() -> None:
    actions.load_edition([CHANNELS])
    for ask in (
        lambda: queries.table("nothing"),
        lambda: queries.difference("channels", "2026.1", "2031.1"),
        lambda: queries.require("nothing", "web", field="source"),
    ):
        with pytest.raises(NotFound, match="code_table_missing"):
            ask()


def test_what_the_last_upgrade_brought_is_told_beside_the_districts_own(channels: None) -> None:
    actions.edit_code(TESTER, "channels", "hotline", name=NEW_NAME, valid_from=MARCH)
    first = queries.table("channels")
    actions.put_in_order(TESTER, "channels", [item.code for item in first.items][::-1], expected_version=0)
    assert queries.local_difference("channels").upgrade is None
    actions.load_edition([CHANNELS_LATER])
    found = queries.local_difference("channels")
    assert (found.before, found.edition) == (CHANNELS.edition, CHANNELS_LATER.edition)
    assert found.upgrade == queries.difference("channels", CHANNELS.edition, CHANNELS_LATER.edition)
    assert [(one.code, one.kind) for one in found.changes][:1] == [("hotline", "name")]
    assert {item.code for item in queries.table("channels").items} >= {
        item.code for item in CHANNELS_LATER.items
    }
