"""Sets the gathered file as PDF: the template, the style sheet, and nothing fetched from anywhere."""

import logging
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.template import Context, Engine, Template
from PIL import ImageFile

FOLDER = Path(__file__).parent
# What the library says about style it does not know is of no use to those who run the platform.
logging.getLogger("weasyprint").setLevel(logging.ERROR)
logging.getLogger("fontTools").setLevel(logging.ERROR)


def pdf(values: dict[str, Any], page_words: str) -> tuple[bytes, int]:
    """The file as PDF (A4) and how many pages it has. `page_words` with {} twice: this page, all pages."""
    from weasyprint import CSS, HTML  # loads fonts and takes a second: only who prints waits for it
    from weasyprint.urls import URLFetcher

    # Loading the library lets the whole process take half a picture for a whole one; uploads must not.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    # Pictures stand in the page itself; nothing else is ever fetched, whatever somebody wrote into a case.
    fetcher = URLFetcher(allowed_protocols={"data"})
    document = HTML(string=html(values), url_fetcher=fetcher).render(
        stylesheets=[CSS(string=_style(page_words), url_fetcher=fetcher)]
    )
    return document.write_pdf(), len(document.pages)


def html(values: dict[str, Any]) -> str:
    """The page as HTML; everything that people wrote is escaped."""
    return _template().render(Context(values))


@lru_cache(maxsize=1)
def _template() -> Template:
    engine = Engine(dirs=[str(FOLDER)], autoescape=True)
    return engine.get_template("case_file.html")


@lru_cache(maxsize=4)
def _style(page_words: str) -> str:
    before, between, after = page_words.split("{}")
    counted = f'"{before}" counter(page) "{between}" counter(pages) "{after}"'
    return (FOLDER / "case_file.css").read_text(encoding="utf-8").replace("PAGE_WORDS", counted)
