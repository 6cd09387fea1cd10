"""Versions of the lifecycle in the database and over HTTP: published from a day on, withdrawn, drafted, compared."""

import copy
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoDbBlocker

from yiwang.core import clock
from yiwang.core.accounts.tests.people import Browser, actor, person
from yiwang.core.audit.models import Entry
from yiwang.core.http.models import GivenAnswer
from yiwang.core.ids import uuid7
from yiwang.operations.cases import access, actions, queries, seed
from yiwang.operations.cases.categories import seed as category_seed
from yiwang.operations.cases.lifecycle import parse
from yiwang.operations.cases.lifecycle import versions as lifecycle_versions
from yiwang.operations.cases.lifecycle.models import FIRST_LOCAL, Lifecycle, LifecycleDraft
from yiwang.operations.cases.tests.test_lifecycle_editor import REVIEW, SHIPPED, do

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

EDIT = "cases.edit_lifecycle"
BASE = SHIPPED["version"]
EVERY_STEP = sorted({row["permission"] for row in SHIPPED["transitions"] if row["permission"]})


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The shipped lifecycle for the whole module, undone at its end; each test runs in a savepoint of its own."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(category_seed, "load", dict)
        category_seed.codes.load_edition(category_seed.read_tables(category_seed.FOLDER / "code_tables.json"))
        seed.load()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def editor() -> Browser:
    return Browser(person("editor", EDIT))


def later(days: int) -> date:
    return clock.today() + timedelta(days=days)


def publish(browser: Browser, table: dict[str, Any], days: int = 0, **more: Any) -> Any:
    wish = {"table": table, "valid_from": str(later(days)), "base": BASE, "note": "试行", **more}
    return browser.post("/lifecycles", wish)


def test_only_who_may_edits_and_everybody_may_look(editor: Browser) -> None:
    reader = Browser(person("reader", "cases.view_case"))
    for path in (
        "/lifecycles",
        f"/lifecycles/{BASE}",
        f"/lifecycles/{BASE}/difference",
        "/lifecycles/vocabulary",
    ):
        assert reader.get(path).status_code == 200, path
    assert reader.post("/lifecycles/check", {"table": SHIPPED}).status_code == 403
    assert publish(reader, SHIPPED).status_code == 403
    assert reader.get("/lifecycles").json()["drafts"] == []


def test_a_local_version_holds_from_its_day_on_and_wins_over_what_is_shipped_later(editor: Browser) -> None:
    assert lifecycle_versions.in_force() == BASE
    answer = publish(editor, do(REVIEW), 5)
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["version"], told["state"], told["name"]["zh"]) == (FIRST_LOCAL, "planned", "本地第 1 版")
    assert (lifecycle_versions.in_force(later(4)), lifecycle_versions.in_force(later(5))) == (
        BASE,
        FIRST_LOCAL,
    )
    actions.publish_lifecycle({**SHIPPED, "version": BASE + 1, "edition": "2027.1"})
    assert (lifecycle_versions.in_force(), lifecycle_versions.in_force(later(5))) == (BASE + 1, FIRST_LOCAL)
    publish(editor, SHIPPED, 2)
    days = [lifecycle_versions.in_force(later(day)) for day in (1, 2, 4, 5)]
    assert days == [BASE + 1, FIRST_LOCAL + 1, FIRST_LOCAL + 1, FIRST_LOCAL]
    entry = Entry.objects.filter(action="cases.publish_lifecycle").earliest("id")
    assert (entry.object_id, entry.before) == (str(FIRST_LOCAL), {"base": BASE})


def test_cases_are_opened_under_the_version_of_the_day(editor: Browser) -> None:
    publish(editor, do(REVIEW))
    table = queries.current_table()
    assert (table.version, "reviewing" in table.states) == (FIRST_LOCAL, True)
    listed = editor.get("/lifecycles").json()
    assert (listed["current"], [row["state"] for row in listed["versions"]]) == (
        FIRST_LOCAL,
        ["in_force", "past"],
    )


def test_a_second_version_of_one_day_takes_the_place_of_the_first(editor: Browser) -> None:
    publish(editor, do(REVIEW))
    publish(editor, SHIPPED)
    assert [row["state"] for row in editor.get("/lifecycles").json()["versions"]] == [
        "in_force",
        "withdrawn",
        "past",
    ]


def test_a_planned_version_can_be_withdrawn_and_no_other(editor: Browser) -> None:
    publish(editor, SHIPPED, 3)
    assert editor.delete(f"/lifecycles/{FIRST_LOCAL}").json()["state"] == "withdrawn"
    assert lifecycle_versions.in_force(later(3)) == BASE
    assert editor.delete(f"/lifecycles/{FIRST_LOCAL}").status_code == 404
    refused = editor.delete(f"/lifecycles/{BASE}")
    assert (refused.status_code, refused.json()["code"]) == (409, "version_in_force")


def test_a_broken_table_is_not_published_and_every_fault_is_named(editor: Browser) -> None:
    broken = copy.deepcopy(SHIPPED)
    broken["transitions"][3]["permission"] = "cases.dance"
    broken["requests"]["void"]["approvals"][0]["permission"] = "cases.sing"
    answer = publish(editor, broken)
    assert (answer.status_code, answer.json()["code"]) == (422, "lifecycle_broken")
    fields = {error["field"] for error in answer.json()["errors"]}
    assert fields == {"transitions.3.permission", "requests.void.approvals.0.permission"}
    assert publish(editor, SHIPPED, -1).json()["errors"][0]["field"] == "valid_from"
    assert publish(editor, SHIPPED, base=77).status_code == 404
    assert Lifecycle.objects.count() == 1


def test_check_and_edit_answer_with_problems_and_a_picture(editor: Browser) -> None:
    told = editor.post("/lifecycles/check", {"table": SHIPPED}).json()
    assert told["ok"] is True
    assert {problem["code"] for problem in told["problems"]} <= {"nobody_holds"}
    assert len(told["graph"]["nodes"]) == len(SHIPPED["states"])
    edited = editor.post("/lifecycles/edit", {"table": SHIPPED, "operations": [REVIEW]}).json()
    assert edited["ok"] is True
    assert "reviewing" in {node["key"] for node in edited["graph"]["nodes"]}
    assert edited["table"]["states"][8]["key"] == "reviewing"
    nonsense = editor.post("/lifecycles/check", {"table": {"states": "none"}}).json()
    assert (nonsense["ok"], nonsense["graph"]) == (False, None)
    wrong = {"table": SHIPPED, "operations": [{"op": "remove_node", "state": "moon"}]}
    refused = editor.post("/lifecycles/edit", wrong)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "operations.0.state")
    broken = editor.post("/lifecycles/edit", {"table": {}, "operations": [REVIEW]})
    assert broken.status_code == 422


def test_a_question_leaves_nothing_behind(editor: Browser) -> None:
    editor.post("/lifecycles/check", {"table": SHIPPED}, key="same")
    again = editor.post("/lifecycles/check", {"table": {}}, key="same")
    assert (again.status_code, again.json()["ok"]) == (200, False)
    assert not GivenAnswer.objects.exists()


def test_a_draft_is_kept_and_two_do_not_overwrite_each_other(editor: Browser) -> None:
    draft = uuid7()
    wish = {"name": "加复审", "base": BASE, "table": do(REVIEW), "expected_version": 0}
    assert editor.write("put", f"/lifecycles/drafts/{draft}", wish).json()["version"] == 1
    second = editor.write("put", f"/lifecycles/drafts/{draft}", wish)
    assert (second.status_code, second.json()["code"]) == (409, "draft_changed")
    assert editor.get(f"/lifecycles/drafts/{draft}").json()["table"] == wish["table"]
    (listed,) = editor.get("/lifecycles").json()["drafts"]
    assert (listed["name"], listed["saved_by"]) == ("加复审", "人editor")
    publish(editor, do(REVIEW), draft=str(draft))
    assert not LifecycleDraft.objects.exists()
    assert editor.delete(f"/lifecycles/drafts/{draft}").status_code == 404
    again = wish | {"table": {"anything": True}}
    assert editor.write("put", f"/lifecycles/drafts/{draft}", again).status_code == 200
    assert editor.delete(f"/lifecycles/drafts/{draft}").status_code == 204


def test_a_version_says_what_it_changed(editor: Browser) -> None:
    publish(editor, do(REVIEW))
    told = editor.get(f"/lifecycles/{FIRST_LOCAL}/difference").json()
    rows = {(row["where"], row["row"], row["field"]) for row in told["changes"]}
    assert {
        ("states", "reviewing", ""),
        ("transitions", "review", ""),
        ("transitions", "pass_check", "to"),
    } <= rows
    assert (told["old"], told["new"]) == (BASE, FIRST_LOCAL)
    assert editor.get(f"/lifecycles/{FIRST_LOCAL}/difference", other=FIRST_LOCAL).json()["changes"] == []


def test_a_version_is_drawn(editor: Browser) -> None:
    answer = editor.get(f"/lifecycles/{BASE}/diagram.svg", lang="en")
    assert answer["Content-Type"].startswith("image/svg+xml")
    assert "To be dispatched" in {element.text for element in ElementTree.fromstring(answer.content).iter()}
    assert editor.get("/lifecycles/77/diagram.svg").status_code == 404


def test_the_vocabulary_says_everything_in_words(editor: Browser) -> None:
    told = editor.get("/lifecycles/vocabulary").json()
    assert {"name": "checker_did_not_handle", "label": {"zh": "处置人不得核查", "en": "Who handled does not check"},
        "about": "Those who check never handle: supervision and handling are apart (GB/T 30428.8, roles)."
    } in told["guards"]  # fmt: skip
    assert "insert_node" in told["operations"]
    assert EDIT in {row["name"] for row in told["permissions"]}


def test_a_shipped_version_has_no_day_and_a_local_one_has() -> None:
    for version, day in ((FIRST_LOCAL - 1, clock.today()), (FIRST_LOCAL, None)):
        with pytest.raises(IntegrityError, match="cases_lifecycle_shipped_or_dated"), transaction.atomic():
            Lifecycle.objects.create(version=version, edition="x", table={}, valid_from=day)


def test_versions_that_say_the_same_ask_the_database_once() -> None:
    everybody = actor(person("everybody", "cases.view_case", *EVERY_STEP, areas=["420117"]))
    table = parse(SHIPPED)
    one = str(access.work_of(everybody, (table,)))
    many = str(access.work_of(everybody, tuple(replace(table, version=number) for number in range(1, 9))))
    assert one == many
    reviewed = parse({**do(REVIEW), "version": FIRST_LOCAL})
    both = str(access.work_of(everybody, (reviewed, table)))
    assert "reviewing" in both
    assert len(both) < 1.2 * len(one)


@pytest.mark.parametrize("odd", ["\ud800", float("inf"), {"\udc00": 1}])
def test_what_no_database_keeps_is_refused_at_the_door(editor: Browser, odd: Any) -> None:
    wish = {"name": "草稿", "base": BASE, "expected_version": 0, "table": {"odd": odd}}
    assert editor.write("put", f"/lifecycles/drafts/{uuid7()}", wish).status_code == 422
    assert editor.post("/lifecycles/check", {"table": {"odd": odd}}).status_code == 422
