"""One step for many cases: each alone, each once."""

from typing import Any
from uuid import uuid4

import pytest

from yiwang.core.accounts.tests.people import Browser
from yiwang.core.audit.models import Entry
from yiwang.core.http.models import GivenAnswer
from yiwang.operations.cases import actions, bulk
from yiwang.operations.cases.models import Case, Step
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
    district: District, monkeypatch: pytest.MonkeyPatch
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
