"""Somebody who works by keyboard alone: no pointer, no script of the test touches the page, only keys."""

import re
from pathlib import Path

from playwright.sync_api import FileChooser, expect

from tests.browser.conftest import Person

# What a screen reader would call the thing that has the keyboard, roughly: its label, its own words, its hint.
NAME_OF_FOCUS = """() => {
  const one = document.activeElement;
  if (one === null || one === document.body) return "";
  const ids = (one.getAttribute("aria-labelledby") ?? "").split(" ");
  const by = ids.map((id) => document.getElementById(id)?.innerText ?? "");
  const label = one.id ? document.querySelector(`label[for="${CSS.escape(one.id)}"]`)?.innerText : "";
  const around = one.closest("label")?.innerText;
  return [one.ariaLabel, ...by, label, around, one.placeholder, one.innerText].filter(Boolean).join(" ");
}"""
KEYBOARD_IN_DRAWER = """() => {
  const drawer = [...document.querySelectorAll(".el-drawer")].find((one) => one.offsetWidth > 0);
  if (drawer?.querySelector("[aria-busy=true]")) return false;
  const first = drawer?.querySelector("textarea, input[type=radio], .proposed button, .scores button");
  return first ? document.activeElement === first : drawer?.contains(document.activeElement) === true;
}"""
MOST_TABS = 80


class Hands:
    """The keys that somebody presses, and where the keyboard stands after them."""

    def __init__(self, person: Person) -> None:
        self.person, self.page = person, person.page
        # Listened for from the beginning: asked for only with the key, the dialog may be there first.
        self.choosers: list[FileChooser] = []
        self.page.on("filechooser", self._keep)

    def _keep(self, chooser: FileChooser) -> None:
        self.choosers.append(chooser)

    def open(self, path: str = "/") -> "Hands":
        """The one thing that is no key: the address with which a day begins."""
        self.person.open(path)
        expect(self.page.locator("main h1").first).to_be_visible()
        return self

    def press(self, *keys: str) -> "Hands":
        """Keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def write(self, text: str) -> "Hands":
        """Words into what has the keyboard."""
        self.page.keyboard.insert_text(text)
        return self

    def focused(self) -> str:
        """What has the keyboard is called so."""
        return str(self.page.evaluate(NAME_OF_FOCUS))

    def tab_to(self, name: str, *, within: str = "body") -> "Hands":
        """Tab until what has the keyboard is called so; a test fails when it cannot be reached."""
        passed = []
        for _ in range(MOST_TABS):
            focused = self.focused()
            if re.search(name, focused) and self.page.locator(f"{within} :focus").count():
                return self
            passed.append(focused[:20])
            self.press("Tab")
        raise AssertionError(f"no way to {name} by Tab: {passed}")

    def go_to_page(self, words: str) -> "Hands":
        """By the search box."""
        self.press("/").write(words)
        expect(self.page.get_by_role("group", name="页面").get_by_role("option").first).to_be_visible()
        self.page.wait_for_timeout(400)  # what else is found comes a moment later and moves the lines
        pages = self.page.get_by_role("group", name="页面").locator("[role=option][aria-selected=true]")
        for _ in range(12):
            if pages.count() and words in pages.inner_text():
                break
            self.press("ArrowDown")
        return self.press("Enter")

    def choose_file(self, name: str, file: Path) -> "Hands":
        """Open the system's dialog on a field for photos and take a file."""
        self.tab_to(name).press("Enter")
        for _ in range(200):
            if self.choosers:
                break
            self.page.wait_for_timeout(100)
        self.choosers.pop().set_files(file)
        return self

    def send(self) -> "Hands":
        """The form that stands open, and wait until it is gone."""
        self.press("Control+Enter")
        expect(self.page.locator(".el-drawer:visible")).to_have_count(0)
        return self

    def step(self, key: str = "1") -> "Hands":
        """Open the form of a step by its number; 1 is the main one."""
        expect(self.page.locator("footer.bar [data-verb]").first).to_be_visible()
        return self.press(key).form_stands()

    def form_stands(self) -> "Hands":
        """A drawer has slid in and has taken the keyboard."""
        self.page.wait_for_function(KEYBOARD_IN_DRAWER)
        return self

    def reads(self, words: str) -> "Hands":
        """These words are on the screen."""
        expect(self.page.locator("main").get_by_text(words).first).to_be_visible()
        return self
