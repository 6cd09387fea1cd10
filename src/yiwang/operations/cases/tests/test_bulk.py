"""One step for many cases: each alone, each once."""

from typing import Any
from uuid import uuid4

import pytest

from yiwang.core.accounts.tests import people
from yiwang.core.accounts.tests.people import Browser
from yiwang.core.audit.models import Entry
from yiwang.core.http.models import GivenAnswer
from yiwang.operations.cases import actions, bulk
from yiwang.operations.cases.models import Case, Step
from yiwang.operations.cases.rules import Given
from yiwang.operations.cases.tests.district import District, Walk

pytestmark = pytest.mark.django_db


def registered(district: District, count: int) -> list[Case]:
    return [Walk(district).to("pending_dispatch").case for _ in range(count)]


def item(case: Case, **changes: Any) -> dict[str, Any]:
    return {"id": str(case.pk), "expected_version": case.version, **changes}


def dispatch(district: District, cases: list[Case]) -> dict[str, Any]:
    return {
        "verb": "dispatch",
        "unit_id": district.unit.pk,
        "note": "批量派遣",
        "items": [item(c) for c in cases],
    }


def test_every_case_takes_the_step_and_says_so(district: District) -> None:
    cases = registered(district, 3)
    browser = Browser(district.dispatcher)
    answer = browser.post("/cases/bulk", dispatch(district, cases)).json()
    assert (answer["done"], answer["failed"]) == (3, 0)
    assert [row["id"] for row in answer["results"]] == [str(case.pk) for case in cases]
    assert {(row["state"], row["state_label"]["zh"], row["version"]) for row in answer["results"]} == {
        ("pending_handle", "待处置", cases[0].version + 1)
    }
    assert Entry.objects.filter(action="cases.dispatch").count() == 3


def test_what_fails_keeps_nothing_else_back_and_says_why(district: District) -> None:
    cases = registered(district, 3)
    wish = dispatch(district, cases)
    wish["items"][0]["expected_version"] = 0
    wish["items"].append({"id": str(uuid4()), "expected_version": 0})
    wish["items"].append(item(Walk(district).case))
    answer = Browser(district.dispatcher).post("/cases/bulk", wish).json()
    codes = [row["problem"]["code"] if row["problem"] else None for row in answer["results"]]
    assert codes == ["case_changed", None, None, "case_not_found", "action_not_possible"]
    assert (answer["done"], answer["failed"]) == (2, 3)
    problem = answer["results"][0]["problem"]
    assert (problem["status"], problem["params"]["actor"]) == (409, "人shift")
    cases[0].refresh_from_db()
    assert cases[0].state == "pending_dispatch"


def test_a_batch_without_the_right_moves_nothing(district: District) -> None:
    cases = registered(district, 2)
    answer = Browser(district.collector).post("/cases/bulk", dispatch(district, cases)).json()
    assert {row["problem"]["code"] for row in answer["results"]} == {"permission_denied"}
    elsewhere = Browser(district.other_collector).post("/cases/bulk", dispatch(district, cases)).json()
    assert {row["problem"]["code"] for row in elsewhere["results"]} == {"case_not_found"}


def test_killed_in_the_middle_and_sent_again_every_case_takes_the_step_once(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = registered(district, 4)
    wish, browser = dispatch(district, cases), Browser(district.dispatcher)
    advance, taken = actions.advance, []

    def killed_at_the_third(*given: Any, **named: Any) -> Case:
        if len(taken) == 2:
            raise SystemExit
        taken.append(given)
        return advance(*given, **named)

    with monkeypatch.context() as patch:
        patch.setattr(bulk.actions, "advance", killed_at_the_third)
        with pytest.raises(SystemExit):
            browser.post("/cases/bulk", wish, key="k1")
    answer = browser.post("/cases/bulk", wish, key="k1").json()
    assert [(row["ok"], row["replayed"]) for row in answer["results"]] == [
        (True, True), (True, True), (True, False), (True, False),
    ]  # fmt: skip
    again = browser.post("/cases/bulk", wish, key="k1").json()
    assert all(row["replayed"] for row in again["results"])
    assert Step.objects.filter(verb="dispatch").count() == 4


def test_what_failed_is_tried_again_and_a_key_belongs_to_one_request(district: District) -> None:
    (case,) = registered(district, 1)
    browser, wish = Browser(district.dispatcher), dispatch(district, [case])
    wish["unit_id"] = 10**9
    assert (
        browser.post("/cases/bulk", wish, key="k1").json()["results"][0]["problem"]["code"] == "unknown_unit"
    )
    wish["unit_id"] = district.unit.pk
    assert browser.post("/cases/bulk", wish, key="k1").json()["done"] == 1
    wish["note"] = "别的"
    other = browser.post("/cases/bulk", wish, key="k1").json()["results"][0]
    assert (other["ok"], other["problem"]["code"]) == (False, "idempotency_key_reused")


def test_one_case_that_the_platform_fails_on_keeps_nothing_else_back(
    district: District, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cases = registered(district, 2)
    advance = actions.advance

    def broken(actor: Any, case_id: Any, **named: Any) -> Case:
        if case_id == cases[0].pk:
            raise ZeroDivisionError
        return advance(actor, case_id, **named)

    monkeypatch.setattr(bulk.actions, "advance", broken)
    answer = Browser(district.dispatcher).post("/cases/bulk", dispatch(district, cases)).json()
    assert [row["ok"] for row in answer["results"]] == [False, True]
    assert (answer["results"][0]["problem"]["code"], answer["results"][0]["problem"]["status"]) == (
        "internal_error",
        500,
    )
    assert f"'dispatch' of case {cases[0].pk}" in caplog.text
    assert str(cases[1].pk) not in caplog.text


def assisted(district: District) -> Case:
    """A case of which the water unit has the main task and the roads unit assists."""
    walk = Walk(district).to("pending_dispatch")
    return walk.step("dispatcher", "dispatch", unit_id=district.unit.pk, assist_ids=(district.other_unit.pk,))


def take(cases: list[Case]) -> dict[str, Any]:
    return {"verb": "take", "items": [item(case) for case in cases]}


def test_of_several_tasks_each_person_takes_their_own(district: District) -> None:
    cases = [assisted(district), Walk(district).to("pending_handle").case]
    first = Browser(district.clerk).post("/cases/bulk", take(cases)).json()
    assert (first["done"], first["failed"]) == (2, 0)
    cases[0].refresh_from_db()
    second = Browser(district.other_clerk).post("/cases/bulk", take(cases[:1])).json()
    assert second["done"] == 1
    units = cases[0].tasks.filter(state="running").values_list("unit", "assignee_name")
    assert set(units) == {
        (district.unit.pk, district.clerk.name),
        (district.other_unit.pk, district.other_clerk.name),
    }


def test_whoever_stands_above_several_units_takes_the_one_of_their_own(district: District) -> None:
    below = people.unit("pipes", district.unit, handles=True)
    head = people.person("head", "cases.view_case", "cases.handle_case", at=district.unit)
    walk = Walk(district).to("pending_dispatch")
    case = walk.step("dispatcher", "dispatch", unit_id=below.pk, assist_ids=(district.unit.pk,))
    answer = Browser(head).post("/cases/bulk", take([case])).json()
    assert answer["done"] == 1, answer
    assert case.tasks.get(state="running").unit == district.unit


def test_what_is_in_ones_own_hands_is_gone_on_with(district: District) -> None:
    chief = people.person("chief", "cases.view_case", "cases.handle_case", at=people.unit("root"))
    case = assisted(district)
    mine = case.tasks.get(unit=district.other_unit)
    actions.advance(people.actor(chief), case.pk, verb="take", expected_version=case.version,
        given=Given(task_id=mine.pk))  # fmt: skip
    case.refresh_from_db()
    case = actions.advance(people.actor(chief), case.pk, verb="take", expected_version=case.version,
        given=Given(task_id=case.tasks.get(unit=district.unit).pk))  # fmt: skip
    case.tasks.filter(unit=district.unit).update(assignee_id=district.clerk.pk)
    wish = {"verb": "ask_return", "note": "不归我们管", "items": [item(case)]}
    answer = Browser(chief).post("/cases/bulk", wish).json()
    assert answer["done"] == 1, answer
    assert case.requests.get().task == mine


def test_where_it_is_not_plain_whose_task_is_meant_the_case_says_so(district: District) -> None:
    chief = people.person("chief", "cases.view_case", "cases.handle_case", at=people.unit("root"))
    cases = [assisted(district), Walk(district).to("pending_handle").case]
    answer = Browser(chief).post("/cases/bulk", take(cases)).json()
    assert [row["ok"] for row in answer["results"]] == [False, True]
    problem = answer["results"][0]["problem"]
    assert (problem["code"], problem["field"]) == ("which_task", "task_id")
    assert set(problem["params"]["units"].split("、")) == {"water", "roads"}
    assert "water" in problem["detail"]
    cases[0].refresh_from_db()
    named = take(cases[:1])
    named["items"][0]["task_id"] = str(cases[0].tasks.get(unit=district.unit).pk)
    assert Browser(chief).post("/cases/bulk", named).json()["done"] == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda wish: wish.update(items=[]), "items"),
        (lambda wish: wish["items"].append(wish["items"][0]), "items"),
        (lambda wish: wish.update(items=wish["items"] * 501), "items"),
        (lambda wish: wish.update(photos=[{"file_id": str(uuid4()), "slot": "near"}]), "photos"),
    ],
)
def test_a_batch_that_cannot_be_is_refused_whole(district: District, change: Any, field: str) -> None:
    wish = dispatch(district, registered(district, 1))
    change(wish)
    answer = Browser(district.dispatcher).post("/cases/bulk", wish)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert not GivenAnswer.objects.exists()


def test_a_batch_needs_its_key(district: District) -> None:
    answer = Browser(district.dispatcher).post("/cases/bulk", {}, **{"Idempotency-Key": ""})
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_required")
