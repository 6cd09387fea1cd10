"""Requests that wait for a decision: whose it is, the list and the page of the case say alike."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yiwang.core.accounts.models import User
from yiwang.core.accounts.tests import people
from yiwang.core.accounts.tests.people import Browser
from yiwang.operations.cases.rules import Photo
from yiwang.operations.cases.tests.district import ELSEWHERE, STREET, District, Walk, picture
from yiwang.operations.cases.tests.test_rules_by_class import local

pytestmark = pytest.mark.django_db


def evidence(district: District) -> tuple[Photo, ...]:
    return (Photo(picture(district.actor("clerk"), "blue").file_id, "evidence"),)


def asking_return(district: District, **changes: Any) -> Walk:
    walk = Walk(district, **changes).to("handling")
    walk.step("clerk", "ask_return", note="不归我们管")
    return walk


def listed(user: User, wanted: str) -> set[str]:
    """The cases that the list shows to somebody; each row says by itself whether it is theirs to decide."""
    page = Browser(user).get("/cases", requests=wanted).json()
    assert page["total"]["value"] == len(page["items"])
    return {row["id"] for row in page["items"]}


def to_decide(user: User) -> set[str]:
    mine = listed(user, "mine")
    browser = Browser(user)
    rows = {row["id"]: row["to_decide"] for row in browser.get("/cases").json()["items"]}
    assert {key for key, is_mine in rows.items() if is_mine} == mine
    details = {key: browser.get(f"/cases/{key}").json() for key in rows}
    assert {key for key, detail in details.items() if detail["to_decide"]} == mine
    for detail in details.values():
        verbs = [action["verb"] for action in detail["actions"]]
        kinds = [verb.removeprefix("approve_") for verb in verbs if verb.startswith("approve_")]
        assert detail["to_decide"] == rows[detail["id"]]
        assert detail["to_decide"] in (kinds or [""])
    assert browser.get("/cases/summary").json()["to_decide"] == len(mine)
    return mine


def test_level_by_level_a_request_waits_for_whoever_decides_next(district: District) -> None:
    walk, plain = asking_return(district), Walk(district).to("handling")
    case, everybody = (
        str(walk.case.pk),
        (district.dispatcher, district.shift, district.leader, district.clerk),
    )
    assert [to_decide(user) for user in everybody] == [{case}, set(), set(), set()]
    walk.step("dispatcher", "approve_return", note="属实")
    assert [to_decide(user) for user in everybody] == [set(), {case}, set(), set()]
    assert [listed(user, "pending") for user in everybody] == [{case}] * 4
    assert str(plain.case.pk) not in listed(district.leader, "pending")
    walk.step("shift", "approve_return", note="同意")
    assert [to_decide(user) for user in everybody] == [set()] * 4
    assert listed(district.leader, "pending") == set()


def test_of_two_kinds_each_person_hears_of_the_one_that_is_theirs(district: District) -> None:
    walk = Walk(district).to("handling")
    walk.step("clerk", "ask_extension", note="需吊车", photos=evidence(district))
    walk.step("dispatcher", "approve_extension", note="属实")
    walk.step("clerk", "ask_return", note="不归我们管")
    case = str(walk.case.pk)
    assert [to_decide(user) for user in (district.leader, district.dispatcher)] == [{case}, {case}]
    rows = [Browser(user).get("/cases").json()["items"][0] for user in (district.leader, district.dispatcher)]
    assert [row["to_decide"] for row in rows] == ["extension", "return"]
    assert len({row["pending_request"] for row in rows}) == 1
    assert Browser(district.clerk).get("/cases").json()["items"][0]["to_decide"] == ""


def test_only_in_ones_own_areas(district: District) -> None:
    walk = Walk(district).to("handling")
    walk.step("clerk", "ask_extension", note="需吊车", photos=evidence(district))
    walk.step("dispatcher", "approve_extension", note="属实")
    office = people.unit("office", people.unit("root"))
    other = people.person(
        "farleader", "cases.view_case", "cases.approve_request", areas=[ELSEWHERE], at=office
    )
    seeing = people.person("seeing", "cases.view_case", areas=[STREET], at=office)
    assert to_decide(district.leader) == {str(walk.case.pk)}
    assert to_decide(other) == to_decide(seeing) == set()
    assert (listed(other, "pending"), listed(seeing, "pending")) == (set(), {str(walk.case.pk)})


def test_never_by_the_hands_that_asked_or_approved(district: District) -> None:
    both = people.person(
        "both", "cases.view_case", "cases.decide_request", "cases.confirm_request", areas=["420117"]
    )
    walk = asking_return(district)
    assert to_decide(both) == {str(walk.case.pk)}
    answer = Browser(both).post(
        f"/cases/{walk.case.pk}/actions",
        {"verb": "approve_return", "expected_version": walk.case.version, "note": "属实"},
    )
    assert answer.status_code == 200, answer.content
    assert to_decide(both) == set()
    assert to_decide(district.shift) == {str(walk.case.pk)}


def test_a_level_that_the_class_adds_counts_as_well(district: District) -> None:
    level = {"label": {"zh": "街道复核", "en": "Street"}, "permission": "cases.close_case"}
    walk = Walk(district)
    condition = local(**{"return": {"also": [level]}})
    walk.step("shift", "register", condition_id=condition)
    walk.to("handling").step("clerk", "ask_return", note="不归我们管")
    closer = people.person("closer", "cases.view_case", "cases.close_case", areas=["420117"])
    walk.step("dispatcher", "approve_return", note="属实")
    assert to_decide(closer) == set()
    walk.step("shift", "approve_return", note="同意")
    assert to_decide(closer) == {str(walk.case.pk)}


def test_the_table_says_who_decides_on_what(district: District) -> None:
    found = Browser(district.clerk).get("/cases/lifecycle").json()
    approving = {row["request"] for row in found["transitions"] if row["decision"] == "approve"}
    policies = {row["kind"]: row for row in found["requests"]}
    assert approving == set(policies)
    assert set(policies) == {"return", "extension", "suspension", "void", "appeal"}
    assert policies["return"]["blocks"] is True
    assert policies["extension"]["blocks"] is False
    levels = [level["permission"] for level in policies["return"]["approvals"]]
    assert levels == ["cases.decide_request", "cases.confirm_request"]
    assert policies["return"]["approvals"][0]["label"]["en"] == "Dispatcher"


def test_a_page_asks_once_whose_decisions_they_are_and_only_when_there_are_any(district: District) -> None:
    Walk(district)
    browser = Browser(district.dispatcher)
    assert asked_about_requests(browser) == 0
    for _ in range(3):
        asking_return(district)
    assert asked_about_requests(browser) == 1


def asked_about_requests(browser: Browser) -> int:
    with CaptureQueriesContext(connection) as asked:
        browser.get("/cases")
    return sum("cases_request" in query["sql"] for query in asked)


def test_the_filter_knows_two_words_only(district: District) -> None:
    assert Browser(district.dispatcher).get("/cases", requests="all").status_code == 422
