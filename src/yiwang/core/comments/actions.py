"""Say something, and take it back or put it right while it is fresh."""

from uuid import UUID

from django.db import transaction

from yiwang.core import clock
from yiwang.core.accounts.models import User
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.comments import access, rules
from yiwang.core.comments.declare import Talk
from yiwang.core.comments.events import CommentChanged, CommentWritten
from yiwang.core.comments.models import Comment, FormerText
from yiwang.core.errors import Conflict, Invalid, Refused
from yiwang.core.events import actions as events
from yiwang.core.notify import actions as notify


@transaction.atomic
def write(actor: Actor, *, object_type: str, object_id: UUID, text: str) -> Comment:
    """Say something about an object that the actor sees.

    Those who are mentioned and see the object get a notice `comment.mentioned`; a name that is nobody's, or of
    somebody who does not see it, stays a word. Raises NotFound, Invalid `empty` and, for the platform itself,
    Refused. Effects: audit entry (without the words: they may hold personal ones), `comment.written`.
    """
    talk = access.talk_for(actor, object_type, object_id)
    if actor.user_id is None:
        raise Refused("only_people_comment", "只有人员可以评论。")
    people = _people(talk, object_id, text)
    comment = Comment.objects.create(
        object_type=object_type,
        object_id=object_id,
        author_id=actor.user_id,
        post=actor.post,
        text=_worded(text),
        mentions=[user.pk for user in people],
        written_at=clock.now(),
    )
    _record(actor, comment, "comments.write")
    about = talk.about(object_id)
    events.publish(CommentWritten(comment.pk, object_type, object_id), about.audience)
    _tell(actor, comment, talk, {user.pk for user in people})
    return comment


@transaction.atomic
def edit(actor: Actor, comment_id: int, *, text: str) -> Comment:
    """Put one's own words right within `rules.CHANGEABLE_FOR`; what they were is kept.

    Those who are mentioned only now are told now. The same words again change nothing. Raises NotFound, Refused
    `not_your_comment`, Conflict `comment_settled` (too late) or `comment_deleted`, Invalid `empty`.
    """
    comment = _own(actor, comment_id)
    worded = _worded(text)
    if worded == comment.text:
        return comment
    talk = access.talk_for(actor, comment.object_type, comment.object_id)
    told_before = set(comment.mentions)
    people = _people(talk, comment.object_id, worded)
    _keep_former(comment)
    comment.text, comment.mentions, comment.edited_at = worded, [user.pk for user in people], clock.now()
    comment.save()
    _changed(actor, comment, talk, "comments.edit")
    _tell(actor, comment, talk, {user.pk for user in people} - told_before)
    return comment


@transaction.atomic
def delete(actor: Actor, comment_id: int) -> Comment:
    """Take one's own words back within `rules.CHANGEABLE_FOR`: the place stays, empty; what they were is kept.

    Raises as `edit`.
    """
    comment = _own(actor, comment_id)
    talk = access.talk_for(actor, comment.object_type, comment.object_id)
    _keep_former(comment)
    comment.text, comment.mentions, comment.deleted_at = "", [], clock.now()
    comment.save()
    _changed(actor, comment, talk, "comments.delete")
    return comment


def _own(actor: Actor, comment_id: int) -> Comment:
    comment = access.get_comment_for(actor, comment_id, lock=True)
    if comment.author_id != actor.user_id:
        raise Refused("not_your_comment", "只能修改自己的评论。")
    if comment.deleted_at is not None:
        raise Conflict("comment_deleted", "这条评论已经删除。")
    if clock.now() > rules.changeable_until(comment.written_at):
        raise Conflict(
            "comment_settled",
            "评论发出 15 分钟后不能再修改，可以再写一条说明。",
            until=rules.changeable_until(comment.written_at).isoformat(),
        )
    return comment


def _worded(text: str) -> str:
    worded = text.strip()
    if not worded:
        raise Invalid("empty", "请写点内容。", field="text")
    return worded


def _people(talk: Talk, object_id: UUID, text: str) -> list[User]:
    names = rules.mentioned(text)
    return list(talk.readers(object_id).filter(username__in=names)) if names else []


def _keep_former(comment: Comment) -> None:
    FormerText.objects.create(comment=comment, text=comment.text, until=clock.now())


def _changed(actor: Actor, comment: Comment, talk: Talk, action: str) -> None:
    _record(actor, comment, action)
    event = CommentChanged(comment.pk, comment.object_type, comment.object_id)
    events.publish(event, talk.about(comment.object_id).audience)


def _record(actor: Actor, comment: Comment, action: str) -> None:
    audit.record(
        actor,
        action=action,
        object_type=comment.object_type,
        object_id=str(comment.object_id),
        before=None,
        after={"comment": comment.pk, "mentions": [str(person) for person in comment.mentions]},
    )


def _tell(actor: Actor, comment: Comment, talk: Talk, people: set[UUID]) -> None:
    """A notice to each but the author."""
    others = people - {comment.author_id}
    if others:
        about = talk.about(comment.object_id)
        params = {**about.params, "by": actor.name, "text": rules.excerpt(comment.text)}
        notify.notify(others, kind="comment.mentioned", params=params, link=about.link)
