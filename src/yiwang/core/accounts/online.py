"""Signed-in browsers: one's own, and those of the people whom one administers; ending them."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from yiwang.core.accounts import access
from yiwang.core.accounts.models import Session, User
from yiwang.core.accounts.sessions import live_sessions
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import NotFound
from yiwang.core.http.paging import Page, page


def own(actor: Actor) -> QuerySet[Session]:
    """One's own sessions that still run."""
    return live_sessions().filter(user_id=actor.user_id)


@transaction.atomic
def end_own(actor: Actor, session_id: UUID) -> None:
    """End one of one's own sessions. Raises NotFound `session_not_found`."""
    _end(actor, own(actor).filter(public_id=session_id))


@transaction.atomic
def end_others(actor: Actor, keep: str | None) -> None:
    """End all of one's own sessions but the one with this key."""
    rows = own(actor).exclude(session_key=keep or "")
    if rows.exists():
        _end(actor, rows)


@transaction.atomic
def end(actor: Actor, session_id: UUID) -> None:
    """End a session of somebody whom the actor may change. Raises NotFound `session_not_found`, Refused."""
    rows = access.list_sessions_for(actor).filter(public_id=session_id)
    for user in User.objects.filter(pk__in=rows.values("user_id")):
        refusal = access.refusal_to_change(actor, user, oneself=True)
        if refusal is not None:
            raise refusal
    _end(actor, rows)


def online_page(
    rows: QuerySet[Session], *, q: str, user_id: UUID | None, after: str | None, limit: int
) -> Page[Session]:
    """One page of sessions, the latest begun first, each with `user`; narrowed by name, account or address."""
    found = page(
        narrowed(rows, q=q, user_id=user_id), keys=("-created_at", "-public_id"), after=after, limit=limit
    )
    users = User.objects.in_bulk([row.user_id for row in found.items])
    for row in found.items:
        row.user = users[row.user_id]  # type: ignore[attr-defined]
    return found


def narrowed(rows: QuerySet[Session], *, q: str, user_id: UUID | None) -> QuerySet[Session]:
    """Sessions by words in name or account or the beginning of an address, or of one person."""
    if user_id is not None:
        rows = rows.filter(user_id=user_id)
    if q := q.strip():
        people = User.objects.filter(Q(name__icontains=q) | Q(username__icontains=q)).values("pk")
        rows = rows.filter(Q(user_id__in=people) | Q(ip__startswith=q))
    return rows


def _end(actor: Actor, rows: QuerySet[Session]) -> None:
    people = sorted({one for one in rows.values_list("user_id", flat=True) if one})
    if not people:
        raise NotFound("session_not_found", "这个会话已经结束。")
    for user_id in people:
        ended, _ = rows.filter(user_id=user_id).delete()
        audit.record(
            actor,
            action="accounts.end_session",
            object_type="user",
            object_id=str(user_id),
            before=None,
            after={"sessions": ended},
        )
