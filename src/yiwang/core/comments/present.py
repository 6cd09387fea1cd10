"""Comments as the wire shows them."""

from typing import Any
from uuid import UUID

from yiwang.core import clock
from yiwang.core.accounts.models import User
from yiwang.core.actor import Actor
from yiwang.core.comments import queries, rules
from yiwang.core.comments.models import Comment


def rows(actor: Actor, comments: list[Comment]) -> list[dict[str, Any]]:
    """Comments with their authors (fetched before) and whom they mention (one query for all)."""
    people = queries.people_by_id(comments)
    return [_row(actor, comment, people) for comment in comments]


def row(actor: Actor, comment: Comment) -> dict[str, Any]:
    """One comment."""
    return rows(actor, [comment])[0]


def _row(actor: Actor, comment: Comment, people: dict[UUID, User]) -> dict[str, Any]:
    until = rules.changeable_until(comment.written_at)
    own = comment.author_id == actor.user_id and comment.deleted_at is None and clock.now() <= until
    return {
        "id": comment.pk,
        "object_type": comment.object_type,
        "object_id": comment.object_id,
        "author": comment.author,
        "post": comment.post,
        "text": comment.text,
        "mentions": [people[person] for person in comment.mentions if person in people],
        "written_at": comment.written_at,
        "edited_at": comment.edited_at,
        "deleted_at": comment.deleted_at,
        "changeable_until": until if own else None,
    }
