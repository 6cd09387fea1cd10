"""Comments over HTTP. Who sees the object sees them and may write them: the object's own room decides."""

from typing import Annotated
from uuid import UUID

from ninja import Query, Status

from yiwang.core.comments import access, actions, present, queries
from yiwang.core.comments.schemas import (
    CommentIn,
    CommentOut,
    Comments,
    CommentTextIn,
    FormerTexts,
    MentionablePeople,
    ObjectType,
)
from yiwang.core.http.paging import count
from yiwang.core.http.routes import SIGNED_IN, ActingRequest, Router

router = Router(tags=["comments"])

LARGEST_ID = 2**63 - 1


@router.get("/comments", permission=SIGNED_IN, response=Comments)
def list_comments(
    request: ActingRequest,
    object_type: ObjectType,
    object_id: UUID,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> object:
    """What was said about an object, newest first; 404 when one does not see it."""
    found = queries.comment_page(request.actor, object_type, object_id, after=after, limit=limit)
    total = count(access.comments_for(request.actor, object_type, object_id))
    return {"items": present.rows(request.actor, found.items), "next": found.next, "total": total}


@router.get("/comments/people", permission=SIGNED_IN, response=MentionablePeople)
def find_people_to_mention(
    request: ActingRequest,
    object_type: ObjectType,
    object_id: UUID,
    q: Annotated[str, Query(max_length=50)] = "",
) -> object:
    """Who sees the object and fits the words: those who can be mentioned."""
    return {"items": list(queries.people_to_mention(request.actor, object_type, object_id, q))}


@router.post("/comments", permission=SIGNED_IN, response={201: CommentOut})
def write_comment(request: ActingRequest, payload: CommentIn) -> object:
    """Say something about an object that one sees."""
    comment = actions.write(
        request.actor, object_type=payload.object_type, object_id=payload.object_id, text=payload.text
    )
    return Status(201, present.row(request.actor, comment))


@router.patch("/comments/{int:comment_id}", permission=SIGNED_IN, response=CommentOut)
def edit_comment(request: ActingRequest, comment_id: int, payload: CommentTextIn) -> object:
    """Put one's own words right within fifteen minutes; 409 afterwards."""
    comment = actions.edit(request.actor, min(comment_id, LARGEST_ID), text=payload.text)
    return present.row(request.actor, comment)


@router.delete("/comments/{int:comment_id}", permission=SIGNED_IN, response=CommentOut)
def delete_comment(request: ActingRequest, comment_id: int) -> object:
    """Take one's own words back within fifteen minutes: the place stays, empty."""
    return present.row(request.actor, actions.delete(request.actor, min(comment_id, LARGEST_ID)))


@router.get("/comments/{int:comment_id}/former", permission="comments.view_former", response=FormerTexts)
def list_former_texts(request: ActingRequest, comment_id: int) -> object:
    """What a comment said before it was changed or deleted."""
    comment = access.get_comment_for(request.actor, min(comment_id, LARGEST_ID))
    return {"items": list(comment.former_texts.all())}
