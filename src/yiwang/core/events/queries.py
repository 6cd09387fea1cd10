"""How the outbox stands, for health checks and screens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from yiwang.core.events import codec
from yiwang.core.events.declare import Audience
from yiwang.core.events.models import DeadLetter, OutboxEvent


@dataclass(frozen=True, slots=True)
class Backlog:
    """Events that wait for delivery, the oldest one's time (None when none waits), and open dead letters."""

    pending: int
    oldest_at: datetime | None
    dead_letters: int


def backlog() -> Backlog:
    """How much waits, and how much was given up."""
    waiting = OutboxEvent.objects.filter(state=OutboxEvent.State.PENDING)
    found = waiting.aggregate(pending=Count("pk"), oldest_at=Min("at"))
    return Backlog(found["pending"], found["oldest_at"], open_dead_letters().count())


def open_dead_letters() -> QuerySet[DeadLetter]:
    """Dead letters that nobody has replayed or discarded yet, oldest first, each with its event."""
    letters = DeadLetter.objects.all()
    return (
        letters.filter(replayed_at__isnull=True, discarded_at__isnull=True)
        .select_related("event")
        .order_by("id")
    )


def settled_dead_letters() -> QuerySet[DeadLetter]:
    """Dead letters that were replayed or discarded, each with its event."""
    settled = Q(replayed_at__isnull=False) | Q(discarded_at__isnull=False)
    return DeadLetter.objects.filter(settled).select_related("event")


@dataclass(frozen=True, slots=True)
class Change:
    """An event as the browsers hear of it: `data` is `{type, aggregate, …payload}`."""

    id: int
    audience: Audience
    data: dict[str, Any]


def changes(ids: Sequence[int]) -> list[Change]:
    """The events with these numbers, in the order of the numbers given; those that are gone are left out."""
    rows = OutboxEvent.objects.in_bulk(ids)
    return [_change(rows[number]) for number in ids if number in rows]


def _change(row: OutboxEvent) -> Change:
    data = {**row.payload, "type": row.type, "aggregate": row.aggregate, "at": row.at.isoformat()}
    return Change(row.pk, codec.audience_from_json(row.audience), data)
