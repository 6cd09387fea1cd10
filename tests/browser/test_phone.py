"""The phone's app at /m/: what is done without a network arrives once, in order, and at the right time."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.conftest import PHONE, PICTURES, SWITCHES
from tests.platform.running_platform import RunningPlatform

CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
PLACE = {"longitude": 114.8015, "latitude": 30.8412, "accuracy": 12}
HELD_MS = 6_500
"""So long what one press has sent can be taken back."""


@pytest.fixture(scope="module")
def phones() -> Iterator[Browser]:
    """A Chromium with a camera that shows a test picture."""
    with sync_playwright() as playwright:
        switches = [*SWITCHES, *CAMERA]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=switches)
        yield browser
        browser.close()


class Phone:
    """Somebody with a phone in the hand, on the spot."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.address = address
        self.context: BrowserContext = browser.new_context(
            viewport=PHONE,  # type: ignore[arg-type]
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            is_mobile=True,
            has_touch=True,
            geolocation=PLACE,  # type: ignore[arg-type]
            permissions=["geolocation", "camera"],
        )
        self.context.set_default_timeout(30_000)
        self.faults: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def sign_in(self, account: dict[str, Any]) -> "Phone":
        """By the form, as a person does."""
        self.page.goto(f"{self.address}/m/")
        self.page.locator("input[name=username]").fill(account["username"])
        self.page.locator("input[name=password]").fill(account["password"])
        self.page.get_by_role("button", name="登录", exact=True).click()
        expect(self.page.locator("[data-tab=home][aria-current]")).to_be_visible()
        self.page.wait_for_load_state("networkidle")  # what is taken along is on the phone
        return self

    def report(self, category: str) -> None:
        """Three presses: report, photo, class."""
        self.page.locator("[data-tab=report]").click()
        expect(self.page.get_by_text("当前位置")).to_be_visible()
        self.page.locator("[data-shutter]").click()
        expect(self.page.locator("[data-photo]")).to_have_count(1)
        self.page.locator(f"[data-category='{category}']").first.click()
        expect(self.page.locator("[data-sent]")).to_be_visible()
        self.page.get_by_role("button", name="返回").click()

    def all_arrived(self) -> None:
        """Nothing is left on the phone."""
        expect(self.page.locator("[data-sync=all]")).to_be_visible(timeout=60_000)

    def get(self, path: str) -> Any:
        """Asks the server, as this person."""
        return self.context.request.get(f"{self.address}/api/v1{path}").json()

    def reported(self) -> list[dict[str, Any]]:
        """What the log on this phone says of reports, the oldest first."""
        self.page.goto(f"{self.address}/m/")
        self.page.locator("[data-tab-sent]").click()
        return [
            self.get(f"/cases/{(link.get_attribute('href') or '').rsplit('/', 1)[-1]}")
            for link in reversed(self.page.locator("[data-sent-state=done] a").all())
        ]


@pytest.fixture
def phone(
    phones: Browser, platform: RunningPlatform, accounts: list[dict[str, Any]]
) -> Iterator[Callable[..., Phone]]:
    """A phone in the hands of the first person with a role; `script` runs in each page before anything else."""
    made: list[Phone] = []

    def pick_up(role: str, script: str = "") -> Phone:
        one = Phone(phones, platform.address)
        if script:
            one.context.add_init_script(script)
        made.append(one)
        return one.sign_in(next(account for account in accounts if account["role"] == role))

    yield pick_up
    for one in made:
        one.context.close()
        assert one.faults == []


def moment(said: str) -> datetime:
    return datetime.fromisoformat(said.replace("Z", "+00:00"))


def test_reports_made_without_a_network_arrive_once_and_in_order(phone: Callable[..., Phone]) -> None:
    officer = phone("collector")
    officer.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    officer.context.set_offline(True)
    officer.report("event.exposed_waste")
    officer.report("event.trading_on_road")
    officer.page.reload()  # the app itself is on the phone
    expect(officer.page.locator("[data-offline]")).to_be_visible()
    expect(officer.page.locator("[data-sync=unsent]")).to_contain_text("2")
    officer.page.wait_for_timeout(HELD_MS)
    officer.context.set_offline(False)
    officer.all_arrived()
    cases = officer.reported()
    assert [case["category"]["key"] for case in cases] == ["event.exposed_waste", "event.trading_on_road"]
    assert [len(case["photos"]) for case in cases] == [1, 1]
    assert moment(cases[0]["occurred_at"]) < moment(cases[1]["occurred_at"])


@pytest.mark.full
def test_a_report_from_a_phone_whose_clock_is_wrong_counts_when_it_was_made(
    phone: Callable[..., Phone],
) -> None:
    ahead = timedelta(minutes=40)
    shifted = f"""
      const real = Date; const ms = {int(ahead.total_seconds() * 1000)};
      window.Date = class extends real {{
        constructor(...args) {{ super(...(args.length === 0 ? [real.now() + ms] : args)); }}
        static now() {{ return real.now() + ms; }}
      }};
    """
    officer = phone("collector", shifted)
    officer.context.set_offline(True)
    officer.report("event.misparked_bicycles")
    officer.page.wait_for_timeout(HELD_MS)
    officer.context.set_offline(False)
    officer.all_arrived()
    case = officer.reported()[-1]
    assert abs(moment(case["occurred_at"]) - datetime.now(UTC)) < timedelta(minutes=10)
    officer.page.goto(f"{officer.address}/m/sync")
    expect(officer.page.locator("[data-skew]")).to_contain_text("手机时间快了")


@pytest.mark.full
def test_what_was_just_reported_can_be_taken_back(phone: Callable[..., Phone]) -> None:
    officer = phone("collector")
    page = officer.page
    page.locator("[data-tab=report]").click()
    expect(page.get_by_text("当前位置")).to_be_visible()
    page.locator("[data-shutter]").click()
    expect(page.locator("[data-photo]")).to_have_count(1)
    page.locator("[data-category='event.illegal_small_ads']").click()
    page.locator("[data-undo]").click()
    expect(page.locator("[data-photo]")).to_have_count(1)
    page.reload()  # what is half filled in outlives the page
    expect(page.locator("[data-photo]")).to_have_count(1)
    page.wait_for_timeout(HELD_MS)
    assert all(case["category"]["key"] != "event.illegal_small_ads" for case in officer.reported())


@pytest.mark.full
def test_steps_taken_without_a_network_are_kept_and_sent(phone: Callable[..., Phone]) -> None:
    clerk = phone("unit_clerk")
    mine = clerk.get("/cases?work=mine&limit=50")["items"]
    taken = next(case for case in mine if case["state"] == "pending_handle")
    page = clerk.page
    page.locator(f"[data-case='{taken['id']}']").click()
    expect(page.locator("[data-verb=take]")).to_be_visible()
    clerk.context.set_offline(True)
    page.locator("[data-verb=take]").click()
    page.locator("[data-step-send]").click()
    expect(page.locator("[data-pending]")).to_be_visible()
    clerk.context.set_offline(False)
    expect(page.locator("[data-pending]")).to_have_count(0, timeout=60_000)
    assert clerk.get(f"/cases/{taken['id']}")["state"] == "handling"


@pytest.mark.full
def test_every_page_fits_a_narrow_phone_also_in_large_text(phone: Callable[..., Phone]) -> None:
    officer = phone("collector")
    PICTURES.mkdir(parents=True, exist_ok=True)
    for large in (False, True):
        officer.page.evaluate(f"localStorage.setItem('yiwang.phone.large-text', '{int(large)}')")
        for path in ("", "report", "clock", "calls", "me", "sync", "conflicts"):
            officer.page.goto(f"{officer.address}/m/{path}")
            officer.page.wait_for_load_state("networkidle")
            wide = officer.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= PHONE["width"], path
            officer.page.screenshot(path=PICTURES / f"phone-{path or 'home'}{'-large' if large else ''}.png")
