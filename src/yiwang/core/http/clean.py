"""Text that no database can store is refused at the door, with a clear reason."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from yiwang.core.http.problems import problem
from yiwang.core.http.streams import is_part

NUL_IN_JSON = b"\\u0000"


class CleanTextMiddleware:
    """Refuses NUL characters in the query and in JSON bodies: PostgreSQL's text type has none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """400 `nul_character`, or the answer of what follows."""
        query = request.META.get("QUERY_STRING", "")
        # Any other body is read as JSON by the routes, whatever it calls itself; forms and parts are not read here.
        is_bytes = (request.content_type or "").startswith("multipart/") or is_part(request)
        if "%00" in query or "\0" in request.path or (not is_bytes and NUL_IN_JSON in request.body):
            return problem(400, "nul_character", "内容含有不可存储的空字符（NUL），请删除后重试。")
        return self.get_response(request)
