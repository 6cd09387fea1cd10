"""Which pages may open a stream: our own, and those of the same host on another port."""

import re

# Strict on purpose: an origin is a scheme, a name and perhaps a port; nothing else comes from a browser.
HOST = re.compile(r"(?P<name>[a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
ORIGIN = re.compile(r"https?://" + HOST.pattern)


def may_read(origin: str | None, host: str, public_origin: str | None) -> bool:
    """Whether a page of `origin` (the header; None when the browser sends none) may read what `host` serves.

    A page on the same host name may, whatever its port: the console stands beside the stream. So may the public
    origin. Source: Fetch standard, 3.2 (CORS protocol).
    """
    if origin is None:
        return True
    if public_origin is not None:
        return origin == public_origin
    page, here = ORIGIN.fullmatch(origin.lower()), HOST.fullmatch(host.lower())
    return page is not None and here is not None and page["name"] == here["name"]
