"""The policy of a class: its own, else the larger class's, else what is shipped; each change is kept."""

import pytest

from yiwang.core.accounts.tests.people import Browser, person
from yiwang.core.audit.models import Entry
from yiwang.operations.cases.tests.district import CATEGORY, District
from yiwang.operations.duplicates import policies
from yiwang.operations.duplicates.models import PolicyVersion
from yiwang.operations.duplicates.rules import Sameness

EDIT = "duplicates.edit_policy"
WANTED = {"radius_m": 40, "days": 3, "words_min": 0.2, "same_class": "minor", "enabled": True}


@pytest.fixture
def editor(district: District) -> Browser:
    return Browser(person("editor", EDIT))


def put(browser: Browser, key: str, version: int = 0, **changes: object) -> object:
    body = {**WANTED, "expected_version": version, **changes}
    return browser.write("put", f"/duplicates/policies/{key}", body)


def held(browser: Browser, key: str = CATEGORY) -> dict[str, object]:
    return dict(browser.get(f"/duplicates/policies/{key}").json())


def test_what_is_shipped_has_a_policy_for_each_kind() -> None:
    found = policies.shipped()
    assert set(policies.KINDS) <= set(found)
    assert all(policies.KEY.fullmatch(key) for key in found)
    assert found["event"].same_class is Sameness.MAJOR


def test_the_nearest_policy_holds(editor: Browser) -> None:
    assert (held(editor)["key"], held(editor)["is_shipped"]) == ("event", True)
    major = policies.major_of(policies.known_class(CATEGORY))
    assert put(editor, major, radius_m=70).status_code == 200
    assert (held(editor)["key"], held(editor)["radius_m"], held(editor)["is_shipped"]) == (major, 70, False)
    own = put(editor, CATEGORY).json()
    assert (own["key"], own["radius_m"], own["version"], own["made_by"]) == (CATEGORY, 40, 1, "人editor")
    assert held(editor, "event")["radius_m"] == 100
    assert own["label"]["zh"] == "暴露生活垃圾"


def test_withdrawn_it_gives_way_and_its_versions_stay(editor: Browser) -> None:
    put(editor, CATEGORY)
    gone = editor.delete(f"/duplicates/policies/{CATEGORY}?expected_version=1").json()
    assert (gone["key"], gone["is_shipped"], gone["version"]) == ("event", True, 2)
    assert put(editor, CATEGORY, 2, radius_m=50).json()["version"] == 3
    versions = editor.get(f"/duplicates/policies/{CATEGORY}/versions").json()["items"]
    assert [(row["version"], row["withdrawn"], row["radius_m"]) for row in versions] == [
        (3, False, 50),
        (2, True, 40),
        (1, False, 40),
    ]
    actions = Entry.objects.filter(object_type="duplicates_policy").order_by("id")
    assert [entry.action.split(".")[1] for entry in actions] == [
        "change_policy",
        "withdraw_policy",
        "change_policy",
    ]
    assert actions[0].before["key"] == "event"
    assert actions[0].after["radius_m"] == 40


def test_the_second_of_two_editors_is_told(editor: Browser) -> None:
    put(editor, CATEGORY)
    late = put(editor, CATEGORY, 0, radius_m=9)
    assert (late.status_code, late.json()["code"]) == (409, "policy_changed")
    assert late.json()["params"]["actor"] == "人editor"
    assert editor.delete(f"/duplicates/policies/{CATEGORY}?expected_version=0").status_code == 409


def test_the_same_again_changes_nothing(editor: Browser) -> None:
    put(editor, CATEGORY)
    assert put(editor, CATEGORY, 1).json()["version"] == 1
    editor.delete(f"/duplicates/policies/{CATEGORY}?expected_version=1")
    assert editor.delete(f"/duplicates/policies/{CATEGORY}?expected_version=2").json()["version"] == 2
    assert PolicyVersion.objects.count() == 2


def test_the_list_shows_what_is_shipped_and_what_is_local(editor: Browser) -> None:
    put(editor, CATEGORY)
    keys = [item["asked"] for item in editor.get("/duplicates/policies").json()["items"]]
    assert keys == sorted({*policies.shipped(), CATEGORY})


def test_what_is_no_class_has_no_policy(editor: Browser) -> None:
    for key, status in (("event.no_such_class", 404), ("event.99", 404), ("street", 422), ("event.1", 422)):
        assert put(editor, key).status_code == status
        assert editor.get(f"/duplicates/policies/{key}").status_code == status
        assert editor.get(f"/duplicates/policies/{key}/versions").status_code == status


def test_a_policy_has_bounds(editor: Browser) -> None:
    for change in (
        {"radius_m": 0}, {"radius_m": 2001}, {"days": 366}, {"words_min": 1.1}, {"same_class": "almost"},
    ):  # fmt: skip
        assert put(editor, CATEGORY, **change).status_code == 422, change
    assert not PolicyVersion.objects.exists()


def test_only_who_may_changes_it(editor: Browser, district: District) -> None:
    assert put(Browser(district.shift), CATEGORY).status_code == 403
    assert Browser(district.shift).get("/duplicates/policies").status_code == 200
