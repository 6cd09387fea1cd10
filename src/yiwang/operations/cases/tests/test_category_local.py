"""The district's own versions of classes: written from a day on, ended, withdrawn, compared; limits by area class."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from yiwang.core import clock
from yiwang.core.accounts.tests.people import SYSTEM, Browser, person
from yiwang.core.audit.models import Entry
from yiwang.core.codes.declare import Label
from yiwang.core.errors import Invalid, NotFound
from yiwang.operations.cases import queries, seed
from yiwang.operations.cases.categories import actions as category_actions
from yiwang.operations.cases.categories import queries as category_queries
from yiwang.operations.cases.categories import rules as category_rules
from yiwang.operations.cases.categories import seed as category_seed
from yiwang.operations.cases.categories.edition import read_edition
from yiwang.operations.cases.categories.models import Category
from yiwang.operations.cases.lifecycle import Approval, Reach, RequestPolicy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

KEY = "event.exposed_waste"
EDIT = "cases.edit_categories"


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The shipped edition for the whole module, undone at its end; each test runs in a savepoint of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed.load()
        yield
        transaction.set_rollback(True)


def wish(**changes: Any) -> dict[str, Any]:
    """A local version of exposed waste: two rows, the first stricter in areas of class A."""
    return {
        "expected_version": 0,
        "valid_from": str(clock.today()),
        "note": "市容环境整治方案",
        "name": {"zh": "暴露垃圾", "en": "Exposed waste"},
        "usual_unit": "street",
        "synonyms": ["垃圾堆"],
        "conditions": [
            {
                "text": {"zh": "路面有垃圾"},
                "limit": {"kind": "working_hour", "amount": "4"},
                "area_limits": {"A": {"kind": "urgent_hour", "amount": "2"}},
                "handling": {"zh": "清理并冲洗"},
                "closing": {"zh": "清理干净", "en": "Cleaned"},
            },
            {
                "text": {"zh": "大件垃圾"},
                "limit": {"kind": "working_day", "amount": "1.5"},
                "closing": {"zh": "运走"},
            },
        ],
        **changes,
    }


POLICY = RequestPolicy(
    kind="extension",
    label={"zh": "延期", "en": "Extension"},
    approvals=(Approval({"zh": "一级", "en": "First"}, "cases.decide_request", Reach.AREA),),
    blocks=True,
    evidence=False,
    most=2,
    before_due=False,
    longest_days=None,
)


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch) -> Browser:
    """Somebody who may edit classes while the lifecycle knows extensions and nothing else."""
    table = replace(queries.current_table(), requests={"extension": POLICY})
    monkeypatch.setattr(queries, "current_table", lambda: table)
    return Browser(person("editor", EDIT))


def put(browser: Browser, key: str = KEY, **changes: Any) -> Any:
    return browser.write("put", f"/categories/{key}/local", wish(**changes))


def later(days: int) -> date:
    return clock.today() + timedelta(days=days)


def version_on(day: date, key: str = KEY) -> str:
    return category_queries.version_name(category_queries.rulebook(day).classes[key])


def test_only_who_may_edit_writes(editor: Browser) -> None:
    other = Browser(person("other", "cases.view_case"))
    assert put(other).status_code == 403
    assert other.get("/categories/local").status_code == 403
    assert other.get(f"/categories/{KEY}").status_code == 200
    assert put(editor).status_code == 200


def test_a_local_version_wins_and_every_version_stays_to_be_seen(editor: Browser) -> None:
    answer = put(editor).json()
    local, shipped = answer["versions"]
    assert (local["name_of_version"], local["state"], local["based_on"]) == ("local 1", "in_force", "2026.1")
    assert (shipped["state"], shipped["edition"]) == ("superseded", "2026.1")
    assert (local["synonyms"], local["made_by"], local["note"]) == (
        ["垃圾堆"],
        "人editor",
        "市容环境整治方案",
    )
    first, second = local["conditions"]
    assert first["area_limits"] == {"A": {"kind": "urgent_hour", "amount": "2"}}
    assert first["text"] == {"zh": "路面有垃圾", "en": "路面有垃圾"}
    assert (first["handling"]["zh"], first["source"], first["confidence"]) == (
        "清理并冲洗",
        "本区规定",
        "local_rule",
    )
    assert second["limit"] == {"kind": "working_day", "amount": "1.5"}
    (listed,) = [row for row in editor.get("/categories").json()["items"] if row["key"] == KEY]
    assert (listed["version"], len(listed["conditions"])) == (1, 2)
    assert "垃圾堆" in listed["search"]
    (row,) = editor.get("/categories/local").json()["items"]
    assert (row["key"], row["state"], row["newer_edition"]) == (KEY, "in_force", None)


def test_the_change_is_in_the_record(editor: Browser) -> None:
    put(editor)
    entry = Entry.objects.latest("id")
    assert (entry.action, entry.object_type, entry.object_id) == ("cases.edit_category", "category", KEY)
    assert entry.before == {"version": "2026.1"}
    assert entry.after is not None
    assert entry.after["changes"]["limits"]["路面有垃圾"] == {"kind": "working_hour", "amount": "4"}


def test_what_a_case_keeps_is_the_rule_of_the_day_and_of_the_area(editor: Browser) -> None:
    old = category_queries.current_category(KEY)
    put(editor, valid_from=str(later(3)), requests={"extension": {"most": 0}})
    new = category_queries.rulebook(later(3)).version_of(old)
    row = new.conditions.get(no=1)
    kept = category_queries.rulebook(later(3)).snapshot(row.pk, old, "A")
    assert kept == {
        "text": {"zh": "路面有垃圾", "en": "路面有垃圾"},
        "limit": {"kind": "urgent_hour", "amount": "2"},
        "handling": {"zh": "清理并冲洗", "en": "清理并冲洗"},
        "closing": {"zh": "清理干净", "en": "Cleaned"},
        "source": "本区规定",
        "area_class": "A",
        "version": "local 1",
        "requests": {"extension": {"most": 0}},
    }
    for area_class in ("B", None):
        plain = category_queries.rulebook(later(3)).snapshot(row.pk, old, area_class)
        assert plain["limit"] == {"kind": "working_hour", "amount": "4"}
    with pytest.raises(Invalid, match="unknown_condition"):
        category_queries.rulebook(clock.today()).snapshot(row.pk, old, "A")
    shipped = old.conditions.get(no=1)
    with pytest.raises(Invalid, match="unknown_condition"):
        category_queries.rulebook(later(3)).snapshot(shipped.pk, old, "A")


def test_a_case_of_a_class_given_up_is_registered_by_its_own_version(editor: Browser) -> None:
    old = category_queries.current_category(KEY)
    put(editor, active=False)
    shipped = old.conditions.get(no=1)
    assert category_queries.rulebook(clock.today()).snapshot(shipped.pk, old, None)["version"] == "2026.1"


def test_the_rulebook_costs_one_query_once_it_is_in_memory(django_assert_num_queries: Any) -> None:
    row = category_queries.current_category(KEY)
    condition = category_queries.rulebook().conditions(row, "A")[0]
    with django_assert_num_queries(1):
        category_queries.rulebook(clock.today()).snapshot(condition["id"], row, "A")


def test_versions_follow_each_other_by_their_days(editor: Browser) -> None:
    put(editor, valid_from=str(later(10)))
    put(editor, expected_version=1, valid_from=str(later(5)))
    put(editor, expected_version=2, valid_from=str(later(20)))
    days = [version_on(later(day)) for day in (4, 5, 9, 10, 19, 20, 400)]
    assert days == ["2026.1", "local 2", "local 2", "local 1", "local 1", "local 3", "local 3"]


def test_a_second_version_of_one_day_takes_the_place_of_the_first(editor: Browser) -> None:
    put(editor)
    answer = put(editor, expected_version=1, name={"zh": "垃圾暴露"}).json()
    assert [row["state"] for row in answer["versions"]] == ["in_force", "withdrawn", "superseded"]
    assert version_on(clock.today()) == "local 2"


def test_a_planned_version_is_withdrawn_as_if_it_had_not_been(editor: Browser) -> None:
    put(editor)
    put(editor, expected_version=1, valid_from=str(later(7)))
    assert version_on(later(7)) == "local 2"
    answer = editor.delete(f"/categories/{KEY}/local/2")
    assert answer.status_code == 200
    assert version_on(later(7)) == "local 1"
    assert Category.objects.get(key=KEY, version=1).valid_to is None
    in_force = editor.delete(f"/categories/{KEY}/local/1")
    assert (in_force.status_code, in_force.json()["code"]) == (409, "version_in_force")
    assert editor.delete(f"/categories/{KEY}/local/2").status_code == 404


def test_the_shipped_edition_comes_back_on_a_day(editor: Browser) -> None:
    put(editor)
    assert editor.post(f"/categories/{KEY}/local/end", {"valid_from": str(later(9))}).status_code == 200
    assert (version_on(later(8)), version_on(later(9))) == ("local 1", "2026.1")
    assert editor.post(f"/categories/{KEY}/local/end", {"valid_from": str(clock.today())}).status_code == 200
    assert version_on(clock.today()) == "2026.1"
    nothing = editor.post(f"/categories/{KEY}/local/end", {"valid_from": str(clock.today())})
    assert (nothing.status_code, nothing.json()["code"]) == (404, "no_local_version")


def test_a_class_of_the_districts_own(editor: Browser) -> None:
    key = "event.lake_weeds"
    answer = put(editor, key, major="02", name={"zh": "湖面水草", "en": "Weeds on a lake"})
    assert answer.status_code == 200, answer.content
    found = category_queries.current_category(key)
    assert (found.origin, found.confidence, found.major_code) == ("local", "local_rule", "02")
    assert editor.get(f"/categories/{key}/difference").json()["code"] == "nothing_shipped"
    stays = editor.post(f"/categories/{key}/local/end", {"valid_from": str(later(1))})
    assert (stays.status_code, stays.json()["code"]) == (422, "nothing_shipped")
    for wrong, field in (("Lake", "key"), ("event.no_major", "major")):
        refused = put(editor, wrong, major="77", name={"zh": wrong})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_from": "2020-01-01"}, "valid_from"),
        ({"valid_from": "soon"}, "valid_from"),
        ({"name": {"zh": " "}}, "name.zh"),
        ({"name": {"zh": "道路不洁"}}, "name.zh"),
        ({"usual_unit": "moon_office"}, "usual_unit"),
        ({"conditions": []}, "conditions"),
        ({"synonyms": ["two words"]}, "synonyms.0"),
        ({"requests": {"dance": {"most": 1}}}, "requests.dance"),
        ({"requests": {"extension": {"most": 9}}}, "requests.extension.most"),
        ({"requests": {"extension": {"also": [{"label": {"zh": "局长"}, "permission": "no.such"}]}}},
            "requests.extension.also.0.permission"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_field(editor: Browser, changes: dict[str, Any], field: str) -> None:
    answer = put(editor, **changes)
    assert answer.status_code == 422
    assert field in {error["field"] for error in answer.json()["errors"]}
    assert not Category.objects.filter(version__gt=0).exists()


@pytest.mark.parametrize(
    ("row", "change", "field"),
    [
        (0, {"limit": {"kind": "working_hour", "amount": "0"}}, "conditions.0.limit.amount"),
        (1, {"limit": {"kind": "fortnight", "amount": "1"}}, "conditions.1.limit.kind"),
        (1, {"limit": {"kind": "working_day", "amount": "4000"}}, "conditions.1.limit.amount"),
        (
            0,
            {"area_limits": {"D": {"kind": "working_day", "amount": "1"}}},
            "conditions.0.area_limits.D.[key]",
        ),
        (1, {"text": {"zh": "路面有垃圾"}}, "conditions.1.text"),
        (1, {"closing": {"zh": ""}}, "conditions.1.closing.zh"),
    ],
)
def test_a_wrong_row_is_named_by_row_and_field(
    editor: Browser, row: int, change: dict[str, Any], field: str
) -> None:
    given = wish()["conditions"]
    given[row] |= change
    answer = put(editor, conditions=given)
    assert answer.status_code == 422
    assert field in {error["field"] for error in answer.json()["errors"]}


def test_of_two_who_edit_at_once_one_is_told(editor: Browser) -> None:
    put(editor)
    second = put(editor)
    assert (second.status_code, second.json()["code"]) == (409, "category_changed")
    assert second.json()["params"]["actor"] == "人editor"


def test_an_upgrade_shows_what_differs_and_who_moved(editor: Browser) -> None:
    nothing = editor.get(f"/categories/{KEY}/difference")
    assert (nothing.status_code, nothing.json()["code"]) == (404, "no_local_version")
    (shipped,) = editor.get(f"/categories/{KEY}").json()["versions"]
    conditions = [{name: row[name] for name in ("text", "limit", "closing")} for row in shipped["conditions"]]
    conditions[0]["limit"] = {"kind": "urgent_hour", "amount": "1"}
    put(editor, conditions=conditions, name=shipped["name"], usual_unit=shipped["usual_unit"],
        synonyms=shipped["synonyms"])  # fmt: skip
    told = editor.get(f"/categories/{KEY}/difference").json()
    limit_field = f"conditions.{conditions[0]['text']['zh']}.limit"
    assert (told["newer"], [(row["field"], row["by"]) for row in told["changes"]]) == (
        False,
        [(limit_field, "local")],
    )
    edition = read_edition()
    waste = next(item for item in edition.categories if item.key == KEY)
    renamed = replace(waste, edition="2026.2", name=Label("生活垃圾暴露", "Household waste exposed"))
    category_seed.load_edition(replace(edition, edition="2026.2", categories=(renamed,)))
    told = editor.get(f"/categories/{KEY}/difference").json()
    assert (told["newer"], told["based_on"], told["shipped"]) == (True, "2026.1", "2026.2")
    by = {row["field"]: row["by"] for row in told["changes"]}
    assert (by["name"], by[limit_field]) == ("shipped", "local")
    assert editor.get("/categories/local").json()["items"][0]["newer_edition"] == "2026.2"
    assert version_on(clock.today()) == "local 1"


def test_a_class_makes_requests_stricter_and_never_looser() -> None:
    level = {"label": {"zh": "局长", "en": "Director"}, "permission": "cases.force_close"}
    rule = {"most": 1, "evidence": True, "before_due": True, "longest_days": 30, "also": [level]}
    strict = category_rules.stricter(POLICY, rule)
    assert (strict.most, strict.evidence, strict.before_due, strict.longest_days) == (1, True, True, 30)
    assert [level.permission for level in strict.approvals] == ["cases.decide_request", "cases.force_close"]
    assert category_rules.stricter(POLICY, {"most": 9}).most == 2
    assert category_rules.stricter(POLICY, {}) is POLICY
    assert category_rules.stricter(POLICY, None) is POLICY


def test_actions_refuse_what_is_not_there() -> None:
    with pytest.raises(NotFound, match="unknown_version"):
        category_actions.withdraw(SYSTEM, KEY, 7)
    with pytest.raises(NotFound, match="no_local_version"):
        category_actions.end_local(SYSTEM, KEY, clock.today())
    with pytest.raises(Invalid, match="in_the_past"):
        category_actions.end_local(SYSTEM, KEY, later(-1))
    with pytest.raises(NotFound, match="unknown_category"):
        category_queries.versions("event.nothing")
