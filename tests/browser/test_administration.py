"""The administrator changes the rules on screen while work goes on: a state put into the lifecycle, a day of the
calendar, a class's own limit."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Person
from yiwang.core import clock
from yiwang.core.ids import uuid7

pytestmark = pytest.mark.browser

Enter = Callable[[str], Person]


@pytest.fixture
def admin(enter: Enter) -> Person:
    return enter("administrator")


@pytest.fixture
def shipped_again(admin: Person) -> Iterator[None]:
    """Afterwards the lifecycle in force says what it said before, for whoever uses the demo next."""
    version = get(admin, "/lifecycles")["current"]
    table = get(admin, f"/lifecycles/{version}")["table"]
    yield
    today = clock.today().isoformat()
    send(
        admin,
        "/lifecycles",
        {"table": table, "valid_from": today, "base": version, "note": "", "draft": None},
    )


def get(someone: Person, path: str) -> Any:
    """What the API answers to this person."""
    answer = someone.context.request.get(f"{someone.address}/api/v1{path}")
    assert answer.status == 200, answer.text()
    return answer.json()


def send(someone: Person, path: str, body: object) -> Any:
    """A write behind the screens."""
    answer = someone.post(path, body, **{"Idempotency-Key": str(uuid7())})
    assert answer.status in (200, 201), answer.text()
    return answer.json()


def call(acceptor: Person, category: str, words: str) -> Any:
    """Somebody rings up."""
    body = {"category": category, "description": words, "lon": 114.80234, "lat": 30.84321}
    reporter = {"name": "王建国", "phone": "13900001111"}
    return send(acceptor, "/cases", {**body, "source": "hotline_12345", "reporter": reporter})


def act(someone: Person, case: Any, verb: str, **given: Any) -> Any:
    """A step of a case."""
    version = get(someone, f"/cases/{case['id']}")["version"]
    body = {"verb": verb, "expected_version": version, **given}
    return send(someone, f"/cases/{case['id']}/actions", body)


def conditions(someone: Person, case: Any) -> list[dict[str, Any]]:
    """What a case may be registered under, with the limits that hold."""
    found: list[dict[str, Any]] = get(someone, f"/cases/{case['id']}/conditions")["items"]
    return found


def register(shift: Person, case: Any) -> Any:
    return act(shift, case, "register", condition_id=conditions(shift, case)[0]["id"])


def put_in_a_review(page: Page) -> None:
    """Before a case is dispatched, a leader looks at it."""
    page.locator("[data-state=pending_dispatch]").click()
    page.locator("[data-act=add-node]").click()
    form = page.locator("[data-add-node]")
    for place, words in enumerate(("派遣预审", "Review", "预审通过", "Reviewed")):
        form.locator(".pair input").nth(place).fill(words)
    page.locator("[data-act=insert]").click()
    expect(page.locator("[data-state=local_review]")).to_be_visible()
    expect(page.locator(".verdict.good")).to_be_visible()


def test_a_state_is_put_in_and_published_while_cases_run(
    enter: Enter, admin: Person, shipped_again: None
) -> None:
    acceptor, shift, leader = (enter(role) for role in ("acceptor", "shift_leader", "leader"))
    running = call(acceptor, "event.exposed_waste", "已在办理的案件")

    page = admin.open("/admin/lifecycles")
    expect(page.locator("[data-state=handling]")).to_be_visible()
    admin.picture("lifecycle")
    page.locator("[data-act=edit]").click()
    page.wait_for_url("**/edit*")  # the picture on the page before has the same states
    put_in_a_review(page)
    admin.picture("lifecycle-editor")
    page.locator("[data-act=open-publish]").click()
    page.locator("[data-act=today]").click()
    expect(page.locator(".el-dialog")).to_contain_text("继续按各自原来的版本办理")
    page.locator("[data-act=publish]").click()
    expect(page.get_by_role("heading", name="本地第")).to_contain_text("现行")
    expect(page.locator("[data-state=local_review]")).to_be_visible()

    assert register(shift, running)["state"] == "pending_dispatch", "it keeps the version of its opening"
    fresh = call(acceptor, "event.exposed_waste", "新规定之后的案件")
    assert register(shift, fresh)["state"] == "local_review"
    verb = next(
        a["verb"] for a in get(leader, f"/cases/{fresh['id']}")["actions"] if a["verb"] == "local_reviewed"
    )
    assert act(leader, fresh, verb)["state"] == "pending_dispatch"


def test_a_day_is_worked_by_local_decision(admin: Person) -> None:
    saturday = date(clock.today().year + 1, 3, 1)
    saturday += timedelta(days=(5 - saturday.weekday()) % 7)
    page = admin.open("/admin/calendars")
    page.get_by_role("button", name="下一年").click()
    day = page.locator(f"[data-on='{saturday}']")
    expect(day).to_have_class("weekend")
    day.click()
    page.locator("[data-day] input[name=source]").fill("区政府〔2026〕1号")
    page.locator("[data-act=rule]").click()
    expect(day).to_have_class("moved local")
    admin.picture("calendar")
    stated = get(admin, f"/calendars/default?year={saturday.year}")["days"]
    assert [d["is_workday"] for d in stated if d["on"] == saturday.isoformat()] == [True]


def test_a_class_gets_a_limit_of_the_district(enter: Enter, admin: Person) -> None:
    acceptor, shift = enter("acceptor"), enter("shift_leader")
    category = get(admin, "/categories")["items"][-1]["key"]
    before = call(acceptor, category, "按标准版登记")
    page = admin.open(f"/admin/categories?key={category}")
    page.locator("[data-act=edit]").click()
    day = page.locator(".when .el-date-editor input")
    day.fill(clock.today().isoformat())
    day.press("Enter")
    amount = page.locator("[data-condition='0'] .el-input-number input").first
    amount.fill("7")
    amount.press("Tab")
    page.get_by_role("button", name="发布本地版本").click()
    expect(page.locator(".yw-table .limit").first).to_contain_text("7")
    expect(page.locator(".marks")).to_contain_text("本地现行")
    admin.picture("category")
    assert float(conditions(shift, before)[0]["limit"]["amount"]) == 7
    page.get_by_role("tab", name="与标准版的差异").click()
    expect(page.locator(".yw-table tbody tr")).to_have_count(1)
