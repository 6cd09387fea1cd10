"""A complaint is carried from report to closing by five posts, each in a window of its own, as users would."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Person, settle

pytestmark = pytest.mark.browser

Make = Callable[..., Person]
WHAT = "路口垃圾桶旁堆了一地生活垃圾，臭味很大"


def file_a_call(acceptor: Person) -> str:
    """The acceptor takes a call: place on the map, category by ordinary words, who called. Returns the number."""
    page = acceptor.open("/cases/new")
    page.locator(".maplibregl-canvas").wait_for()
    settle(page)
    page.locator(".maplibregl-canvas").click()
    expect(page.locator(".note.inside")).to_be_visible()
    page.locator(".pick input[type=search]").fill("暴露垃圾")
    page.get_by_role("option").first.click()
    page.locator("textarea").fill(WHAT)
    page.locator("input[inputmode=tel]").fill("13812345678")
    acceptor.picture("report-filled")
    page.get_by_role("button", name="提交登记").click()
    still = page.get_by_role("button", name="仍要登记")
    number = page.locator(".done .number")
    # Where something alike lies near the middle of the map, a second press says that it is another matter.
    expect(still.or_(number).first).to_be_visible()
    if still.is_visible():
        still.click()
    expect(number).to_be_visible()
    acceptor.picture("report-done")
    return number.inner_text().strip()


def look_up(someone: Person, number: str) -> Page:
    """Find a case by its number in the list, and open it."""
    found = someone.context.request.get(f"{someone.address}/api/v1/cases?q={number}").json()["items"]
    page = someone.open(f"/cases/{found[0]['id']}")
    expect(page.get_by_text(number).first).to_be_visible()
    return page


def dispatch(dispatcher: Person, number: str) -> str:
    """The dispatcher takes the first proposal; returns the unit's name."""
    page = look_up(dispatcher, number)
    dispatcher.do("dispatch")
    proposal = page.locator(".el-drawer .proposed button").first
    unit = proposal.locator("b").inner_text()
    proposal.click()
    dispatcher.picture("case-dispatch-form")
    dispatcher.submit()
    return unit


def handle(clerk: Person, number: str, photo: Path) -> str:
    """The unit's clerk takes it and reports back with a photo; returns the name of who is on duty there."""
    page = look_up(clerk, number)
    clerk.picture("narrow-case-take")
    clerk.do("take")
    clerk.submit()
    expect(page.get_by_text("处置中").first).to_be_visible()
    clerk.do("report_done")
    page.locator(".el-drawer textarea").fill("已清理干净，恢复原状")
    page.locator(".el-drawer input[type=file]").first.set_input_files(photo)
    expect(
        page.locator(".el-drawer figure.sent, .el-drawer figure.done, .el-drawer figure.stored")
    ).to_be_visible()
    clerk.picture("narrow-case-done-form")
    clerk.submit()
    found = clerk.context.request.get(f"{clerk.address}/api/v1/cases?q={number}").json()["items"][0]
    place = clerk.context.request.get(f"{clerk.address}/api/v1/cases/{found['id']}").json()["place"]
    return str(place["duty_person"]["name"])


def check(officer: Person, number: str) -> None:
    """The grid officer of the place finds it mended."""
    look_up(officer, number)
    officer.do("pass_check")
    officer.submit()
    officer.picture("narrow-case-checked")


def test_the_loop_by_five_posts(person: Make, enter: Callable[..., Person], photo: Path) -> None:
    shift = enter("shift_leader")
    shift.open("/")
    expect(shift.page.get_by_text("实时")).to_be_visible()
    settle(shift.page)
    shift.picture("workbench")

    acceptor = person()
    acceptor.open("/")
    acceptor.picture("sign-in")
    acceptor.page.get_by_role("button", name=re.compile("^以受理员")).first.click()
    expect(acceptor.page.get_by_role("link", name="工作台").first).to_be_visible()
    number = file_a_call(acceptor)

    # The shift leader's window, untouched since before the call, shows the new task by itself.
    expect(shift.page.get_by_text(WHAT[:8]).first).to_be_visible(timeout=20_000)
    shift.picture("workbench-live")

    look_up(shift, number)
    shift.picture("case-register")
    shift.do("register")
    shift.page.locator(".el-drawer input[type=radio]").first.check(force=True)
    shift.picture("case-register-form")
    shift.submit()
    expect(shift.page.get_by_text("待派遣").first).to_be_visible()

    unit = dispatch(enter("dispatcher"), number)
    clerk = enter(lambda account: account["role"] == "unit_clerk" and account["unit"] == unit, PHONE)
    officer = handle(clerk, number, photo)
    check(enter(lambda account: account["name"] == officer, PHONE), number)

    look_up(shift, number)
    shift.do("close")
    shift.submit()
    expect(shift.page.get_by_text("已结案").first).to_be_visible()
    expect(shift.page.get_by_text("处置反馈").first).to_be_visible()
    settle(shift.page)
    shift.picture("case-closed")


def test_an_action_of_somebody_else_is_refused(enter: Callable[..., Person]) -> None:
    dispatcher = enter("dispatcher")
    waiting = dispatcher.context.request.get(
        f"{dispatcher.address}/api/v1/cases?state=pending_registration"
    ).json()["items"][0]
    page = dispatcher.open(f"/cases/{waiting['id']}")
    expect(page.get_by_text(waiting["number"]).first).to_be_visible()
    expect(page.locator("footer.bar")).to_be_visible()
    shown = page.locator("footer.bar [data-verb]").evaluate_all(
        "buttons => buttons.map(one => one.dataset.verb)"
    )
    assert not {"register", "decline", "send_back"} & set(shown), "only what is allowed is shown"
    forced = dispatcher.post(
        f"/cases/{waiting['id']}/actions",
        {"verb": "decline", "expected_version": waiting["version"], "note": "x"},
        **{"Idempotency-Key": "forced"},
    )
    assert (forced.status, forced.json()["code"]) == (403, "permission_denied")


def test_who_comes_second_sees_what_happened(enter: Callable[..., Person]) -> None:
    first, second = enter("shift_leader"), enter("shift_leader")
    found = first.context.request.get(f"{first.address}/api/v1/cases?state=pending_registration").json()
    waiting = next(case for case in found["items"] if case["pending_request"] == "")
    second.open(f"/cases/{waiting['id']}")
    second.do("decline")
    second.page.locator(".el-drawer textarea").fill("不属于立案范围")
    sent = first.post(
        f"/cases/{waiting['id']}/actions",
        {"verb": "send_back", "expected_version": waiting["version"], "note": "请补充照片"},
        **{"Idempotency-Key": "first"},
    )
    assert sent.status == 200
    second.page.locator(".el-drawer__footer .el-button").last.click()
    second.page.locator("[data-confirm]").click()
    expect(second.page.get_by_role("alert").first).to_be_visible()
    second.picture("case-conflict")


@pytest.mark.parametrize(("name", "size"), [("desk", DESK), ("narrow", PHONE)])
def test_every_screen_at_desk_and_phone_width(
    enter: Callable[..., Person], name: str, size: dict[str, int]
) -> None:
    someone = enter("acceptor", size, maps=True)
    for path, heading in (
        ("/", "workbench"),
        ("/cases", "list"),
        ("/cases?q=没有这样的词", "list-empty"),
        ("/cases/new", "report"),
        ("/cases/map", "map"),
        ("/nowhere", "not-found"),
    ):
        page = someone.open(path)
        page.wait_for_load_state("load")
        settle(page)
        someone.picture(f"{name}-{heading}")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} px wider than the screen"


def test_english_is_one_switch_away(enter: Callable[..., Person]) -> None:
    someone = enter("dispatcher")
    page = someone.open("/")
    page.get_by_role("button", name=re.compile("Language")).click()
    page.get_by_role("menuitem", name="English").first.click()
    expect(page.get_by_text("Workbench").first).to_be_visible()
    settle(page)
    someone.picture("desk-workbench-english")
