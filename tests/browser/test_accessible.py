"""Every screen can be used by everybody: axe-core finds nothing serious on any page that a person's menus lead to,
nor on what opens over a page."""

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import CHECKOUT, PHONE, Person, settle
from tests.browser.steps import call, get, show
from yiwang.core.ids import uuid7

pytestmark = pytest.mark.browser

Make = Callable[..., Person]
ROLES = ("administrator", "shift_leader", "acceptor", "unit_clerk")
AXE = CHECKOUT / "web" / "node_modules" / "axe-core" / "axe.min.js"
# WebGL draws the map, axe cannot see into it; the lists beside it say what it shows.
LEFT_OUT = [".maplibregl-map"]
CHECK = """
async ([within, leftOut]) => {
  for (const motion of document.getAnimations()) motion.effect.getTiming().iterations === Infinity || motion.finish();
  const asked = { runOnly: ["wcag2a", "wcag2aa", "wcag21aa"], resultTypes: ["violations"], preload: false };
  const { violations } = await axe.run({ include: [within], exclude: leftOut }, asked);
  return violations
    .filter((found) => ["serious", "critical"].includes(found.impact))
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id} ${node.target.join(" ")} ${node.any[0]?.message ?? ""}`));
}
"""
MENU = "nav.side .groups a"
themes = pytest.mark.parametrize("theme", ["light", pytest.param("dark", marks=pytest.mark.full)])


def looks(one: Person, theme: str) -> Person:
    """In this theme; without motion, so that nothing is looked at while it fades in."""
    one.context.add_init_script(
        f"localStorage.setItem('yiwang.preferences', {json.dumps(json.dumps({'theme': theme}))})"
    )
    one.page.emulate_media(reduced_motion="reduce")
    return one


def findings(page: Page, within: str = "body") -> list[str]:
    """What axe says about a part of the screen, once everything is there."""
    settle(page)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    where = page.url.partition("//")[2].partition("/")[2]
    return [f"/{where}: {found}" for found in page.evaluate(CHECK, [within, LEFT_OUT])]


def pages_of_menu(page: Page) -> Iterator[str]:
    """Walks the menu as it stands on this person's screen, without loading the console anew."""
    expect(page.locator(MENU).first).to_be_visible()
    folded = page.locator("nav.side [aria-expanded=false]")
    while folded.count():
        folded.first.click()
    paths = page.locator(MENU).evaluate_all("all => all.map((one) => one.getAttribute('href'))")
    assert len(paths) >= 3
    for path in paths:
        page.locator(f"{MENU}[href='{path}']").click()
        expect(page.locator(f"{MENU}[href='{path}'][aria-current=page]")).to_be_visible()
        expect(page.locator("main > *").first).to_be_visible()
        yield path


def pages_of_person(page: Page) -> Iterator[str]:
    """Walks the entries of the personal menu that lead to a page."""
    entries = page.locator("[data-page]:visible")
    opener = page.locator("header .person")
    opener.click()
    expect(entries.first).to_be_visible()
    for key in entries.evaluate_all("all => all.map((one) => one.dataset.page)"):
        if not entries.first.is_visible():
            opener.click()
        before = page.url
        page.locator(f"[data-page='{key}']").click()
        expect(entries.first).to_be_hidden()
        page.wait_for_url(lambda url, before=before: url != before)
        expect(page.locator("main > *").first).to_be_visible()
        yield key


# Those whose menus hold nearly nothing but what others have, and the longest, stay with the long ones.
@themes
@pytest.mark.parametrize(
    "role",
    [
        "shift_leader",
        *(pytest.param(role, marks=pytest.mark.full) for role in ("acceptor", "unit_clerk", "administrator")),
    ],
)
def test_every_page_of_the_menu(enter: Make, role: str, theme: str) -> None:
    page = looks(enter(role), theme).open("/")
    found = []
    for number, _ in enumerate(pages_of_menu(page)):
        found += findings(page, "main" if number else "body")  # the frame around the pages is the same
    assert found == []


@pytest.mark.full
@themes
def test_every_page_of_the_personal_menu(enter: Make, theme: str) -> None:
    page = looks(enter("acceptor"), theme).open("/")
    found = []
    for _ in pages_of_person(page):
        found += findings(page, "main")
    page.locator("header .person").click()
    expect(page.locator("[data-page]:visible").first).to_be_visible()
    assert found + findings(page) == []


@themes
def test_a_case_and_what_opens_over_a_page(enter: Make, theme: str) -> None:
    case = call(enter("acceptor"), f"读屏也要能办这一件（{theme}）", east_m=3100)
    shift = looks(enter("shift_leader"), theme)
    page = show(shift, case)
    found = findings(page)
    shift.do("register")
    found += findings(page)
    page.keyboard.press("Escape")

    page = shift.open("/cases")
    page.get_by_role("button", name="导出", exact=True).click()
    expect(page.locator(".el-dialog:visible")).to_be_visible()
    found += findings(page)
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("垃圾")
    expect(page.locator("[role=listbox] [role=option]").first).to_be_visible()
    assert found + findings(page) == []


def link_of_somebody_new(admin: Person, username: str) -> str:
    """The link by which somebody who was just entered sets a password."""
    post = next(one for one in get(admin, "/posts")["items"] if "受理" in one["name"])
    body = {"username": username, "name": "周读", "assignment": {"post_id": post["id"], "role": "acceptor"}}
    answer = admin.post("/staff", body, **{"Idempotency-Key": str(uuid7())})
    assert answer.status == 201, answer.text()
    return f"{admin.address}{answer.json()['link']['path']}"


@themes
def test_before_one_is_signed_in(enter: Make, person: Make, theme: str) -> None:
    page = looks(person(), theme).open("/sign-in")
    expect(page.locator("form")).to_be_visible()
    found = findings(page)
    page.goto(link_of_somebody_new(enter("administrator"), f"reader-{uuid7().hex[-8:]}"))
    expect(page.locator("form")).to_be_visible()
    assert found + findings(page) == []


@pytest.mark.full
@pytest.mark.parametrize("role", ROLES)
def test_every_page_on_a_phone(enter: Make, role: str) -> None:
    one = looks(enter(role), "light")
    paths = list(pages_of_menu(one.open("/")))
    one.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    found = []
    for path in paths:
        one.open(path)
        expect(one.page.locator("main > *").first).to_be_visible()
        found += findings(one.page)
    assert found == []
