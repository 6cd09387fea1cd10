"""Events and handlers of nobody, for the tests of this room."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction

from yiwang.core.events import actions
from yiwang.core.events.declare import Audience, Event, forget_handler, handles
from yiwang.core.events.models import OutboxEvent


@dataclass(frozen=True, slots=True)
class LampLit(Event):
    """A lamp was lit."""

    type: ClassVar[str] = "lamp.lit"
    lamp: str
    number: int = 0

    @property
    def aggregate(self) -> str:
        return f"lamp:{self.lamp}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LampMeasured(Event):
    """Carries one field of each kind."""

    type: ClassVar[str] = "lamp.measured"
    lamp: UUID
    at: datetime
    watts: Decimal
    level: float
    tags: tuple[str, ...] = ()
    note: str | None = None

    @property
    def aggregate(self) -> str:
        return f"lamp:{self.lamp}"


@dataclass(frozen=True, slots=True)
class LampForgotten(Event):
    """Nobody listens to this."""

    type: ClassVar[str] = "lamp.forgotten"
    lamp: str = "z"

    @property
    def aggregate(self) -> str:
        return f"lamp:{self.lamp}"


@contextmanager
def listening_with(*functions: Callable[[Any], None], to: type[Event] = LampLit) -> Iterator[None]:
    """Let these functions listen to an event for a while."""
    for function in functions:
        handles(to)(function)
    try:
        yield
    finally:
        for function in functions:
            forget_handler(function)


@transaction.atomic
def publish(lamp: str = "a", number: int = 0, audience: Audience = actions.NOBODY) -> OutboxEvent:
    """Publish one event in a transaction of its own."""
    actions.publish(LampLit(lamp, number), audience)
    return OutboxEvent.objects.latest("pk")


def all_due() -> None:
    """Let waiting events be due at once."""
    OutboxEvent.objects.update(due_at="2020-01-01T00:00:00Z")
