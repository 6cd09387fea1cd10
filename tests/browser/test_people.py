"""The administrator of people: somebody new comes in by a link and works, and why they see a case is told."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Person
from tests.browser.steps import call, get

pytestmark = pytest.mark.browser
PASSWORD = "Lan-Tian-2026"


def test_somebody_new_sets_a_password_by_the_link_and_is_explained(
    enter: Callable[[str], Person], person: Callable[..., Person]
) -> None:
    admin = enter("administrator")
    page = admin.open("/admin/people")
    page.locator("[data-act=new-person]").click()
    form = page.locator("[data-new-person]")
    for place, text in enumerate(("周晓兰", "zhouxiaolan")):
        form.locator("input").nth(place).fill(text)
    form.locator("[data-field=post]").click()
    page.keyboard.type("受理")
    page.locator(".el-select-dropdown__item:visible").first.click()
    admin.picture("new-person")
    page.locator("[data-act=make-person]").click()
    link = page.locator("input[data-link], [data-link] input").first.input_value()
    page.locator("[data-act=link-done]").click()
    expect(page.locator(".ad-drawer")).to_contain_text("设置密码的链接有效至")

    newcomer = person().page
    newcomer.goto(link)
    for field in ("new", "again"):
        newcomer.locator(f"input[data-field={field}], [data-field={field}] input").first.fill(PASSWORD)
    newcomer.locator("[data-act=set-password]").click()
    newcomer.locator("[data-act=to-sign-in]").click()
    newcomer.get_by_label("账号", exact=True).fill("zhouxiaolan")
    newcomer.get_by_label("密码", exact=True).fill(PASSWORD)
    newcomer.keyboard.press("Enter")
    expect(newcomer.get_by_text("周晓兰").first).to_be_visible()

    number = call(enter("acceptor"), "说明谁看得到")["number"]
    page = admin.open("/admin/roles?why=")
    dispatcher = enter("dispatcher")
    known = get(dispatcher, "/session")["user"]
    for who, name, told in (
        (known["username"], known["name"], "看得到案件"),
        ("zhouxiaolan", "周晓兰", "看不到案件"),
    ):
        page.locator("[data-why] input").first.click()
        page.keyboard.type(who)
        page.locator(".el-select-dropdown__item:visible", has_text=name).click()
        page.get_by_label("案件编号").fill(number)
        page.locator("[data-act=ask-why]").click()
        expect(page.locator(".verdict")).to_contain_text(told)
