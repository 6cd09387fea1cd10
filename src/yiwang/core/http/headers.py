"""Headers that keep the console's pages, and what the API says, to themselves; what headers tell of the sender."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class PagePolicyMiddleware:
    """A content security policy for every page: nothing from outside, no inline script.

    Styles may be inline because the map and the component library set them; the worker of the map is a blob.
    An answer of the API holds what one person may see: no cache keeps it unless its route says so.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer with its policy."""
        answer = self.get_response(request)
        live = "" if settings.LIVE_URL else f"{settings.SCHEME}://{hostname(request)}:{settings.LIVE_PORT}"
        answer.headers.setdefault(
            "Content-Security-Policy",
            "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
            f"worker-src 'self' blob:; connect-src 'self' {live}; font-src 'self' data:; "
            "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
        )
        if request.path.startswith("/api/"):
            answer.headers.setdefault("Cache-Control", "no-store")
        return answer


def hostname(request: HttpRequest) -> str:
    """The host that the browser used, without its port; brackets of an IPv6 address are kept."""
    host = request.get_host()
    return host.rsplit(":", 1)[0] if host.rpartition(":")[2].isdigit() else host


def sender_ip(request: HttpRequest) -> str | None:
    """Where a request comes from; behind the reverse proxy of a public origin, what the proxy says of it."""
    said = request.headers.get("X-Real-IP") if settings.PUBLIC_ORIGIN else None
    try:
        return str(ip_address(said or request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None


def live_url(request: HttpRequest) -> str:
    """Where this browser finds live events: the configured address, else the live port of the host it used."""
    return settings.LIVE_URL or f"{settings.SCHEME}://{hostname(request)}:{settings.LIVE_PORT}/live"
