"""One's own notices."""

from dataclasses import asdict
from typing import Annotated

from ninja import Query, Status

from yiwang.core.http.routes import SIGNED_IN, ActingRequest, Router
from yiwang.core.notify import actions, queries
from yiwang.core.notify.schemas import Notices

router = Router(tags=["notices"])

LARGEST_ID = 2**63 - 1


@router.get("/notices", permission=SIGNED_IN, response=Notices)
def list_notices(
    request: ActingRequest,
    unread: bool = False,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> object:
    """One's own notices, newest first, with the number of unread ones."""
    found = queries.notice_page(request.actor, unread_only=unread, after=after, limit=limit)
    return {"items": found.items, "next": found.next, "unread": asdict(queries.unread_count(request.actor))}


@router.post("/notices/read-all", permission=SIGNED_IN, response={204: None})
def read_all_notices(request: ActingRequest) -> object:
    """Mark all of one's notices as read."""
    actions.read_all(request.actor)
    return Status(204, None)


@router.post("/notices/{int:notice_id}/read", permission=SIGNED_IN, response={204: None})
def read_notice(request: ActingRequest, notice_id: int) -> object:
    """Mark one of one's notices as read."""
    actions.read(request.actor, min(notice_id, LARGEST_ID))
    return Status(204, None)
