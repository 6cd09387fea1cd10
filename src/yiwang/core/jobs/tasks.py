"""The queue's own housekeeping."""

from contextlib import suppress
from uuid import UUID

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from yiwang.core.http.durations import forget_old
from yiwang.core.jobs import failures, long
from yiwang.core.jobs.declare import periodic, task

KEPT_FOR_HOURS = 30 * 24


@app.periodic(cron="* * * * *")
@app.task(name="jobs.retry_stalled", queueing_lock="jobs.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> int:
    """Put jobs back whose worker was killed (no sign of life for half a minute); returns how many were found.

    One that waits again already, put there by the schedule meanwhile, is taken off instead: it cannot be put
    back beside that, and while it seems to run it would keep that from running.
    """
    stalled = list(await context.app.job_manager.get_stalled_jobs())
    for job in stalled:
        # Another worker may have seen to it in the same minute.
        with suppress(ConnectorException):
            await put_back(context.app.job_manager, job)
    return len(stalled)


async def put_back(manager: JobManager, job: Job) -> None:
    """Let a stalled job be done again, by itself or by its copy that waits already."""
    try:
        await manager.retry_job(job)
    except UniqueViolation:
        await manager.finish_job(job, status=Status.ABORTED, delete_job=True)


@app.periodic(cron="41 * * * *")
@app.task(name="jobs.forget_failed", queueing_lock="jobs.forget_failed", pass_context=True)
async def forget_failed(context: JobContext, timestamp: int) -> None:
    """Delete jobs that failed or were called off a month ago; the worker deletes successful ones at once."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=KEPT_FOR_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )


@periodic("43 * * * *")
def forget_reasons() -> int:
    """Delete why jobs failed, once the jobs themselves are gone."""
    return failures.forget_gone()


@periodic("51 * * * *")
def forget_request_figures() -> int:
    """Delete figures of requests after eight days."""
    return forget_old()


@periodic("*/5 * * * *")
def settle_lost_jobs() -> int:
    """End long work that seems under way although no worker has it any more."""
    return long.settle_lost()


@task(attempts=1)
def do_long_job(job_id: str) -> None:
    """Work that somebody asked for on screen; its own row says what came of it."""
    long.do(UUID(job_id))
