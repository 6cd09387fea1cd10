"""Publish an event, replay a dead letter, and clear away what was delivered long ago."""

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now

from yiwang.core import clock
from yiwang.core.errors import Conflict, Invalid, NotFound
from yiwang.core.events import codec
from yiwang.core.events.declare import CHANNEL, Audience, Event
from yiwang.core.events.models import DeadLetter, OutboxEvent

KEPT_FOR = timedelta(days=14)
_BATCH = 1000
NOBODY = Audience()
# One event travels with the word that wakes who listens.
_PUBLISH_ONE = """
WITH given(channel, type, aggregate, payload, audience, at) AS (
  SELECT %s::text, %s::text, %s::text, %s::jsonb, %s::jsonb, %s::timestamptz
), made AS (
  INSERT INTO events_outboxevent (type, aggregate, payload, audience, at, state, attempts)
  SELECT type, aggregate, payload, audience, at, 'pending', 0 FROM given RETURNING id
)
SELECT pg_notify(channel, id::text) FROM made, given
"""
_PUBLISH = """
INSERT INTO events_outboxevent (type, aggregate, payload, audience, at, state, attempts)
SELECT v.type, v.aggregate, v.payload, v.audience, %s, 'pending', 0
FROM jsonb_to_recordset(%s::jsonb) AS v(n int, type text, aggregate text, payload jsonb, audience jsonb)
ORDER BY v.n RETURNING id
"""
# An event that no browser hears of only wakes the relay, and one word does for many.
_NOTIFY = "SELECT pg_notify(%s, word) FROM unnest(%s::text[]) AS word"


def publish(event: Event, audience: Audience = NOBODY) -> None:
    """Put an event into the outbox in the caller's transaction.

    Handlers and browsers hear of it after commit, and never if that does not come. Events of one aggregate
    keep their order when their writers lock the aggregate first. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an event is published in the transaction of what it tells of")
    values: list[Any] = [
        CHANNEL,
        event.type,
        event.aggregate,
        json.dumps(codec.event_to_json(event)),
        json.dumps(codec.audience_to_json(audience)),
        clock.now(),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_PUBLISH_ONE, values)


def publish_many(news: Iterable[tuple[Event, Audience]]) -> list[int]:
    """Put many events into the outbox at once, in this order; returns their numbers. As `publish` otherwise."""
    if not connection.in_atomic_block:
        raise RuntimeError("an event is published in the transaction of what it tells of")
    given = list(news)
    if not given:
        return []
    rows = [
        {
            "n": n,
            "type": event.type,
            "aggregate": event.aggregate,
            "payload": codec.event_to_json(event),
            "audience": codec.audience_to_json(audience),
        }
        for n, (event, audience) in enumerate(given)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_PUBLISH, [clock.now(), json.dumps(rows)])
        numbers = [number for (number,) in cursor.fetchall()]
        heard = [str(n) for n, (_, whom) in zip(numbers, given, strict=True) if whom != NOBODY]
        cursor.execute(_NOTIFY, [CHANNEL, heard or [""]])
    return numbers


@transaction.atomic
def replay(dead_letter_id: int) -> None:
    """Let a handler that gave up try again, from its first attempt.

    Later events of the same aggregate wait for it from now on. Raises NotFound, or Conflict when it was
    replayed before.
    """
    letter = _open_letter(dead_letter_id)
    letter.replayed_at = clock.now()
    letter.save(update_fields=["replayed_at"])
    OutboxEvent.objects.filter(pk=letter.event_id).update(
        state=OutboxEvent.State.PENDING, attempts=0, due_at=Now(), done_at=None
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


@transaction.atomic
def discard(dead_letter_id: int, because: str) -> None:
    """Give a dead letter up for good, with the reason. Raises as `replay`; Invalid `empty` without a reason."""
    if not because.strip():
        raise Invalid("empty", "请写明作废的理由。", field="reason")
    letter = _open_letter(dead_letter_id)
    letter.discarded_at, letter.discarded_because = clock.now(), because.strip()
    letter.save(update_fields=["discarded_at", "discarded_because"])


def _open_letter(dead_letter_id: int) -> DeadLetter:
    letter = DeadLetter.objects.select_for_update().filter(pk=dead_letter_id).first()
    if letter is None:
        raise NotFound("dead_letter_not_found", "没有这条死信。")
    if letter.discarded_at is not None:
        raise Conflict("dead_letter_discarded", "这条死信已经作废。")
    if letter.replayed_at is not None:
        raise Conflict(
            "dead_letter_replayed", "这条死信已经重投。", replayed_at=letter.replayed_at.isoformat()
        )
    return letter


def forget_delivered(older_than: timedelta = KEPT_FOR) -> int:
    """Delete events that were delivered longer ago than this, with their deliveries; returns how many.

    Events with a dead letter stay, replayed or not: they are the record of what went wrong.
    """
    total = 0
    delivered = OutboxEvent.objects.filter(
        state=OutboxEvent.State.DONE, done_at__lt=clock.now() - older_than, dead_letters__isnull=True
    )
    while ids := list(delivered.order_by("done_at").values_list("pk", flat=True)[:_BATCH]):
        OutboxEvent.objects.filter(pk__in=ids).delete()
        total += len(ids)
    return total
