"""Puts the actor on the request: who sends it, with what authority."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from yiwang.core.accounts.queries import actor_for_user
from yiwang.core.accounts.sessions import USER_KEY, note_use
from yiwang.core.actor import Actor
from yiwang.core.http.headers import sender_ip


class ActorMiddleware:
    """`request.actor` is the signed-in person of today's authority, or None."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on with the actor in place."""
        request.actor = self._actor(request)  # type: ignore[attr-defined]
        return self.get_response(request)

    def _actor(self, request: HttpRequest) -> Actor | None:
        user_id = request.session.get(USER_KEY)
        if user_id is None:
            return None
        note_use(request.session, in_background="X-Background" in request.headers)  # type: ignore[arg-type]
        return actor_for_user(UUID(user_id), ip=sender_ip(request))
