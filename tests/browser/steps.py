"""What several tests do on their way: read and act behind the screens, open a case, fill in a field."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Person
from yiwang.core.ids import uuid7


def get(someone: Person, path: str) -> Any:
    """What the API answers to this person."""
    return someone.context.request.get(f"{someone.address}/api/v1{path}").json()


def act(someone: Person, case_id: str, verb: str, **given: Any) -> Any:
    """A step behind the screens."""
    version = get(someone, f"/cases/{case_id}")["version"]
    body = {"verb": verb, "expected_version": version, **given}
    answer = someone.post(f"/cases/{case_id}/actions", body, **{"Idempotency-Key": str(uuid7())})
    assert answer.status == 200, answer.text()
    return answer.json()


def call(acceptor: Person, words: str, east_m: float = 0) -> Any:
    """A call about rubbish at one place, so many metres to the east of it."""
    body = {
        "category": "event.exposed_waste",
        "description": words,
        "lon": 114.80123 + east_m / 95_500,
        "lat": 30.84567,
        "source": "hotline_12345",
        "reporter": {"name": "王建国", "phone": "13900001111"},
    }
    answer = acceptor.post("/cases", body, **{"Idempotency-Key": str(uuid7())})
    assert answer.status == 201, answer.text()
    return answer.json()


def show(someone: Person, case: Any) -> Page:
    """The page of a case, once it is there."""
    page = someone.open(f"/cases/{case['id']}")
    expect(page.get_by_text(case["number"]).first).to_be_visible()
    return page


def register(shift: Person, case: Any) -> None:
    """So that it waits for its dispatch."""
    classes = get(shift, "/categories")["items"]
    conditions = next(one for one in classes if one["key"] == case["category"]["key"])["conditions"]
    act(shift, case["id"], "register", condition_id=conditions[0]["id"])


def pick_units(page: Page, *names: str) -> None:
    """Choose assisting units in the open form."""
    field = page.locator("[data-field=assist_ids]")
    field.locator(".el-select").click()
    for name in names:
        page.locator(".el-tree-node__content:visible", has_text=name).last.click()
    page.keyboard.press("Escape")
