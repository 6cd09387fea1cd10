"""Begin long work, and do the jobs that wait."""

from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import ConnectorException

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict, NotFound
from yiwang.core.jobs import long
from yiwang.core.jobs.failures import keep_reason
from yiwang.core.jobs.long import begin

__all__ = ["begin", "cancel", "do_jobs", "retry"]

JOBS_AT_ONCE = 2
LOOK_EVERY_S = 2.0  # word of a new job comes at once; this is the net below it


async def do_jobs(*, patience_s: float) -> None:
    """Do background jobs and defer the periodic ones, until cancelled; jobs under way then get `patience_s`.

    Raises procrastinate's ConnectorException or a database error when the database goes away.
    """
    # The periodic ones are deferred on Django's connection, which may have died with the database.
    await sync_to_async(close_old_connections)()
    # A copy with a connection of its own: jobs that handlers defer stay on Django's, in their transaction.
    own = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with own.open_async():
        await own.run_worker_async(
            concurrency=JOBS_AT_ONCE,
            fetch_job_polling_interval=LOOK_EVERY_S,
            install_signal_handlers=False,
            delete_jobs="successful",
            shutdown_graceful_timeout=patience_s,
            task_middleware=[keep_reason],
        )


@transaction.atomic
def retry(actor: Actor, job_id: int) -> None:
    """Let a job that failed be tried again at once.

    Raises NotFound; Conflict `job_not_failed`, or `job_waits_already` when the schedule has put the same one there.
    """
    job = _known(job_id)
    if job.status != "failed":
        raise Conflict("job_not_failed", "这个任务没有失败，不需要重试。")
    try:
        with transaction.atomic():
            app.job_manager.retry_job_by_id(job_id, retry_at=clock.now())
    except (ConnectorException, DatabaseError):
        raise Conflict("job_waits_already", "同样的任务已经在排队，不需要重试。") from None
    _record(actor, "jobs.retry", job)


@transaction.atomic
def cancel(actor: Actor, job_id: int) -> None:
    """Call off a job that waits. Raises NotFound; Conflict `job_not_waiting`: it has begun, or is at its end."""
    job = _known(job_id)
    if not app.job_manager.cancel_job_by_id(job_id):
        raise Conflict("job_not_waiting", "这个任务已经开始或结束，不能取消。")
    if job.task_name == long.TASK:
        long.call_off(UUID(job.args["job_id"]), reason="cancelled")
    _record(actor, "jobs.cancel", job)


def _known(job_id: int) -> ProcrastinateJob:
    job: ProcrastinateJob | None = ProcrastinateJob.objects.filter(pk=job_id).first()
    if job is None:
        raise NotFound("job_not_found", "没有这个任务。")
    return job


def _record(actor: Actor, action: str, job: ProcrastinateJob) -> None:
    audit.record(
        actor,
        action=action,
        object_type="job",
        object_id=str(job.pk),
        before={"status": job.status},
        after={"task": job.task_name},
    )
