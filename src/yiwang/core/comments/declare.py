"""How a room of an upper floor says that its objects can be talked about, and by whom."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from yiwang.core.accounts.models import User
from yiwang.core.actor import Actor
from yiwang.core.events.declare import Audience

OBJECT_TYPE = re.compile(r"[a-z][a-z0-9_]{0,29}")


@dataclass(frozen=True, slots=True)
class About:
    """What is talked about, for whoever is told of it.

    `link` is the object's page; `params` word a notice (JSON values, no personal ones); `audience` are those
    whose browsers hear of a comment at once: they who see the object.
    """

    link: str
    audience: Audience
    params: Mapping[str, Any] = field(default_factory=dict)


class Talk(Protocol):
    """What a room answers about its objects of one type. All three agree on who sees an object."""

    def may_read(self, actor: Actor, object_id: UUID) -> bool:
        """Whether there is such an object and this person sees it; who sees it may also talk about it."""

    def readers(self, object_id: UUID) -> QuerySet[User]:
        """All active people who see the object: they can be mentioned. Only asked once `may_read` said yes."""

    def about(self, object_id: UUID) -> About:
        """How to tell of it. Only asked once `may_read` said yes."""


_TALKS: dict[str, Talk] = {}
T = TypeVar("T", bound=type[Talk])


def commentable(object_type: str) -> Callable[[T], T]:
    """Let a class in a room's talk.py, made without arguments, answer for all objects of this type.

    Raises TypeError when the type is spelled wrongly or answered for by another class already.
    """

    def register(talk: T) -> T:
        known = _TALKS.get(object_type)
        if not OBJECT_TYPE.fullmatch(object_type) or (known is not None and type(known) is not talk):
            raise TypeError(f"object type {object_type!r} is spelled wrongly, or declared twice")
        _TALKS[object_type] = talk()
        return talk

    return register


def talk_of(object_type: str) -> Talk | None:
    """Who answers for this type; None when it cannot be talked about."""
    return _TALKS.get(object_type)


def forget_talk(object_type: str) -> None:
    """Take a declaration away again, for tests."""
    _TALKS.pop(object_type, None)
