"""Why jobs fail, kept beside the queue, which only knows that they did."""

import logging
import traceback
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, InterfaceError, connection

from yiwang.core import clock
from yiwang.core.jobs.models import JobFailure

log = logging.getLogger(__name__)
LONGEST = 8000
_FORGET = "DELETE FROM jobs_jobfailure f WHERE NOT EXISTS (SELECT 1 FROM procrastinate_jobs j WHERE j.id = f.job_id)"


def keep_reason(call_next: Callable[[], Any], context: Any, worker: Any) -> Any:
    """Runs a job's function; notes why it failed and lets the queue go on as it does."""
    try:
        return call_next()
    except Exception as error:
        _note(context.job.id, "".join(traceback.format_exception(error))[-LONGEST:].replace("\0", ""))
        raise


def _note(job_id: int | None, reason: str) -> None:
    if job_id is None:
        return
    try:
        JobFailure.objects.update_or_create(pk=job_id, defaults={"reason": reason, "at": clock.now()})
    except (DatabaseError, InterfaceError) as error:  # which may be why it failed
        log.warning("job %s: the reason was not kept: %s", job_id, error)


def forget_gone() -> int:
    """Delete the reasons of jobs that are gone; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET)
        return int(cursor.rowcount)
