"""Sets a page as PDF in a process of its own, which ends on time whatever is on the page.

The layout of a long file takes many seconds of one processor and cannot be called off from within; in a process of its
own it holds nobody else's request up, and is ended with its memory when its time is over.
"""

import logging
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from yiwang.core.errors import TooMany, Unavailable

MOST_S = 40  # a file of the longest kind that is taken needs half of it
MOST_MEMORY = 2 << 30  # bytes
AT_ONCE = 2  # in each process of the web
WAIT_S = 10.0
# Its processor time was up, or it was killed for its memory.
OVER_TIME = frozenset({-signal.SIGXCPU, -signal.SIGKILL})
_places = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def place() -> Iterator[None]:
    """One of the few places at the press. Raises TooMany `printing_busy` when none is free for ten seconds."""
    if not _places.acquire(timeout=WAIT_S):
        raise TooMany("printing_busy", "同时打印的人较多，请稍后再试。", retry_after_s=int(WAIT_S))
    try:
        yield
    finally:
        _places.release()


def pressed(html: str, css: str) -> tuple[bytes, int]:
    """The page as PDF and how many sheets it has.

    Raises Unavailable `printing_timed_out` when it was not done within `MOST_S` seconds or `MOST_MEMORY` bytes.
    """
    command = [sys.executable, "-m", __name__]
    sent = f"{MOST_MEMORY} {len(css)}\n{css}{html}".encode()
    try:
        done = subprocess.run(command, input=sent, capture_output=True, timeout=MOST_S, check=False)
    except subprocess.TimeoutExpired:
        raise _not_done() from None
    if done.returncode in OVER_TIME or b"MemoryError" in done.stderr:
        raise _not_done()
    if done.returncode:
        said = done.stderr.decode(errors="replace")[-2000:]
        raise RuntimeError(f"the press ended with code {done.returncode}: {said}")
    pages, _, content = done.stdout.partition(b"\n")
    return content, int(pages)


def _not_done() -> Unavailable:
    message = f"案卷内容较多，{MOST_S} 秒内没有排完版，请稍后再试。"
    return Unavailable("printing_timed_out", message, most_s=MOST_S, retry_after_s=60)


def set_pages(html: str, css: str) -> tuple[bytes, int]:
    """The same in this process. Nothing is fetched, whatever somebody wrote into a case: pictures stand in the page."""
    from weasyprint import CSS, HTML  # loads fonts and takes a second
    from weasyprint.urls import URLFetcher

    # What the library says about style it does not know is of no use to those who run the platform.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    fetcher = URLFetcher(allowed_protocols={"data"})
    document = HTML(string=html, url_fetcher=fetcher).render(
        stylesheets=[CSS(string=css, url_fetcher=fetcher)]
    )
    return document.write_pdf(), len(document.pages)


def main() -> None:
    """Reads limit of memory, length of the style, style and page; writes the number of sheets and the PDF."""
    # Should whoever asked be killed, this does not go on for ever.
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_S, MOST_S + 1))
    head, _, sent = sys.stdin.buffer.read().decode().partition("\n")
    memory, length = map(int, head.split())
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    content, pages = set_pages(sent[length:], sent[:length])
    sys.stdout.buffer.write(f"{pages}\n".encode() + content)


if __name__ == "__main__":
    main()
