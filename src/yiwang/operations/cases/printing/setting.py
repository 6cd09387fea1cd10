"""Sets the gathered file as PDF: the template and the style sheet; `press` does the rest."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.template import Context, Engine, Template

from yiwang.operations.cases.printing import press

FOLDER = Path(__file__).parent


def pdf(values: dict[str, Any], page_words: str) -> tuple[bytes, int]:
    """The file as PDF (A4) and how many pages it has. `page_words` with {} twice: this page, all pages.

    Raises Unavailable `printing_timed_out`.
    """
    return press.pressed(html(values), style(page_words))


def html(values: dict[str, Any]) -> str:
    """The page as HTML; everything that people wrote is escaped."""
    return _template().render(Context(values))


@lru_cache(maxsize=1)
def _template() -> Template:
    engine = Engine(dirs=[str(FOLDER)], autoescape=True)
    return engine.get_template("case_file.html")


@lru_cache(maxsize=4)
def style(page_words: str) -> str:
    """The style sheet, with the words at the foot of each page."""
    before, between, after = page_words.split("{}")
    counted = f'"{before}" counter(page) "{between}" counter(pages) "{after}"'
    return (FOLDER / "case_file.css").read_text(encoding="utf-8").replace("PAGE_WORDS", counted)
