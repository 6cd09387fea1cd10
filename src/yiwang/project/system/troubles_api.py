"""Jobs, dead letters and stuck marks over HTTP."""

from typing import Literal

from ninja import Status

from yiwang.core.http.paging import page
from yiwang.core.http.routes import ActingRequest, Router
from yiwang.core.jobs import actions as jobs
from yiwang.core.jobs import queries
from yiwang.project.system import troubles
from yiwang.project.system.permissions import RUN, VIEW
from yiwang.project.system.schemas import (
    DeadLetterPage,
    DiscardIn,
    JobPage,
    LongJobPage,
    StuckMarkPage,
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
