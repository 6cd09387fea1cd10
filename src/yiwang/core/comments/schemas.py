"""Comments on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from yiwang.core.http.schemas import Total

MOST_LETTERS = 2000
ObjectType = Annotated[str, Field(max_length=30, pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, Field(min_length=1, max_length=MOST_LETTERS, pattern=r"\S")]


class CommentIn(Schema):
    """What is said, and about what. `@username` in the text tells that person."""

    object_type: ObjectType
    object_id: UUID
    text: Text


class CommentTextIn(Schema):
    """What a comment shall say instead."""

    text: Text


class PersonRef(Schema):
    """A person, as a mention shows them."""

    id: UUID
    username: str
    name: str


class CommentOut(Schema):
    """One comment. `text` is empty when it was deleted; `changeable_until` is set while it is one's own to change."""

    id: int
    object_type: str
    object_id: UUID
    author: PersonRef
    post: str
    text: str
    mentions: list[PersonRef]
    written_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    changeable_until: datetime | None


class Comments(Schema):
    """A page of comments, newest first; `total` counts all, deleted ones included."""

    items: list[CommentOut]
    next: str | None
    total: Total


class FormerTextOut(Schema):
    """What a comment said until then."""

    text: str
    until: datetime


class FormerTexts(Schema):
    """What a comment said before, newest first."""

    items: list[FormerTextOut]


class MentionablePerson(PersonRef):
    """Somebody who sees the object, and so can be mentioned."""


class MentionablePeople(Schema):
    """Those who fit the words, by name; at most twenty."""

    items: list[MentionablePerson]
