"""What a day at the office brings beside the straight way, in real windows: several units on one case, requests
with evidence, reports of one matter, talk, drafts, many cases at once, and paper."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Person
from tests.browser.steps import act, call, get, pick_units, register, show

pytestmark = pytest.mark.browser

Make = Callable[..., Person]


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A picture of a letter, as evidence."""
    file = tmp_path / "材料.jpg"
    Image.new("RGB", (900, 1200), (235, 232, 220)).save(file, "JPEG")
    return file


def dispatch_to_two(dispatcher: Person, case: Any) -> str:
    """To the unit that is proposed, with another one assisting; returns the main unit's name."""
    page = show(dispatcher, case)
    dispatcher.do("dispatch")
    proposal = page.locator(".el-drawer .proposed button").first
    unit = proposal.locator("b").inner_text()
    proposal.click()
    pick_units(page, "市政设施维护队")
    page.get_by_role("button", name="常用语").click()
    page.locator(".phrases .words").first.click()
    expect(page.locator(".el-drawer textarea")).not_to_have_value("")
    dispatcher.picture("case-dispatch-units")
    dispatcher.submit()
    expect(page.locator("[data-task=handle]")).to_have_count(2)
    expect(page.get_by_text("主办", exact=True)).to_be_visible()
    expect(page.get_by_text("协办", exact=True)).to_be_visible()
    return unit


def talk_and_print(leader: Person, clerk: Person, at_unit: dict[str, Any]) -> None:
    """On the case that stands open: a comment that tells the clerk, and the file on paper."""
    page = leader.page
    page.locator("[data-tab=comments]").click()
    page.locator(".comments textarea").fill(f"请 @{at_unit['username']}")
    page.locator(".comments textarea").press("End")
    expect(page.locator(".people button", has_text=at_unit["name"])).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.type("周五前办结")
    page.locator("[data-comment-send]").click()
    expect(page.locator(".said mark", has_text=at_unit["name"])).to_be_visible()
    leader.picture("case-tasks-and-talk")
    clerk.page.locator(".bell").click()
    expect(clerk.page.get_by_text("在讨论中提到您").first).to_be_visible()

    with page.expect_popup() as opened, page.expect_response(lambda one: "file.pdf" in one.url) as answered:
        page.locator("button.print").click()
    printed = answered.value
    assert (printed.status, printed.headers["content-type"]) == (200, "application/pdf"), printed.text()[:300]
    opened.value.wait_for_url("blob:**")
    assert leader.context.request.get(printed.url).body().startswith(b"%PDF-")


def test_two_units_an_extension_by_two_people_and_talk(
    enter: Make, accounts: list[dict[str, Any]], paper: Path
) -> None:
    acceptor, shift, dispatcher = (enter(key) for key in ("acceptor", "shift_leader", "dispatcher"))
    case = call(acceptor, "环卫车漏水，整条街又湿又臭")
    register(shift, case)

    unit = dispatch_to_two(dispatcher, case)
    at_unit = next(a for a in accounts if a["role"] == "unit_clerk" and a["unit"] == unit)
    clerk = enter(lambda account: account is at_unit)
    page = show(clerk, case)
    clerk.do("take")
    clerk.submit()
    clerk.do("ask_extension")
    page.locator(".el-drawer textarea").fill("要等专业车辆从市里调来")
    page.locator(".el-drawer input[type=file]").first.set_input_files(paper)
    expect(page.locator(".el-drawer figure.done")).to_be_visible()
    clerk.picture("case-ask-extension")
    clerk.submit()

    page = show(dispatcher, case)
    asked = page.locator("[data-request=extension]")
    expect(asked.locator("img")).to_be_visible()  # the evidence
    dispatcher.do("approve_extension")
    dispatcher.submit()
    expect(asked.get_by_text("等待审批")).to_be_visible()

    # It waits on the leader's workbench; the leader's word moves the clock.
    leader = enter(lambda account: account["role"] == "leader" and account["post"] == "局领导")
    page = leader.open("/")
    expect(page.get_by_text("延期待审批").first).to_be_visible()
    leader.picture("workbench-decide")
    page = show(leader, case)
    leader.do("approve_extension")
    leader.submit()
    expect(page.get_by_text("时限延至").first).to_be_visible()

    talk_and_print(leader, clerk, at_unit)


def test_one_matter_reported_twice_is_merged_and_parted_again(enter: Make) -> None:
    acceptor, shift = enter("acceptor"), enter("shift_leader")
    words = "幼儿园后门垃圾堆成山，几天没有人清运"
    main, again = call(acceptor, words, east_m=2500), call(acceptor, f"{words}，孩子绕着走", east_m=2520)

    page = show(shift, again)
    alike = page.locator(f"[data-duplicates] [data-similar='{main['number']}']").first
    expect(alike).to_be_visible()
    shift.picture("case-duplicates")
    alike.get_by_role("button", name="并入此案").click()
    expect(page.locator(".el-drawer").get_by_text("主案", exact=True)).to_be_visible()
    shift.submit()
    expect(page.get_by_text("已并入主案")).to_be_visible()
    page.locator(".banner a", has_text=main["number"]).click()
    expect(page.get_by_text("并入本案的案件（1）")).to_be_visible()

    page = show(shift, again)
    shift.do("unmerge")
    page.locator(".el-drawer textarea").fill("两处不是同一堆")
    shift.submit()
    expect(page.get_by_text("已并入主案")).to_be_hidden()
    assert get(shift, f"/cases/{again['id']}")["state"] == "pending_registration"


def test_a_draft_outlives_its_window_and_two_windows_are_told_apart(enter: Make) -> None:
    acceptor = enter("acceptor")
    page = acceptor.open("/cases/new")
    page.locator("textarea").fill("来电人说路灯不亮")
    expect(page.get_by_text("草稿已保存")).to_be_visible()
    page.close()

    page = acceptor.page = acceptor.context.new_page()
    acceptor.open("/cases/new")
    expect(page.locator("textarea")).to_have_value("来电人说路灯不亮")
    other = acceptor.context.new_page()
    other.goto(f"{acceptor.address}/cases/new")
    expect(other.locator("textarea")).to_have_value("来电人说路灯不亮")
    other.locator("textarea").fill("来电人说三盏路灯不亮")
    expect(other.get_by_text("已恢复上次的草稿").or_(other.get_by_text("草稿已保存"))).to_be_visible()
    other.wait_for_timeout(1500)
    page.locator("textarea").fill("来电人说路灯不亮，已有一周")
    expect(page.get_by_text("您在另一个窗口改过这份草稿")).to_be_visible()
    acceptor.picture("report-draft-conflict")
    page.get_by_role("button", name="用另一个窗口的").click()
    expect(page.locator("textarea")).to_have_value("来电人说三盏路灯不亮")
    page.get_by_role("button", name="清空").click()
    page.wait_for_timeout(1000)
    assert get(acceptor, "/drafts/case.report")["version"] == 0
    other.close()


def test_many_cases_at_once_each_with_its_own_result(enter: Make) -> None:
    acceptor, shift = enter("acceptor"), enter("shift_leader")
    cases = [call(acceptor, f"第{n}处垃圾桶满了没有清", east_m=-600 * n) for n in (1, 2, 3)]
    page = shift.open("/cases?state=pending_registration")
    for case in cases:
        page.get_by_label(f"选择 {case['number']}").click()
    expect(page.get_by_text("已选 3 件")).to_be_visible()
    page.locator("[data-bulk=send_back]").click()
    page.locator(".el-drawer textarea").fill("请补充照片")
    shift.picture("bulk-form")
    act(acceptor, cases[0]["id"], "urge", note="来电人再次催问")  # meanwhile, by somebody else
    page.locator("[data-send]").click()
    expect(page.locator("[data-outcome=done]")).to_have_count(2)
    expect(page.locator("[data-outcome=refused]")).to_have_count(1)
    shift.picture("bulk-result")
    page.get_by_role("button", name="重试未办的 1 件").click()
    expect(page.locator("[data-outcome=done]")).to_have_count(3)
    assert {get(shift, f"/cases/{case['id']}")["state"] for case in cases} == {"reported"}
