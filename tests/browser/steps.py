"""What several tests do on their way: read and act behind the screens, open a case, fill in a field."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Person
from yiwang.core.ids import uuid7

Enter = Callable[..., Person]


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


def named(name: str) -> Callable[[dict[str, Any]], bool]:
    """The account of a person."""
    return lambda account: bool(account["name"] == name)


def desk(username: str) -> Callable[[dict[str, Any]], bool]:
    """An account by its own name."""
    return lambda account: bool(account["username"] == username)


def on_duty(someone: Person, case: Any) -> str:
    """Who is on duty where a case is."""
    return str(get(someone, f"/cases/{case['id']}")["place"]["duty_person"]["name"])


def unit_of(someone: Person, code: str) -> Any:
    return next(unit for unit in get(someone, "/units")["items"] if unit["code"] == code)


def sent_to(code: str, words: str, east_m: float, enter: Enter) -> Any:
    """A case that waits for a unit."""
    acceptor, shift, dispatcher = (enter(role) for role in ("acceptor", "shift_leader", "dispatcher"))
    case = call(acceptor, words, east_m)
    register(shift, case)
    act(dispatcher, case["id"], "dispatch", unit_id=unit_of(dispatcher, code)["id"])
    return case


def upload(someone: Person, photo: Path) -> str:
    """A file stored behind the screens; its id."""
    token = next(c["value"] for c in someone.context.cookies() if c["name"] == "csrftoken")
    answer = someone.context.request.post(
        f"{someone.address}/api/v1/files",
        multipart={"file": photo},
        headers={"X-CSRFToken": token, "Idempotency-Key": str(uuid7())},
    )
    assert answer.status == 201, answer.text()
    return str(answer.json()["id"])
