"""Serves the one page of the desk and the one of the phone, for every address that is theirs to route."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

NOT_BUILT = "The pages are not built yet: run `make demo` or `npm run build` in web/.\n网页尚未构建。\n"


@require_safe
def console(request: HttpRequest) -> HttpResponse:
    """The desk's page."""
    return built(settings.CONSOLE_DIR)


@require_safe
def mobile(request: HttpRequest) -> HttpResponse:
    """The phone's page."""
    return built(settings.MOBILE_DIR)


def built(folder: Path) -> HttpResponse:
    """index.html, never cached, so that a new build shows at once; 503 with what to do when it is not built."""
    page = Path(folder) / "index.html"
    if not page.is_file():
        return HttpResponse(NOT_BUILT, status=503, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(page.read_bytes(), content_type="text/html; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer
