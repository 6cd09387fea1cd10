"""Comments are seen by those who see what they are about: the room of the object is asked."""

from uuid import UUID

from django.db.models import QuerySet

from yiwang.core.actor import Actor
from yiwang.core.comments.declare import Talk, talk_of
from yiwang.core.comments.models import Comment
from yiwang.core.errors import NotFound


def talk_for(actor: Actor, object_type: str, object_id: UUID) -> Talk:
    """Who answers for the object, when this person sees it. Raises NotFound `object_not_found` otherwise."""
    talk = talk_of(object_type)
    if talk is None or not talk.may_read(actor, object_id):
        raise NotFound("object_not_found", "没有这个对象，或不在您的权限范围内。")
    return talk


def comments_for(actor: Actor, object_type: str, object_id: UUID) -> QuerySet[Comment]:
    """All that was said about an object, deleted ones included. Raises NotFound as `talk_for`."""
    talk_for(actor, object_type, object_id)
    return Comment.objects.filter(object_type=object_type, object_id=object_id)


def get_comment_for(actor: Actor, comment_id: int, *, lock: bool = False) -> Comment:
    """One comment on something that this person sees. Raises NotFound `comment_not_found`."""
    rows = Comment.objects.select_related("author")
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=comment_id).first()
    talk = talk_of(found.object_type) if found else None
    if found is None or talk is None or not talk.may_read(actor, found.object_id):
        raise NotFound("comment_not_found", "没有这条评论，或不在您的权限范围内。")
    return found
