"""A district's own versions over HTTP: published, planned, taken back, ended; by whom, and who was first."""

from datetime import timedelta
from typing import Any

import pytest

from yiwang.core import clock
from yiwang.core.accounts.tests import people
from yiwang.core.accounts.tests.people import Browser, person
from yiwang.core.audit.models import Entry
from yiwang.core.forms import actions, queries, seed
from yiwang.core.forms.declare import form_json
from yiwang.core.forms.tests.samples import ALL_KINDS, SCORED, words

pytestmark = pytest.mark.django_db
EDIT = "forms.edit_form"
SHIPPED = 2026001


@pytest.fixture(autouse=True)
def shipped() -> None:
    actions.load([ALL_KINDS, SCORED])


@pytest.fixture
def editor() -> Browser:
    return Browser(person("editor", EDIT, at=people.unit("root")))


def day(ahead: int) -> str:
    return str(clock.today() + timedelta(days=ahead))


def local(browser: Browser, ahead: int = 0, seen: int = 0, key: str = "scored", **changed: Any) -> Any:
    form = {**form_json(SCORED), "name": {"zh": "本地评分", "en": ""}, **changed}
    body = {
        "form": form,
        "valid_from": day(ahead),
        "base": SHIPPED if key == "scored" else None,
        "expected_version": seen,
        "note": "会议纪要",
    }
    return browser.write("put", f"/forms/{key}/local", body)


def in_force(browser: Browser, key: str = "scored") -> tuple[int, str]:
    form = browser.get(f"/forms/{key}").json()
    return form["version"], form["form"]["name"]["zh"]


def test_every_shipped_form_makes_sense() -> None:
    assert actions.load(seed.declared()) == len(seed.declared())
    assert {held.form.key for held in queries.forms()} >= {form.key for form in seed.declared()}
    assert actions.load(seed.declared()) == 0


def test_everybody_signed_in_reads_forms_and_nobody_else_changes_them(editor: Browser) -> None:
    reader = Browser(person("reader"))
    part = Browser(person("part", EDIT, at=people.unit("below", people.unit("root"))))
    assert [item["key"] for item in reader.get("/forms").json()["items"]] == ["all_kinds", "scored"]
    shown = reader.get("/forms/scored").json()
    assert (shown["version"], shown["edition"], shown["in_force"]) == (SHIPPED, "2026.1", True)
    assert shown["form"]["sections"][0]["fields"][0]["deducts"] == 0.3
    assert Browser().get("/forms").status_code == 401
    for browser in (reader, part):
        assert local(browser).status_code == 403
        assert browser.get("/forms/versions").status_code == 403
        assert browser.post("/forms/check", {"form": form_json(SCORED)}).status_code == 403
    assert local(editor).status_code == 200
    assert reader.get("/forms/nothing").json()["code"] == "form_not_found"
    assert reader.get("/forms/scored", version=9).json()["code"] == "form_not_found"


def test_a_version_holds_from_its_day_and_the_shipped_one_comes_back(editor: Browser) -> None:
    assert local(editor).json()["current"] == 1
    assert in_force(editor) == (1, "本地评分")
    assert editor.get("/forms/scored").json()["form"]["name"] == {"zh": "本地评分", "en": "本地评分"}
    planned = local(editor, 5, 1, name={"zh": "下周", "en": "Next"}).json()
    assert [(row["version"], row["state"]) for row in planned["versions"]] == [
        (2, "planned"),
        (1, "in_force"),
        (SHIPPED, "superseded"),
    ]
    kept = editor.get("/forms/versions").json()["items"][1]
    assert (kept["current"], kept["newest"], kept["planned"]) == (1, 2, day(5))
    assert queries.form_in_force("scored", clock.today() + timedelta(days=6)).version == 2
    taken_back = editor.delete("/forms/scored/local/2").json()
    assert [row["valid_to"] for row in taken_back["versions"]] == [None, None, None]
    assert editor.delete("/forms/scored/local/1").json()["code"] == "version_in_force"
    ended = editor.post("/forms/scored/local/end", {"valid_from": day(0), "expected_version": 2}).json()
    assert ended["current"] == SHIPPED
    assert in_force(editor) == (SHIPPED, "评分")
    done = Entry.objects.filter(object_type="form").order_by("id").values_list("action", flat=True)
    assert list(done) == ["forms.publish", "forms.publish", "forms.withdraw", "forms.end"]


def test_who_comes_second_is_told_who_was_first(editor: Browser) -> None:
    local(editor)
    late = local(Browser(person("other", EDIT, at=people.unit("root"))))
    assert (late.status_code, late.json()["code"], late.json()["params"]["actor"]) == (
        409,
        "form_changed",
        "人editor",
    )
    ending = editor.post("/forms/scored/local/end", {"valid_from": day(0), "expected_version": 0})
    assert ending.json()["code"] == "form_changed"


def test_what_makes_no_sense_is_not_published(editor: Browser) -> None:
    broken = form_json(SCORED)
    broken["sections"][0]["fields"][1]["options"] = []
    answer = local(editor, sections=broken["sections"])
    assert answer.json()["code"] == "form_broken"
    place = "sections.0.fields.1.options"
    assert [(fault["field"], fault["code"]) for fault in answer.json()["errors"]] == [(place, "no_options")]
    checked = editor.post("/forms/check", {"form": broken}).json()
    assert [(fault["field"], fault["code"]) for fault in checked["faults"]] == [(place, "no_options")]
    assert local(editor, -1).json()["code"] == "in_the_past"
    assert local(editor, sections=[]).json()["code"] == "form_broken"
    assert editor.post("/forms/check", {"form": {**broken, "sections": [{}]}}).status_code == 422


def test_a_form_of_the_districts_own_comes_and_goes(editor: Browser) -> None:
    assert local(editor, key="own_list").json()["newest"] == 1
    assert in_force(editor, "own_list") == (1, "本地评分")
    gone = editor.post("/forms/own_list/local/end", {"valid_from": day(0), "expected_version": 1}).json()
    assert gone["current"] is None
    assert editor.get("/forms/own_list").json()["code"] == "form_not_found"
    assert "own_list" not in str(editor.get("/forms").json())
    assert "own_list" in str(editor.get("/forms/versions").json())


def test_the_difference_and_a_newer_edition_are_shown(editor: Browser) -> None:
    local(editor)
    shown = editor.get("/forms/scored/difference", before=SHIPPED, after=1).json()["changes"]
    assert [(one["what"], one["part"], one["after"]["zh"]) for one in shown] == [("form", "name", "本地评分")]
    assert editor.get("/forms/versions").json()["items"][1]["newer_edition"] is None
    actions.load([type(SCORED)("scored", words("新版"), SCORED.purpose, SCORED.sections, "2026.2")])
    assert editor.get("/forms/versions").json()["items"][1]["newer_edition"] == "2026.2"
    assert in_force(editor) == (1, "本地评分")


def test_lists_cost_the_same_however_many(editor: Browser, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert len(queries.forms()) == 2
    local(editor)
    with django_assert_num_queries(1):
        assert len(queries.forms()) == 2
