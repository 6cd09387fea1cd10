"""Routes that cannot be declared without a permission.

`Router` is django-ninja's, with one demand more: every route says which permission it needs. The guard runs
before the input is even parsed, so that a stranger learns nothing from validation messages.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import ninja
from django.http import HttpRequest
from ninja.security import APIKeyCookie
from ninja.utils import check_csrf

from yiwang.core.actor import Actor
from yiwang.core.errors import Refused, Unauthenticated
from yiwang.core.http.problems import Problem

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC: Final = "public"
SIGNED_IN: Final = "signed_in"
# Signed in, even with a first password that has still to be changed.
FIRST_SIGN_IN: Final = "first_sign_in"


class Everywhere(str):
    """A permission that a route asks for the whole district: to hold it for a part of the units is not enough."""

    __slots__ = ()


PROBLEM_STATUSES: Final = frozenset({400, 401, 403, 404, 409, 422, 429, 503})


class ActingRequest(HttpRequest):
    """A request whose sender is known; what a guarded route receives."""

    actor: Actor


def allows(actor: Actor, permission: str) -> bool:
    """Whether a route with this permission lets somebody in who is signed in."""
    if permission == SIGNED_IN:
        return True
    return actor.can_everywhere(permission) if isinstance(permission, Everywhere) else actor.can(permission)


class Guard(APIKeyCookie):
    """Lets a request through when its actor holds the permission, and forged writes never."""

    param_name = "yiwang_session"

    def __init__(self, permission: str) -> None:
        self.permission = permission
        super().__init__(csrf=False)

    def authenticate(self, request: HttpRequest, key: str | None) -> bool:
        """True, or one of the refusals: 401 unknown, 403 forged, first password not changed, not allowed."""
        actor: Actor | None = getattr(request, "actor", None)
        if self.permission != PUBLIC and actor is None:
            raise Unauthenticated("not_signed_in", "请先登录。")
        if check_csrf(request) is not None:
            raise Refused("csrf_failed", "请求缺少校验令牌，请刷新页面后重试。")
        if actor is not None:
            self._authorise(actor)
        return True

    def _authorise(self, actor: Actor) -> None:
        if self.permission in (PUBLIC, FIRST_SIGN_IN):
            return
        if actor.must_change_password:
            raise Refused("password_change_required", "首次登录请先修改密码。")
        if not allows(actor, self.permission):
            raise Refused("permission_denied", "您的岗位没有这项权限。", permission=self.permission)


class Router(ninja.Router):
    """django-ninja's router; `permission` is a permission's key (`Everywhere` of it: for all units), SIGNED_IN,
    FIRST_SIGN_IN or PUBLIC."""

    def _declare(self, method: str, path: str, permission: str, **options: Any) -> Callable[[View], View]:
        response = options.pop("response")
        answers = response if isinstance(response, dict) else {200: response}
        options["openapi_extra"] = {"x-permission": permission, **options.pop("openapi_extra", {})}
        return self.api_operation(
            [method], path, auth=Guard(permission), response={**answers, PROBLEM_STATUSES: Problem}, **options
        )

    def get(self, path: str, *, permission: str, **options: Any) -> Callable[[View], View]:  # type: ignore[override]
        """A read."""
        return self._declare("GET", path, permission, **options)

    def head(self, path: str, *, permission: str) -> Callable[[View], View]:
        """A read that answers in headers; left out of the API's document, where a GET tells the same."""
        return self.api_operation(
            ["HEAD"],
            path,
            auth=Guard(permission),
            include_in_schema=False,
            openapi_extra={"x-permission": permission},
        )

    def post(self, path: str, *, permission: str, **options: Any) -> Callable[[View], View]:  # type: ignore[override]
        """A write; see `core.http.once` for what every write promises."""
        return self._declare("POST", path, permission, **options)

    def put(self, path: str, *, permission: str, **options: Any) -> Callable[[View], View]:  # type: ignore[override]
        """A write that replaces."""
        return self._declare("PUT", path, permission, **options)

    def patch(self, path: str, *, permission: str, **options: Any) -> Callable[[View], View]:  # type: ignore[override]
        """A write that changes a part."""
        return self._declare("PATCH", path, permission, **options)

    def delete(self, path: str, *, permission: str, **options: Any) -> Callable[[View], View]:  # type: ignore[override]
        """A write that ends something."""
        return self._declare("DELETE", path, permission, **options)
