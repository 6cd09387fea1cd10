"""Errors on the wire: problem details (RFC 9457) with a stable code, parameters and the fields at fault."""

import logging
import sys
from collections.abc import Callable
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.views import defaults
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError

from yiwang.core.errors import DomainError, Invalid
from yiwang.core.http.trouble import trouble_of

PROBLEM_JSON = "application/problem+json"
log = logging.getLogger(__name__)


class FieldProblem(Schema):
    """One field that cannot be used: its name as sent, a stable code, and the reason."""

    field: str
    code: str
    message: str


class Problem(Schema):
    """RFC 9457 problem details; `code` and `params` are for the client to word, `detail` is the Chinese wording."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    field: str | None = None
    params: dict[str, Any] = {}
    errors: list[FieldProblem] = []


TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Refused",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    422: "Invalid input",
    429: "Too many requests",
    500: "Internal error",
    503: "Unavailable",
}


def described(
    status: int,
    code: str,
    detail: str,
    *,
    field: str | None = None,
    params: dict[str, Any] | None = None,
    errors: list[FieldProblem] | None = None,
) -> Problem:
    """A problem as a document."""
    return Problem(
        type=f"urn:yiwang:problem:{code}",
        title=TITLES.get(status, "Error"),
        status=status,
        code=code,
        detail=detail,
        field=field,
        params=params or {},
        errors=errors or [],
    )


def problem(status: int, code: str, detail: str, **more: Any) -> HttpResponse:
    """The answer itself, `application/problem+json`, of what `described` takes."""
    return answer_of(described(status, code, detail, **more))


def answer_of(document: Problem) -> HttpResponse:
    """A problem as an answer; says when to try again where `params` knows."""
    answer = HttpResponse(document.model_dump_json(), status=document.status, content_type=PROBLEM_JSON)
    if "retry_after_s" in document.params:
        answer["Retry-After"] = str(document.params["retry_after_s"])
    return answer


def refusal(error: DomainError) -> Problem:
    """A refusal of the domain, with every field at fault."""
    faults = error.fields if isinstance(error, Invalid) else ()
    listed = [FieldProblem(field=f.field or "", code=f.code, message=f.message) for f in faults]
    if error.field and not listed:
        listed = [FieldProblem(field=error.field, code=error.code, message=error.message)]
    return described(
        error.status, error.code, error.message, field=error.field, params=error.params, errors=listed
    )


def from_domain_error(error: DomainError) -> HttpResponse:
    """A refusal of the domain as an answer."""
    answer = answer_of(refusal(error))
    answer.keeps_record = error.keeps_record  # type: ignore[attr-defined]
    return answer


def from_validation_error(error: ValidationError) -> HttpResponse:
    """Input that does not fit its schema: the path of each field below the body or query, and the reason."""
    listed = [
        FieldProblem(field=_field_name(item["loc"]), code=str(item["type"]), message=str(item["msg"]))
        for item in error.errors
    ]
    return problem(422, "invalid_input", "有字段填写不正确。", errors=listed)


def _field_name(loc: tuple[Any, ...]) -> str:
    """`("body", "payload", "lon")` is `lon`: the first two name the place and the handler's parameter."""
    parts = list(loc[1:])
    if loc and loc[0] in ("body", "form") and len(parts) > 1:
        parts = parts[1:]
    return ".".join(str(part) for part in parts)


PLAIN = {
    400: ("bad_request", "请求无法读取，请检查格式和大小。"),
    404: ("not_found", "没有这个地址。"),
    405: ("method_not_allowed", "这个地址不接受这种请求方法。"),
    500: ("internal_error", "系统出错，已记录。请稍后重试。"),
}


class ProblemMiddleware:
    """Errors that arise outside the routes (no such address, wrong method) are problem details as well."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer; an error page below /api/ is replaced."""
        answer = self.get_response(request)
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        if is_page and request.path.startswith("/api/") and answer.status_code in PLAIN:
            said = problem(answer.status_code, *PLAIN[answer.status_code])
            if "Allow" in answer.headers:
                said["Allow"] = answer["Allow"]
            return said
        return answer


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500, for what arises around the routes: in the session, at the commit, before any of it.

    Below /api/ it is told as problem details: 503 when the database was away or busy, else 500.
    """
    error = sys.exc_info()[1]
    if not request.path.startswith("/api/") or error is None:
        return defaults.server_error(request)
    return from_unexpected(request, error)


def from_unexpected(request: HttpRequest, error: BaseException) -> HttpResponse:
    """An error that no rule foresees, logged; one of the database that passes by itself is 503 with `Retry-After`."""
    trouble = trouble_of(error)
    if trouble is not None:
        log.warning("%s at %s %s: %s", trouble.code, request.method, request.path, error)
        return from_domain_error(trouble)
    log.error("unexpected error at %s %s", request.method, request.path, exc_info=error)
    return problem(500, *PLAIN[500])


def install(api: NinjaAPI) -> None:
    """Teach `api` to answer every error as problem details."""

    @api.exception_handler(DomainError)
    def _domain(request: HttpRequest, error: DomainError) -> HttpResponse:
        return from_domain_error(error)

    @api.exception_handler(ValidationError)
    def _validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return from_validation_error(error)

    @api.exception_handler(Http404)
    def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(404, "not_found", "没有找到，或不在您的权限范围内。")

    @api.exception_handler(HttpError)
    def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, "bad_request", str(error))

    @api.exception_handler(MultiPartParserError)
    @api.exception_handler(SuspiciousOperation)
    @api.exception_handler(UnreadablePostError)
    def _unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
        return problem(400, *PLAIN[400])

    @api.exception_handler(Exception)
    def _unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
        return from_unexpected(request, error)
