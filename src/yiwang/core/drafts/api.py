"""One's own half-written forms."""

from typing import Annotated

from ninja import Query, Status

from yiwang.core.drafts import actions, queries
from yiwang.core.drafts.schemas import FormDraftIn, FormDraftOut, FormDraftRef, FormDrafts, Key
from yiwang.core.http.routes import SIGNED_IN, ActingRequest, Router

router = Router(tags=["drafts"])


@router.get("/drafts", permission=SIGNED_IN, response=FormDrafts)
def list_drafts(
    request: ActingRequest, after: str | None = None, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> object:
    """One's own drafts, newest first, without their content."""
    return queries.draft_page(request.actor, after=after, limit=limit)


@router.get("/drafts/{key}", permission=SIGNED_IN, response=FormDraftOut)
def show_draft(request: ActingRequest, key: Key) -> object:
    """One's own draft of a form; version 0 without body when there is none."""
    found = queries.draft(request.actor, key)
    return found or {"key": key, "version": 0, "saved_at": None, "body": None}


@router.put("/drafts/{key}", permission=SIGNED_IN, response=FormDraftRef)
def keep_draft(request: ActingRequest, key: Key, payload: FormDraftIn) -> object:
    """Keep the form as it is now; 409 when another window has changed the draft meanwhile."""
    return actions.keep(request.actor, key, body=payload.body, expected_version=payload.expected_version)


@router.delete("/drafts/{key}", permission=SIGNED_IN, response={204: None})
def discard_draft(request: ActingRequest, key: Key) -> object:
    """Throw the draft away, when there is one."""
    actions.discard(request.actor, key)
    return Status(204, None)
