"""Jobs, dead letters and stuck marks over HTTP."""

from typing import Literal

from ninja import Query, Status

from yiwang.core.errors import Invalid
from yiwang.core.http.paging import page
from yiwang.core.http.routes import ActingRequest, Router
from yiwang.core.jobs import actions as jobs
from yiwang.core.jobs import queries
from yiwang.core.notify import actions as notices
from yiwang.core.notify.queries import Which
from yiwang.project.system import troubles
from yiwang.project.system.permissions import RUN, VIEW
from yiwang.project.system.schemas import (
    DeadDeliveryFilters,
    DeadDeliveryPage,
    DeadLetterPage,
    DiscardIn,
    GiveUpDeliveries,
    JobPage,
    LongJobPage,
    Settled,
    StuckMarkPage,
    WhichDeliveries,
)
from yiwang.project.system.troubles import JobStates

router = Router(tags=["system"])
LARGEST_ID = 2**63 - 1


@router.get("/system/jobs", permission=VIEW, response=JobPage)
def list_jobs(request: ActingRequest, state: JobStates = "failed", after: str | None = None) -> object:
    """Background jobs in one state, newest first."""
    return troubles.job_page(state, after)


@router.post("/system/jobs/{int:job_id}/retry", permission=RUN, response={204: None})
def retry_job(request: ActingRequest, job_id: int) -> object:
    """Try a failed job again."""
    jobs.retry(request.actor, min(job_id, LARGEST_ID))
    return Status(204, None)


@router.post("/system/jobs/{int:job_id}/cancel", permission=RUN, response={204: None})
def cancel_job(request: ActingRequest, job_id: int) -> object:
    """Call off a job that waits."""
    jobs.cancel(request.actor, min(job_id, LARGEST_ID))
    return Status(204, None)


@router.get("/system/long-jobs", permission=VIEW, response=LongJobPage)
def list_long_jobs(request: ActingRequest, after: str | None = None) -> object:
    """Long work that was asked for, newest first."""
    found = page(queries.long_jobs(), keys=("-id",), after=after)
    return {"items": found.items, "next": found.next}


@router.get("/system/dead-letters", permission=VIEW, response=DeadLetterPage)
def list_dead_letters(
    request: ActingRequest, state: Literal["open", "settled"] = "open", after: str | None = None
) -> object:
    """Events that a handler gave up on, newest first."""
    return troubles.letter_page(state, after)


@router.post("/system/dead-letters/{int:letter_id}/retry", permission=RUN, response={204: None})
def replay_dead_letter(request: ActingRequest, letter_id: int) -> object:
    """Let the handler try again."""
    troubles.replay(request.actor, min(letter_id, LARGEST_ID))
    return Status(204, None)


@router.post("/system/dead-letters/{int:letter_id}/discard", permission=RUN, response={204: None})
def discard_dead_letter(request: ActingRequest, letter_id: int, payload: DiscardIn) -> object:
    """Give it up for good, with the reason."""
    troubles.discard(request.actor, min(letter_id, LARGEST_ID), payload.reason)
    return Status(204, None)


@router.get("/system/stuck-marks", permission=VIEW, response=StuckMarkPage)
def list_stuck_marks(request: ActingRequest, after: str | None = None) -> object:
    """Reminders that could not be sent, newest first."""
    return troubles.mark_page(after)


@router.post("/system/stuck-marks/{int:mark_id}/retry", permission=RUN, response={204: None})
def fire_stuck_mark(request: ActingRequest, mark_id: int) -> object:
    """Send one again; 409 with the error when it fails again."""
    troubles.fire(request.actor, min(mark_id, LARGEST_ID))
    return Status(204, None)


@router.get("/system/dead-deliveries", permission=VIEW, response=DeadDeliveryPage)
def list_dead_deliveries(
    request: ActingRequest, asked: Query[DeadDeliveryFilters], after: str | None = None
) -> object:
    """Notices that could not be sent out, newest first."""
    return troubles.delivery_page(asked, after)


@router.post("/system/dead-deliveries/retry", permission=RUN, response=Settled)
def send_deliveries_again(request: ActingRequest, payload: WhichDeliveries) -> object:
    """Send these again, or all of a reason; 409 when somebody else has."""
    return {"count": notices.send_again(request.actor, which(payload))}


@router.post("/system/dead-deliveries/discard", permission=RUN, response=Settled)
def give_deliveries_up(request: ActingRequest, payload: GiveUpDeliveries) -> object:
    """Send these no more, or all of a reason, and say why; 409 when somebody else has."""
    return {"count": notices.give_up(request.actor, which(payload), payload.because)}


def which(payload: WhichDeliveries) -> Which:
    """As the room takes it. Raises Invalid when neither numbers nor a reason are given."""
    if payload.ids is None and payload.reason is None:
        raise Invalid("required", "请选择通知，或选择一种原因。", field="ids")
    return Which(tuple(payload.ids) if payload.ids else None, payload.channel, payload.reason)
