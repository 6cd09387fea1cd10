"""The first administrator's way through an empty platform, on screen."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Person
from tests.browser.test_accessible import findings, looks
from tests.platform.running_platform import RunningPlatform
from yiwang.core import clock
from yiwang.core.ids import uuid7
from yiwang.project.setup.tests.tables import PEOPLE, UNITS

PASSWORD = "Brave-Otter-31"


def enter_by_link(platform: RunningPlatform, admin: Person) -> Page:
    """The sign-in page tells what to run; the link that it prints sets a password, with which one signs in."""
    page = admin.open("/sign-in")
    expect(page.locator("[data-nobody]")).to_contain_text("yiwang createadmin")
    told = platform.yiwang("createadmin", "--username", "wangfang", "--name", "王芳")
    assert told.returncode == 0, told.stderr
    link = re.search(r"http://\S+/set-password#\S+", told.stdout)
    assert link is not None, told.stdout
    page.goto(link.group())
    for field in ("new", "again"):
        page.locator(f"input[data-field={field}], [data-field={field}] input").first.fill(PASSWORD)
    page.locator("[data-act=set-password]").click()
    page.locator("[data-act=to-sign-in]").click()
    page.get_by_label("账号", exact=True).fill("wangfang")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("[data-card=start] [data-act=go-on]").click()
    expect(page.locator("[data-step='geo.district']")).to_have_class(re.compile("next"))
    return page


def expect_state(page: Page, step: str, state: str) -> None:
    expect(page.locator(f"[data-step='{step}']")).to_have_attribute("data-state", state)


def confirm(page: Page, step: str) -> None:
    """Say that a step was looked through; by keyboard one is then at the next."""
    page.locator(f"[data-step='{step}'] [data-act=confirm]").press("Enter")
    expect_state(page, step, "done")


def bring_in(page: Page, step: str, file: Path, button: str, done: str) -> None:
    """From a step to where it is done, a table through its look into the platform, and back by the menu."""
    page.locator(f"[data-go='{step}']").click()
    page.locator(f"[data-act={button}]").click()
    page.locator("input[data-roster]").set_input_files(file)
    page.locator(f"[data-act={done}]").click()
    expect(page.locator(".figures .faulty b")).to_have_text("0")
    if done == "bring-in":
        page.locator("[data-act=save-links]").click()
    page.locator(".el-dialog__footer .el-button").last.click()
    page.get_by_role("link", name="开始使用").first.click()


def walk(platform: RunningPlatform, admin: Person, folder: Path) -> None:
    """From the link to the last required step."""
    page = enter_by_link(platform, looks(admin, "light"))
    confirm(page, "geo.district")
    for name, text in (("units", UNITS), ("people", PEOPLE)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    bring_in(page, "accounts.units", folder / "units.csv", "import-units", "bring-in-units")
    expect(page.locator("[data-step='accounts.units']")).to_contain_text("49 个单位")
    confirm(page, "accounts.units")
    expect_state(page, "cases.staffed", "todo")
    bring_in(page, "accounts.people", folder / "people.csv", "import-people", "bring-in")
    for step in ("accounts.people", "cases.staffed"):
        expect_state(page, step, "done")
    for year in (clock.today().year, clock.today().year + 1):
        body = {
            "days": [{"on": f"{year}-01-01", "is_workday": False, "name": "元旦"}],
            "source": "国办发明电",
        }
        answer = admin.post("/calendars/default/notices", body, **{"Idempotency-Key": str(uuid7())})
        assert answer.status == 200, answer.text()
    confirm(page, "cases.classes")
    page.locator("[data-go='system.backups']").click()
    page.locator("[data-act=back-up]").click()
    expect(page.locator("[data-act=check]").first).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="开始使用").first.click()
    expect_state(page, "calendars.notices", "done")
    page.locator("[data-step='notify.channels'] [data-act=later]").click()
    expect(page.locator(".whole.finished")).to_be_visible()
    assert (wrong := findings(page)) == [], wrong
    admin.picture("first-run")
    page.goto(f"{admin.address}/")
    expect(page.locator("[data-card=attention]")).to_contain_text("目前没有需要处理的事")
    assert (wrong := findings(page)) == [], wrong
    expect(page.locator("nav.side").get_by_text("开始使用")).to_have_count(0)
    page.goto(f"{admin.address}/system/health")
    page.locator("[data-act=setup]").click()
    expect(page.locator(".whole.finished")).to_be_visible()
    assert admin.faults == []
