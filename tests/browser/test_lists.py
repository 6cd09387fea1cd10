"""Lists at the desk: columns, orders, views, tables; and the one search box, all by keyboard where that is quicker."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Person

pytestmark = pytest.mark.browser


def headings(page: Page) -> list[str]:
    return [
        text.split("\n")[0].strip() for text in page.locator("thead th").all_inner_texts() if text.strip()
    ]


def test_a_list_is_put_in_order_kept_as_a_view_and_written_out(
    enter: Callable[..., Person], tmp_path: Path
) -> None:
    desk = enter("shift_leader")
    page = desk.open("/cases")
    expect(page.locator("tbody tr").first).to_be_visible()
    page.get_by_role("button", name="显示的列").click()
    page.get_by_role("checkbox", name="来源").check()
    page.get_by_role("button", name="“处置单位”上移").click()
    page.get_by_role("checkbox", name="上报时间").uncheck()
    page.keyboard.press("Escape")
    assert headings(page) == ["时限", "状态", "问题", "处置单位", "位置", "案件编号", "来源"]

    page.get_by_role("button", name="位置", exact=True).click()
    page.get_by_role("button", name="时限", exact=True).click(modifiers=["Shift"])
    expect(page).to_have_url(re.compile("sort=street(,|%2C)due_at"))

    page.get_by_role("button", name="视图").click()
    page.get_by_role("button", name="保存当前视图…").click()
    page.get_by_label("名称").fill("按街道看时限")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("视图“按街道看时限”已保存")).to_be_visible()
    page = desk.open("/cases?tab=closed")
    page.get_by_role("button", name="视图").click()
    with page.expect_response(re.compile("/api/v1/cases.*sort=street")):
        page.get_by_role("button", name="按街道看时限").first.click()
    expect(page).to_have_url(re.compile(r"/cases\?sort=street"))
    expect(page.locator("tbody tr").first).to_be_visible()
    assert headings(page)[3] == "处置单位"

    page.get_by_role("button", name="导出").click()
    told = page.get_by_text("导出当前列表，共").inner_text()
    with page.expect_download() as saved:
        page.get_by_role("button", name="开始导出").click()
    file = tmp_path / saved.value.suggested_filename
    saved.value.save_as(file)
    assert file.name.startswith("案件列表-")
    sheet = load_workbook(BytesIO(file.read_bytes())).worksheets[0]
    table = list(sheet.iter_rows(values_only=True))
    assert table[0][:3] == ("案件编号", "时限", "截止时间")
    assert f"共 {len(table) - 1} 行" in told
    streets = [row[table[0].index("街道")] for row in table[1:]]
    assert len(set(streets)) == len(
        [n for n, street in enumerate(streets) if n == 0 or streets[n - 1] != street]
    )
    page.get_by_role("link", name="我的导出").click()
    expect(page.get_by_text("案件列表")).to_be_visible()
    desk.picture("my-exports")


def test_the_box_finds_by_keyboard_alone(enter: Callable[..., Person]) -> None:
    desk = enter("acceptor")
    page = desk.open("/cases")
    number = page.locator("td.number").first.inner_text().strip()
    page.keyboard.press("/")
    page.keyboard.type(number[-5:])
    expect(page.get_by_role("option").first).to_contain_text(number)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=number)).to_be_visible()
    page.get_by_role("button", name="收藏").click()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("group", name="收藏")).to_contain_text(number)
    page.keyboard.type("地图")
    expect(page.get_by_role("group", name="页面")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/cases/map$"))
    page.keyboard.press("/")
    page.keyboard.type("没有这样的东西xyz")
    expect(page.get_by_text("没有找到")).to_be_visible()


def test_pages_stay_in_tabs_as_they_were_left(enter: Callable[..., Person]) -> None:
    desk = enter("acceptor")
    page = desk.open("/cases?tab=all")
    tabs = page.get_by_role("navigation", name="打开的页面").get_by_role("listitem")
    rows = page.locator("tbody tr a")
    rows.nth(8).scroll_into_view_if_needed()
    page.locator(".scroller").evaluate("box => box.scrollTo(0, 240)")
    rows.nth(8).click()
    expect(tabs).to_have_count(3)
    expect(tabs.nth(2)).to_contain_text(re.compile(r"\d{4}-\d{5}"))
    first = tabs.nth(2).inner_text()
    page.keyboard.press("j")  # the next case, in the same tab
    expect(tabs.nth(2)).not_to_have_text(first)
    expect(tabs).to_have_count(3)
    page.keyboard.press("[")
    expect(page).to_have_url(re.compile(r"/cases\?tab=all$"))
    assert page.locator(".scroller").evaluate("box => box.scrollTop") == 240

    page.keyboard.press("n")
    page.locator("textarea").first.fill("路面有坑")
    page.locator("h1").first.click()
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="案件", exact=True).click()
    expect(page).to_have_url(re.compile(r"/cases\?tab=all$"))
    page.go_back()
    expect(page.locator("textarea").first).to_have_value("路面有坑")
    page.reload()
    expect(tabs).to_have_count(4)
    tabs.nth(2).click(button="right")
    page.get_by_role("menuitem", name="固定", exact=True).click()
    tabs.nth(0).click(button="middle")  # the workbench stays
    page.locator("h1").first.click()
    page.keyboard.press("g")
    page.keyboard.press("w")
    expect(tabs).to_have_count(3)
    desk.picture("tabs")


def test_on_a_phone_the_box_and_the_list_fit(enter: Callable[..., Person]) -> None:
    phone = enter("shift_leader", size=PHONE)
    page = phone.open("/cases")
    expect(page.get_by_role("button", name="视图")).to_be_visible()
    page.get_by_role("combobox", name="搜索案件号").fill("垃圾")
    expect(page.get_by_role("option").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    expect(page.get_by_role("navigation", name="打开的页面")).to_have_count(0)
    phone.picture("phone-search")
