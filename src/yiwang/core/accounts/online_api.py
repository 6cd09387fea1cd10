"""Signed-in browsers over HTTP: one's own, and for whoever administers people, theirs."""

from typing import Annotated
from uuid import UUID

from ninja import Query, Status

from yiwang.core.accounts import access, online
from yiwang.core.accounts.models import Session
from yiwang.core.accounts.staff_schemas import OnlinePage, SessionRows
from yiwang.core.http.paging import count
from yiwang.core.http.routes import SIGNED_IN, ActingRequest, Router

router = Router(tags=["accounts"])
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/my/sessions", permission=SIGNED_IN, response=SessionRows)
def list_my_sessions(request: ActingRequest) -> object:
    """The browsers in which one is signed in."""
    return {"items": [present(request, row) for row in online.own(request.actor).order_by("-active_at")]}


@router.delete("/my/sessions/{uuid:session_id}", permission=SIGNED_IN, response={204: None})
def end_my_session(request: ActingRequest, session_id: UUID) -> object:
    """Sign out in one of one's browsers."""
    online.end_own(request.actor, session_id)
    return Status(204, None)


@router.post("/my/sessions/end-others", permission=SIGNED_IN, response={204: None})
def end_my_other_sessions(request: ActingRequest) -> object:
    """Sign out everywhere but here."""
    online.end_others(request.actor, request.session.session_key)
    return Status(204, None)


@router.get("/sessions", permission=access.MANAGE_USERS, response=OnlinePage)
def list_sessions(
    request: ActingRequest,
    q: Annotated[str, Query(max_length=50)] = "",
    user_id: UUID | None = None,
    after: str | None = None,
    limit: Limit = 50,
) -> object:
    """Who of the people whom one administers is signed in, where from and since when."""
    rows = access.list_sessions_for(request.actor)
    found = online.online_page(rows, q=q, user_id=user_id, after=after, limit=limit)
    refused = access.beyond(request.actor, {row.user_id for row in found.items if row.user_id})
    return {
        "items": [
            {
                **present(request, row),
                "user_id": row.user_id,
                "username": row.user.username,  # type: ignore[attr-defined]
                "name": row.user.name,  # type: ignore[attr-defined]
                "may_end": row.user_id not in refused,
            }
            for row in found.items
        ],
        "next": found.next,
        "total": None if after else count(online.narrowed(rows, q=q, user_id=user_id)),
    }


@router.delete("/sessions/{uuid:session_id}", permission=access.MANAGE_USERS, response={204: None})
def end_session(request: ActingRequest, session_id: UUID) -> object:
    """End somebody's session."""
    online.end(request.actor, session_id)
    return Status(204, None)


def present(request: ActingRequest, row: Session) -> dict[str, object]:
    """A session on the wire, without its key."""
    return {
        "id": row.public_id,
        "user_agent": row.user_agent,
        "ip": row.ip,
        "created_at": row.created_at,
        "seen_at": row.seen_at,
        "active_at": row.active_at,
        "is_this": row.session_key == request.session.session_key,
    }
