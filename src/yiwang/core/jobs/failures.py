"""Why jobs fail, kept beside the queue, which only knows that they did."""

import logging
import traceback
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, InterfaceError, connection, connections

from yiwang.core import clock
from yiwang.core.jobs.models import JobFailure

log = logging.getLogger(__name__)
LONGEST = 8000
_FORGET = "DELETE FROM jobs_jobfailure f WHERE NOT EXISTS (SELECT 1 FROM procrastinate_jobs j WHERE j.id = f.job_id)"


def keep_reason(call_next: Callable[[], Any], context: Any, worker: Any) -> Any:
    """Runs a job's function; notes why it failed and lets the queue go on as it does.

    Each job begins, and is noted, on a connection that works: the thread's own may have died with the database.
    """
    drop_dead_connections()
    try:
        return call_next()
    except Exception as error:
        drop_dead_connections()
        _note(context.job.id, "".join(traceback.format_exception(error))[-LONGEST:].replace("\0", ""))
        raise
    finally:
        drop_dead_connections()


def drop_dead_connections() -> None:
    """Close this thread's connections that are broken or too old; one in a transaction is left to it."""
    for one in connections.all(initialized_only=True):
        if not one.in_atomic_block:
            one.close_if_unusable_or_obsolete()


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
