"""A running demo district and a browser: every test here looks at real screens."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.platform.running_platform import RunningPlatform
from yiwang.project.supervisor import orphans

CHECKOUT = Path(__file__).resolve().parents[2]
expect.set_options(timeout=20_000)

PICTURES = CHECKOUT / "var" / "screenshots"
DESK, PHONE = {"width": 1366, "height": 768}, {"width": 360, "height": 740}
# As root there is no sandbox; the map draws by WebGL in software; nothing calls home.
SWITCHES = (
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
NO_MAP = """
const draw = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return kind.startsWith("webgl") ? null : draw.call(this, kind, ...more);
};
"""

SETTLED = """
() => new Promise((done) => {
  let quiet = setTimeout(done, 200);
  const seen = new MutationObserver(() => (clearTimeout(quiet), (quiet = setTimeout(done, 200))));
  seen.observe(document.body, { subtree: true, childList: true, attributes: true });
  setTimeout(done, 3000);
})
"""


def settle(page: Page) -> None:
    """Wait until what a page shows is there: nothing loads, no map is drawn, nothing has changed for a moment."""
    expect(
        page.locator("main [role=status][aria-label='正在加载'], main .map > .veil[role=status]")
    ).to_have_count(0)
    page.evaluate(SETTLED)


@pytest.fixture(scope="session")
def platform() -> Iterator[RunningPlatform]:
    """A small demo district, running."""
    home = Path(tempfile.mkdtemp(prefix="yiwang-", dir="/tmp"))
    home.chmod(0o755)
    one = RunningPlatform(home, "demo")
    made = subprocess.run(
        [sys.executable, "-m", "tests.browser.small_demo"],
        env=one.variables(), cwd=CHECKOUT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr[-4000:]
    one.start()
    yield one
    one.stop()
    orphans.end(orphans.find(home / "var"))
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def accounts(platform: RunningPlatform) -> list[dict[str, Any]]:
    """Who can sign in."""
    found: list[dict[str, Any]] = requests.get(f"{platform.address}/api/v1/demo-accounts", timeout=10).json()[
        "items"
    ]
    return found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a screen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(SWITCHES))
        yield browser
        browser.close()


class Person:
    """Somebody at a screen. Errors on the page's console are collected; a test ends by looking at them."""

    def __init__(self, chromium: Browser, address: str, size: dict[str, int]) -> None:
        self.address = address
        self.context = chromium.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai")  # type: ignore[arg-type]
        self.context.set_default_timeout(30_000)
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda request: self._stays_at_home(request.url))

    def _stays_at_home(self, url: str) -> None:
        if not url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            self.faults.append(f"left the machine: {url}")

    def without_map(self) -> "Person":
        """Maps say that they cannot be drawn: drawing them in software takes most of a page's time."""
        self.context.add_init_script(NO_MAP)
        return self

    def sign_in(self, username: str, password: str) -> "Person":
        """Through the API, as the form does."""
        self.context.request.get(f"{self.address}/api/v1/session")
        answer = self.post("/session", {"username": username, "password": password})
        assert answer.status == 200, answer.text()
        return self

    def post(self, path: str, body: object, **headers: str) -> Any:
        """A write with the browser's own cookies."""
        token = next(c["value"] for c in self.context.cookies() if c["name"] == "csrftoken")
        return self.context.request.post(
            f"{self.address}/api/v1{path}", data=body, headers={"X-CSRFToken": token, **headers}
        )

    def open(self, path: str) -> Page:
        """Go to a page of the console."""
        self.page.goto(f"{self.address}{path}")
        return self.page

    def picture(self, name: str) -> None:
        """Keep a picture of what is on the screen, for people to look at."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png")

    def do(self, verb: str) -> None:
        """Open the form of an action on the case page, from the bar or from the menu of what is rarer."""
        button = self.page.locator(f"footer.bar [data-verb={verb}]")
        menu = self.page.locator("[data-verb-menu]")
        expect(button.or_(menu).first).to_be_visible()
        if button.count() == 0:
            menu.click()
            button = self.page.locator(f".yw-actions [data-verb={verb}]")
        button.first.click()
        settle(self.page)  # the form slides in

    def submit(self) -> None:
        """Send the form that stands open, saying yes twice where it is dangerous, and wait until it is gone."""
        foot = self.page.locator(".el-drawer__footer")
        button = foot.locator(".el-button").last
        dangerous = "el-button--danger" in (button.get_attribute("class") or "")
        button.click()
        if dangerous:
            foot.locator("[data-confirm]").click()
        expect(self.page.locator(".el-drawer:visible")).to_have_count(0)


@pytest.fixture
def person(
    request: pytest.FixtureRequest, chromium: Browser, platform: RunningPlatform
) -> Iterator[Callable[..., Person]]:
    """Makes people with a browser window each; afterwards none of their pages may have had a fault."""
    people: list[Person] = []

    def make(size: dict[str, int] = DESK) -> Person:
        people.append(Person(chromium, platform.address, size))
        return people[-1]

    yield make
    faults = [fault for one in people for fault in one.faults]
    for number, one in enumerate(people, start=1):
        one.picture(f"last-{request.node.originalname}-{number}")
        one.context.close()
    assert faults == []


@pytest.fixture
def enter(person: Callable[..., Person], accounts: list[dict[str, Any]]) -> Callable[..., Person]:
    """Somebody of the demo, signed in: the first of a role, or whom a condition on the accounts finds."""

    def sign_in(
        who: str | Callable[[dict[str, Any]], bool], size: dict[str, int] = DESK, *, maps: bool = False
    ) -> Person:
        fits = (lambda account: account["role"] == who) if isinstance(who, str) else who
        account = next(account for account in accounts if fits(account))
        one = person(size) if maps else person(size).without_map()
        return one.sign_in(account["username"], account["password"])

    return sign_in


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture as a phone would take it."""
    file = tmp_path / "现场.jpg"
    Image.new("RGB", (1600, 1200), (120, 150, 110)).save(file, "JPEG")
    return file
