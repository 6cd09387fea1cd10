"""Carries events from the outbox to the handlers: at least once, and each effect exactly once.

One event is one transaction: its row is locked, its handlers run, each under a savepoint together with the
note of its delivery. Whatever kills the worker in between undoes all of it, and the next relay starts afresh.
Several relays may run: an event that one of them holds is passed over by the others, and so are the later
events of its aggregate.
"""

import logging
import traceback
from collections.abc import Callable

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from yiwang.core import clock
from yiwang.core.events import codec
from yiwang.core.events.declare import Handler, handled_types, handlers_of
from yiwang.core.events.models import DeadLetter, Delivery, OutboxEvent
from yiwang.core.events.rules import MOST_ATTEMPTS, backoff

log = logging.getLogger(__name__)

PENDING, DONE, DEAD = OutboxEvent.State.PENDING, OutboxEvent.State.DONE, OutboxEvent.State.DEAD


def deliver_due(stopping: Callable[[], bool] = lambda: False) -> int:
    """Deliver every event that is due, until none is left or `stopping` says so; returns how many were tried."""
    skip_unheard()
    tried = 0
    while not stopping() and deliver_next():
        tried += 1
    return tried


def skip_unheard() -> int:
    """Mark events that nobody listens to as done, all at once."""
    unheard = OutboxEvent.objects.filter(state=PENDING).exclude(type__in=handled_types())
    return unheard.update(state=DONE, done_at=clock.now())


def deliver_next() -> bool:
    """Deliver the first due event of an aggregate that no other relay is at; False when there is none."""
    claimed: list[int] = []
    try:
        with transaction.atomic():
            event = _claim()
            if event is None:
                return False
            claimed.append(event.pk)
            _deliver(event)
    except Exception as error:
        if not claimed or _connection_lost():
            raise
        _give_back(claimed[0], error)
    return True


def _claim() -> OutboxEvent | None:
    earlier = OutboxEvent.objects.filter(
        aggregate=OuterRef("aggregate"), state=PENDING, pk__lt=OuterRef("pk")
    )
    due = OutboxEvent.objects.filter(~Exists(earlier), state=PENDING, due_at__lte=Now())
    return due.order_by("pk").select_for_update(skip_locked=True, of=("self",)).first()


def _deliver(event: OutboxEvent) -> None:
    given_up = set(event.dead_letters.filter(replayed_at__isnull=True).values_list("handler", flat=True))
    finished = set(event.deliveries.values_list("handler", flat=True)) | given_up
    failures: dict[str, Exception] = {}
    for handler in handlers_of(event.type):
        if handler.name not in finished and (error := _run(handler, event)):
            failures[handler.name] = error
    if failures:
        _count_failure(event, failures)
    else:
        event.state, event.done_at = (DEAD if given_up else DONE), clock.now()
    event.save(update_fields=["state", "done_at", "attempts", "due_at"])


def _run(handler: Handler, event: OutboxEvent) -> Exception | None:
    """Run one handler and note its delivery; its failure, after its effects were undone."""
    try:
        with transaction.atomic():
            handler.run(codec.event_from_json(event.type, event.payload))
            Delivery.objects.create(event=event, handler=handler.name, at=clock.now())
            _check_deferred_constraints()
    except Exception as error:
        if _connection_lost():
            raise
        log.warning("event %s: %s failed: %s", event, handler.name, error)
        return error
    return None


def _check_deferred_constraints() -> None:
    """A broken foreign key must show here, as this handler's failure, and not at commit, as everybody's."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _count_failure(event: OutboxEvent, failures: dict[str, Exception]) -> None:
    event.attempts += 1
    if event.attempts < MOST_ATTEMPTS:
        event.due_at = Now() + backoff(event.attempts)
        return
    event.state, event.done_at = DEAD, clock.now()
    for name, error in failures.items():
        DeadLetter.objects.create(
            event=event, handler=name, reason=_reason(error), attempts=event.attempts, at=clock.now()
        )
        log.error("event %s: %s gave up after %s attempts", event, name, event.attempts)


def _give_back(event_id: int, error: Exception) -> None:
    """What happened failed as a whole, at commit: count it against the event, so that it cannot block for ever."""
    log.error("event #%s could not be committed: %s", event_id, error)
    with transaction.atomic():
        event = OutboxEvent.objects.select_for_update().get(pk=event_id)
        undone = {h.name: error for h in handlers_of(event.type)}
        for name in event.deliveries.values_list("handler", flat=True):
            undone.pop(name, None)
        _count_failure(event, undone)
        event.save(update_fields=["state", "done_at", "attempts", "due_at"])


def _reason(error: Exception) -> str:
    return "".join(traceback.format_exception(error))[-8000:].replace("\x00", "")


def _connection_lost() -> bool:
    return connection.connection is None or connection.connection.closed
