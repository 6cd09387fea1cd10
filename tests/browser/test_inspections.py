"""One special inspection at a desk, from its template to its report."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Person, settle

pytestmark = [pytest.mark.browser, pytest.mark.full]
ROWS = "\n".join(f"公厕{n}\t{114.79 + n / 1000:.3f}\t30.842\t文昌大道{n}号" for n in range(1, 9))


def test_an_inspection_from_template_to_report(as_shift: Person) -> None:
    page = as_shift.open("/patrol/inspections/new")
    form = page.locator("[data-basics]")
    form.get_by_placeholder("例如：2026 年公厕专项检查").fill("公厕冬季检查")
    form.get_by_label("检查表").click()
    page.get_by_role("option", name="公厕").first.click()
    form.get_by_label("组织单位").click()
    page.get_by_role("treeitem").first.click()
    form.get_by_label("区域").click()
    page.locator(".el-cascader-node").first.locator(".el-radio").click()
    page.keyboard.press("Escape")
    page.locator("[data-act=save-basics]").click()
    page.locator("[data-rows] textarea, textarea[data-rows]").first.fill(ROWS)
    expect(page.get_by_text("读到 8 个对象")).to_be_visible()
    page.locator("[data-act=save-population]").click()
    page.locator("[data-act=draw]").click()
    expect(page.get_by_text("抽中 2 个（共 8 个）")).to_be_visible()
    page.locator("[data-act=to-teams]").click()
    page.locator("[data-teams] .people input").fill("")
    page.locator("[data-teams] .people").click()
    page.locator(".el-select-dropdown:visible .el-select-dropdown__item").first.click()
    page.keyboard.press("Escape")
    page.locator("[data-act=run]").click()
    expect(page.locator("[data-results] > li")).to_have_count(2)
    page.get_by_role("button", name="6报告").click()
    page.locator("[data-conclusion]").fill("总体达标。")
    page.locator("[data-act=report]").click()
    expect(page.get_by_text("已出报告")).to_be_visible()
    settle(page)
    as_shift.picture("inspection-report")
    assert not as_shift.faults
