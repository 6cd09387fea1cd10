"""What could not be done: failed jobs, dead letters, stuck marks; seen without personal values, and settled."""

from collections.abc import Iterator
from typing import Any, Literal

from django.db import transaction
from django.db.models import QuerySet
from procrastinate.contrib.django.models import ProcrastinateJob

from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.deadlines import actions as deadlines
from yiwang.core.deadlines import queries as marks
from yiwang.core.deadlines.models import StuckMark
from yiwang.core.errors import Conflict, DomainError
from yiwang.core.events import actions as events
from yiwang.core.events import queries as letters
from yiwang.core.events.models import DeadLetter
from yiwang.core.http.paging import page
from yiwang.core.jobs import queries as jobs
from yiwang.core.notify import queries as notices
from yiwang.core.notify.declare import find
from yiwang.core.notify.models import Delivery
from yiwang.project.system.rules import last_line, masked, masked_document
from yiwang.project.system.schemas import DeadDeliveryFilters

JobStates = Literal["failed", "waiting", "running", "called_off"]
OF_QUEUE: dict[str, tuple[str, ...]] = {
    "failed": ("failed",),
    "waiting": ("todo",),
    "running": ("doing",),
    "called_off": ("cancelled", "aborted"),
}


def job_page(state: JobStates, after: str | None) -> dict[str, Any]:
    """Background jobs in one state, newest first."""
    found = page(jobs.background(OF_QUEUE[state]), keys=("-id",), after=after)
    reasons = jobs.reasons([row.pk for row in found.items])
    return {"items": [_job(row, reasons.get(row.pk, "")) for row in found.items], "next": found.next}


def _job(row: ProcrastinateJob, trace: str) -> dict[str, Any]:
    return {
        "id": row.pk,
        "task": row.task_name,
        "queue": row.queue_name,
        "status": row.status,
        "attempts": row.attempts,
        "scheduled_at": row.scheduled_at,
        "at": getattr(row, "at", None),
        "error": masked(last_line(trace)),
        "trace": masked(trace),
    }


def letter_page(state: Literal["open", "settled"], after: str | None) -> dict[str, Any]:
    """Dead letters, newest first."""
    rows = letters.open_dead_letters() if state == "open" else letters.settled_dead_letters()
    found = page(rows.order_by(), keys=("-id",), after=after)
    return {"items": [present_letter(row) for row in found.items], "next": found.next}


def present_letter(row: DeadLetter) -> dict[str, Any]:
    """A dead letter on the wire, numbers of people masked."""
    return {
        "id": row.pk,
        "type": row.event.type,
        "aggregate": row.event.aggregate,
        "payload": masked_document(row.event.payload),
        "happened_at": row.event.at,
        "handler": row.handler.removeprefix("yiwang."),
        "attempts": row.attempts,
        "at": row.at,
        "error": masked(last_line(row.reason)),
        "trace": masked(row.reason),
        "replayed_at": row.replayed_at,
        "discarded_at": row.discarded_at,
        "discarded_because": row.discarded_because,
    }


def mark_page(after: str | None) -> dict[str, Any]:
    """Marks that could not fire, newest first."""
    found = page(marks.open_stuck().order_by(), keys=("-id",), after=after)
    return {"items": [_mark(row) for row in found.items], "next": found.next}


def _mark(row: StuckMark) -> dict[str, Any]:
    limit = row.deadline
    return {
        "id": row.pk,
        "owner": f"{limit.owner_kind}:{limit.owner_id}",
        "stage": limit.stage,
        "mark": row.mark,
        "mark_at": row.mark_at,
        "due_at": limit.due_at,
        "attempts": row.attempts,
        "at": row.at,
        "error": masked(last_line(row.reason)),
        "trace": masked(row.reason),
    }


def delivery_page(asked: DeadDeliveryFilters, after: str | None) -> dict[str, Any]:
    """Notices that could not be sent out, newest first."""
    found = page(dead(asked), keys=("-id",), after=after)
    reasons = None if after else notices.dead_by_reason()
    return {"items": list(present_deliveries(found.items)), "next": found.next, "reasons": reasons}


def dead(asked: DeadDeliveryFilters) -> QuerySet[Delivery]:
    """Notices that could not be sent out, each with its person."""
    rows = notices.dead_deliveries(notices.Which(channel=asked.channel, reason=asked.reason))
    return rows.select_related("notice__user")


def present_deliveries(rows: list[Delivery]) -> Iterator[dict[str, Any]]:
    """They on the wire: the address without its middle, no words of the notice."""
    for one in notices.described(rows):
        row = one.delivery
        kind = find(row.notice.kind)
        yield {
            "id": row.pk,
            "person": one.person,
            "channel": row.channel,
            "to": one.to,
            "kind": row.notice.kind,
            "name": kind.name if kind else {"zh": row.notice.kind, "en": row.notice.kind},
            "reason": row.reason,
            "is_unsure": row.reason.startswith("unsure"),
            "attempts": row.attempts,
            "noticed_at": row.notice.created_at,
            "at": row.ended_at or row.due_at,
        }


@transaction.atomic
def replay(actor: Actor, letter_id: int) -> None:
    """Let a dead letter be tried again. Raises NotFound, Conflict."""
    events.replay(letter_id)
    _record(actor, "events.replay", "dead_letter", letter_id, None)


@transaction.atomic
def discard(actor: Actor, letter_id: int, because: str) -> None:
    """Give a dead letter up, with the reason. Raises NotFound, Conflict, Invalid."""
    events.discard(letter_id, because)
    _record(actor, "events.discard", "dead_letter", letter_id, {"because": because.strip()})


@transaction.atomic
def fire(actor: Actor, mark_id: int) -> None:
    """Fire a stuck mark again. Raises NotFound; Conflict `stuck_mark_settled`, `stuck_mark_fails` with the error."""
    try:
        with transaction.atomic():
            deadlines.fire_stuck(mark_id)
    except DomainError:
        raise
    except Exception as error:
        said = masked(f"{type(error).__name__}: {error}")[:300]
        raise Conflict("stuck_mark_fails", f"还是没有发出：{said}", error=said) from error
    _record(actor, "deadlines.fire", "stuck_mark", mark_id, None)


def _record(actor: Actor, action: str, kind: str, row_id: int, after: dict[str, Any] | None) -> None:
    audit.record(actor, action=action, object_type=kind, object_id=str(row_id), before=None, after=after)
