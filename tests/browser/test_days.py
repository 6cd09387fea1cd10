"""The day of each post by keyboard alone: from the workbench to the work done, without a pointer."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.hands import Hands
from tests.browser.steps import Enter, act, call, named, on_duty, register, sent_to, upload

pytestmark = [pytest.mark.browser, pytest.mark.full]

TASKS = "我的任务"


def take_up(hands: Hands, case: Any) -> Hands:
    """Go down the tasks on the workbench as far as this case, and open it."""
    row = hands.page.locator(f".tasks a[href='/cases/{case['id']}']")
    expect(row).to_be_visible()
    for _ in range(80):
        hands.press("j")
        if "active" in (row.get_attribute("class") or ""):
            break
    return hands.press("Enter").reads(case["number"])


def at_sanitation(account: dict[str, Any]) -> bool:
    """The clerk of the sanitation office."""
    return account["role"] == "unit_clerk" and account["username"].startswith("sanitation")


def option(hands: Hands, name: str) -> Locator:
    """What the search box offers."""
    return hands.page.get_by_role("option", name=re.compile(name)).first


def test_the_acceptor_takes_a_call_and_finds_it_again(enter: Enter) -> None:
    hands = Hands(enter("acceptor")).open()
    hands.press("n").reads("登记")
    hands.tab_to("输入坐标").write("114.8123, 30.8456").press("Tab")
    expect(hands.page.locator(".note.inside")).to_be_visible()
    hands.tab_to("说说是什么").write("暴露垃圾")
    expect(option(hands, "暴露")).to_be_visible()
    hands.press("Enter").tab_to("情况描述").write("菜场后门垃圾成堆，早上就没人收")
    hands.tab_to("反映人姓名").write("刘先生").tab_to("联系电话").write("13877776666")
    number, still = (
        hands.page.locator(".done .number"),
        hands.page.get_by_role("button", name="仍要登记"),
    )
    hands.press("Control+Enter")
    expect(still.or_(number).first).to_be_visible()
    if still.is_visible():
        hands.press("Control+Enter")
    expect(number).to_be_visible()
    called = number.inner_text().strip()

    # The next call comes at once; then the same person asks what became of it.
    hands.tab_to("登记下一件").press("Enter")
    expect(hands.page.get_by_label("情况描述")).to_have_value("")
    hands.press("Control+k").write("6666")
    expect(option(hands, called)).to_be_visible()
    hands.press("ArrowDown", "Enter").reads(called)
    hands.press("g", "h").reads(TASKS)


def test_the_shift_leader_registers_and_reads_the_keys(enter: Enter) -> None:
    case = call(enter("acceptor"), "人行道上有人倒了一车碎砖", 900)
    hands = take_up(Hands(enter("shift_leader")).open(), case)
    hands.step().press("Space").send().reads("待派遣")
    hands.press("?")
    expect(hands.page.get_by_role("dialog").get_by_text("下一件").first).to_be_visible()
    hands.press("Escape")
    expect(hands.page.get_by_role("dialog")).to_have_count(0)
    hands.press("u").reads(TASKS)


def test_the_dispatcher_sends_one_after_the_other(enter: Enter) -> None:
    acceptor, shift = enter("acceptor"), enter("shift_leader")
    cases = [call(acceptor, "花坛里有烟头纸屑", 1800), call(acceptor, "站牌下饮料洒了一地", 2500)]
    for case in cases:
        register(shift, case)
    hands = Hands(enter("dispatcher")).open()
    for case in cases:
        take_up(hands, case).step().press("Enter").send().reads("待处置")
        hands.press("g", "h").reads(TASKS)


def test_a_clerk_handles_an_officer_checks_and_it_is_closed(enter: Enter, photo: Path) -> None:
    case = sent_to("sanitation", "垃圾桶满了三天没人清", 3200, enter)
    clerk = enter(at_sanitation)
    hands = take_up(Hands(clerk).open(), case)
    hands.step().send().reads("处置中")
    hands.step().write("已清运，桶身冲洗干净").choose_file("添加照片", photo)
    expect(hands.page.locator(".el-drawer figure.done")).to_be_visible()
    hands.send().reads("待核查")

    officer = take_up(Hands(enter(named(on_duty(clerk, case)))).open(), case)
    officer.step().write("已复核，地面干净").choose_file("添加照片", photo)
    expect(officer.page.locator(".el-drawer figure.done")).to_be_visible()
    officer.send().reads("待结案")

    shift = take_up(Hands(enter("shift_leader")).open(), case)
    shift.step().send().reads("已结案")


def test_the_inspector_looks_a_case_up_and_supervises_it(enter: Enter) -> None:
    case = sent_to("sanitation", "垃圾池外溢，路都过不去", 5000, enter)
    hands = Hands(enter("inspector")).open()
    hands.press("/").write(case["number"])
    expect(option(hands, case["number"])).to_be_visible()
    hands.press("Enter").reads(case["number"])
    hands.tab_to("督办").press("Enter").form_stands()
    hands.tab_to("超时督办").press("ArrowDown", "ArrowDown")
    hands.tab_to("督办要求").write("今天之内清完，并说明为何拖延").send()
    hands.reads("今天之内清完")


def test_the_leader_decides_and_opens_a_figure(enter: Enter, photo: Path) -> None:
    case = sent_to("sanitation", "果皮箱整排被撞坏", 6000, enter)
    clerk, dispatcher = enter(at_sanitation), enter("dispatcher")
    act(clerk, case["id"], "take")
    evidence = [{"file_id": upload(clerk, photo), "slot": "evidence"}]
    act(clerk, case["id"], "ask_extension", note="配件要从市里调", photos=evidence)
    act(dispatcher, case["id"], "approve_extension", note="同意")

    leader = enter(lambda account: account["role"] == "leader" and account["post"] == "局领导")
    hands = take_up(Hands(leader).open(), case)
    hands.tab_to("^同意延期").press("Enter").form_stands()
    hands.send().reads("时限延至")

    hands.go_to_page("评价")
    hands.reads("按期处置率").tab_to("上报数 [0-9]").press("Enter")
    hands.page.wait_for_url("**/evaluation/**")
    expect(hands.page.locator("tbody tr").first).to_be_visible()


def test_the_administrator_shuts_an_account_and_opens_it_again(
    enter: Enter, accounts: list[dict[str, Any]]
) -> None:
    who = [account for account in accounts if account["role"] == "collector"][-1]
    hands = Hands(enter("administrator")).open()
    hands.go_to_page("人员管理")
    hands.reads("人员管理").tab_to("姓名、账号").write(who["username"]).press("Enter")
    expect(hands.page.locator("tbody tr")).to_have_count(1)
    hands.tab_to(who["name"], within="tbody").press("Enter").form_stands()
    hands.tab_to("^停用账号").press("Enter")
    expect(hands.page.locator(".el-popconfirm:focus")).to_be_visible()
    hands.tab_to("^停用账号").press("Enter")
    expect(hands.page.locator("header").get_by_text("停用").first).to_be_visible()
    hands.tab_to("^启用").press("Enter")
    expect(hands.page.get_by_role("button", name="停用账号", exact=True)).to_have_count(1)
