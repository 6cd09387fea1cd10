"""What was said about an object, and who could be mentioned."""

from uuid import UUID

from django.db.models import Q, QuerySet

from yiwang.core.accounts.models import User
from yiwang.core.actor import Actor
from yiwang.core.comments import access
from yiwang.core.comments.models import Comment
from yiwang.core.http.paging import Page, page

MOST_PEOPLE = 20


def comment_page(
    actor: Actor, object_type: str, object_id: UUID, *, after: str | None = None, limit: int = 50
) -> Page[Comment]:
    """One page of what was said about an object, newest first. Raises NotFound, and Invalid for a bad cursor."""
    rows = access.comments_for(actor, object_type, object_id).select_related("author")
    return page(rows, keys=("-id",), after=after, limit=limit)


def people_by_id(comments: list[Comment]) -> dict[UUID, User]:
    """Everybody mentioned in these comments, in one query."""
    named = {person for comment in comments for person in comment.mentions}
    return User.objects.in_bulk(named) if named else {}


def people_to_mention(actor: Actor, object_type: str, object_id: UUID, words: str) -> QuerySet[User]:
    """Who sees the object and has these words in name or username; by name, at most `MOST_PEOPLE`, oneself left out.

    Raises NotFound.
    """
    readers = access.talk_for(actor, object_type, object_id).readers(object_id)
    others = readers if actor.user_id is None else readers.exclude(pk=actor.user_id)
    asked = words.strip().lstrip("@")
    found = Q(name__icontains=asked) | Q(username__istartswith=asked) if asked else Q()
    return others.filter(found).order_by("name", "username")[:MOST_PEOPLE]
