"""Every write happens once, and whole.

A write under /api/ carries an `Idempotency-Key`. It runs in one transaction together with the record of its
answer: what was acknowledged is there, and the same key sent again (a retry after a broken line, a double
click, a phone that reconnects) gets the same answer without a second effect. An answer of 400 or above rolls
everything back and is not kept, so that a corrected request may use its key again. An answer that holds a secret is not
kept either: sent again, the write still happens once, and says that its answer was shown once.

A batch (settings.WRITES_ITEM_BY_ITEM names the paths) does many things that stand or fall alone: there the middleware
only looks at the key, and the route does each item by `each`, in a transaction and under a key of its own. Sent again
after a crash, what was done is answered from memory and the rest is done.

A question that is too long for an address comes by POST as well (settings.QUESTIONS): nothing is written, and no
answer is kept.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.errors import Conflict
from yiwang.core.http.models import GivenAnswer
from yiwang.core.http.problems import PROBLEM_JSON, problem
from yiwang.core.http.streams import is_of_upload

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
# Signing in and out is no change of the city's records, and failed tries must be counted although refused.
EXEMPT = frozenset({"/api/v1/session"})

Answer = Callable[[HttpRequest], HttpResponse]


class OnceMiddleware:
    """Wraps each write in its transaction and replays answers already given."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The route's answer, the kept answer, or a problem with the key."""
        actor = getattr(request, "actor", None)
        exempt = request.path in EXEMPT or is_of_upload(request) or not request.path.startswith("/api/")
        if request.method not in WRITES or exempt or actor is None or actor.user_id is None:
            return self.get_response(request)
        key = request.headers.get("Idempotency-Key", "")
        if not (0 < len(key) <= 200 and key.isascii() and key.isprintable()):
            detail = "写入请求须带 Idempotency-Key（1–200 个可见字符）。"
            return problem(400, "idempotency_key_required", detail, field="Idempotency-Key")
        if request.path in settings.WRITES_ITEM_BY_ITEM or request.path in settings.QUESTIONS:
            return self.get_response(request)
        with transaction.atomic():
            return self._once(request, actor.user_id, key, fingerprint(request, actor))

    def _once(self, request: HttpRequest, user_id: UUID, key: str, mark: str) -> HttpResponse:
        # Waits here while another request with the same key is still running.
        GivenAnswer.objects.bulk_create(
            [GivenAnswer(user_id=user_id, key=key, fingerprint=mark)], ignore_conflicts=True
        )
        kept = GivenAnswer.objects.select_for_update().get(user_id=user_id, key=key)
        if kept.status:
            return replay(kept, mark)
        answer = self.get_response(request)
        if answer.status_code >= 400:
            if getattr(answer, "keeps_record", False):
                kept.delete()
            else:
                transaction.set_rollback(True)
            return answer
        if getattr(request, "shows_secret", False):
            kept.status, kept.content_type, kept.body = 409, PROBLEM_JSON, shown_once().content
            kept.save(update_fields=["status", "body", "content_type"])
            return answer
        kept.status, kept.body = answer.status_code, answer.content
        kept.content_type = answer.headers.get("Content-Type", "")
        kept.save(update_fields=["status", "body", "content_type"])
        return answer


def each(
    request: HttpRequest, actor: Actor, item: str, told: object, do: Callable[[], dict[str, Any]]
) -> tuple[dict[str, Any], bool]:
    """Do one item of a batch, once: in its own transaction, under the request's key and the item's name.

    `told` is what is asked for it: the same key and item with something else is Conflict `idempotency_key_reused`.
    Returns what `do` returned, then or now, and whether it was then. What `do` raises leaves nothing behind.
    """
    if actor.user_id is None:
        return do(), False
    key = sha256(f"{request.headers.get('Idempotency-Key', '')}\n{item}".encode()).hexdigest()
    mark = _mark(json.dumps(told, sort_keys=True, default=str).encode(), actor)
    with transaction.atomic():
        GivenAnswer.objects.bulk_create(
            [GivenAnswer(user_id=actor.user_id, key=key, fingerprint=mark)], ignore_conflicts=True
        )
        kept = GivenAnswer.objects.select_for_update().get(user_id=actor.user_id, key=key)
        if kept.status:
            if kept.fingerprint != mark:
                message = "这个 Idempotency-Key 已用于另一个请求，或您的权限已有变化，请换新的键。"
                raise Conflict("idempotency_key_reused", message, field="Idempotency-Key")
            return json.loads(bytes(kept.body)), True
        done = do()
        kept.status, kept.content_type = 200, "application/json"
        kept.body = json.dumps(done, ensure_ascii=False, default=str).encode()
        kept.save(update_fields=["status", "body", "content_type"])
    return done, False


def shown_once() -> HttpResponse:
    """What is kept of an answer that holds a secret (`request.shows_secret`): that it was given, not what it said."""
    return problem(409, "shown_once", "内容只显示一次，请重新生成。")


def replay(kept: GivenAnswer, mark: str) -> HttpResponse:
    """The answer as it was given; 422 when the key was used for another request."""
    if kept.fingerprint != mark:
        detail = "这个 Idempotency-Key 已用于另一个请求，或您的权限已有变化，请换新的键。"
        return problem(422, "idempotency_key_reused", detail, field="Idempotency-Key")
    answer = HttpResponse(bytes(kept.body), status=kept.status, content_type=kept.content_type or None)
    answer["Idempotency-Replayed"] = "true"
    return answer


def fingerprint(request: HttpRequest, actor: Actor) -> str:
    """HMAC over method, path, body and authority; a multipart body is left out: its boundary changes each time.

    With the authority, because an answer shows what the sender could see then, and may not see any more.
    Keyed, because a body may hold a password: a plain digest that is kept could be guessed at, and fast.
    """
    told = f"{request.method} {request.get_full_path()}\n".encode()
    if not (request.content_type or "").startswith("multipart/"):
        told += request.body
    return _mark(told, actor)


def _mark(told: bytes, actor: Actor) -> str:
    held = [(s.role, s.unit_path, s.areas, sorted(s.permissions), s.on_behalf_of) for s in actor.assignments]
    told += repr(held).encode()
    return salted_hmac("yiwang.core.http.once", told, algorithm="sha256").hexdigest()


def forget_answers_of(user_id: UUID) -> int:
    """Delete the answers kept for somebody; returns how many."""
    deleted, _ = GivenAnswer.objects.filter(user_id=user_id).delete()
    return deleted


def forget_old_answers(older_than: timedelta) -> int:
    """Delete answers that are older; returns how many. Called by a daily job."""
    deleted, _ = GivenAnswer.objects.filter(created_at__lt=clock.now() - older_than).delete()
    return deleted
