"""A figure of the board opens exactly its cases; what one wants to be told stays as it was set."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Person

pytestmark = pytest.mark.browser


def test_a_figure_opens_its_cases_and_the_address_keeps_the_question(enter: Callable[[str], Person]) -> None:
    shift = enter("shift_leader")
    page = shift.open("/evaluation?from=2020-01-01&to=2020-12-31")
    expect(page.get_by_text("这段时间没有案件")).to_be_visible()
    page = shift.open("/evaluation")
    tile = page.locator("[data-figure=reported]")
    expect(tile).to_be_visible()
    number = int(tile.locator(".big").inner_text().replace(",", ""))
    assert number > 0
    tile.locator(".big a").click()
    expect(page.get_by_role("heading", name="上报数")).to_be_visible()
    expect(page.get_by_text(f"共 {number:,} 条")).to_be_visible()
    expect(page.locator("main tbody tr")).to_have_count(min(number, 50))
    page.get_by_role("button", name="返回看板").click()
    expect(page.locator("[data-figure=reported]")).to_be_visible()


def test_what_one_wants_to_be_told_is_kept(enter: Callable[[str], Person]) -> None:
    shift = enter("shift_leader")
    page = shift.open("/my/notices")
    page.locator("#way-mail").fill("shift@example.org")
    box = page.get_by_label("案件已超时 邮箱")
    box.check()
    page.locator("[data-act=save-ways]").click()
    expect(page.get_by_text("已保存")).to_be_visible()
    page.reload()
    expect(page.locator("#way-mail")).to_have_value("shift@example.org")
    expect(page.get_by_label("案件已超时 邮箱")).to_be_checked()
