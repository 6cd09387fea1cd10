"""One's own notices."""

from dataclasses import asdict
from datetime import time
from typing import Annotated

from ninja import Query, Status

from yiwang.core.http.routes import SIGNED_IN, ActingRequest, Router
from yiwang.core.notify import actions, channels, queries, wishes
from yiwang.core.notify.declare import declared
from yiwang.core.notify.schemas import Notices, WishesIn, WishesOut
from yiwang.core.notify.wishes import Wanted

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


@router.get("/notices/wishes", permission=SIGNED_IN, response=WishesOut)
def show_notice_wishes(request: ActingRequest) -> object:
    """How one wants to hear of notices outside the platform, and what was sent last."""
    row, chosen = wishes.of(request.actor), wishes.choices_of(request.actor)
    return {
        "channels": [
            {"key": key, "address": queries.address_of(row, key), "is_kept": channels.is_kept(key)}
            for key in channels.offered()
        ],
        "kinds": [
            {"key": kind.key, "name": kind.name, "urgent": kind.urgent, "channels": chosen.get(kind.key, [])}
            for kind in declared()
        ],
        "language": row.language,
        "quiet_from": f"{row.quiet_from:%H:%M}" if row.quiet_from else None,
        "quiet_to": f"{row.quiet_to:%H:%M}" if row.quiet_to else None,
        "version": row.version,
        "recent": [
            {
                "id": one.pk,
                "kind": one.notice.kind,
                "channel": one.channel,
                "state": one.state,
                "reason": one.reason,
                "at": one.ended_at or one.notice.created_at,
            }
            for one in wishes.recent(request.actor)
        ],
    }


@router.put("/notices/wishes", permission=SIGNED_IN, response=WishesOut)
def change_notice_wishes(request: ActingRequest, payload: WishesIn) -> object:
    """Set how one wants to hear of notices; 409 when one did so elsewhere meanwhile."""
    given = payload.dict()
    version = given.pop("expected_version")
    for name in ("quiet_from", "quiet_to"):
        given[name] = time.fromisoformat(given[name]) if given[name] else None
    wishes.change(request.actor, Wanted(**given), expected_version=version)
    return show_notice_wishes(request)


@router.post("/notices/channels/{channel}/trial", permission=SIGNED_IN, response={204: None})
def try_notice_channel(request: ActingRequest, channel: str) -> object:
    """Send oneself a trial by a channel, at most one a minute."""
    wishes.try_out(request.actor, channel)
    return Status(204, None)
