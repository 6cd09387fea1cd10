"""The queue as people see it."""

from django.db.models import Max, QuerySet
from procrastinate.contrib.django.models import ProcrastinateJob

from yiwang.core.jobs.models import JobFailure, LongJob

OPEN = (LongJob.State.WAITING, LongJob.State.RUNNING)
STATES = ("failed", "todo", "doing", "cancelled", "aborted")


def background(states: tuple[str, ...]) -> QuerySet[ProcrastinateJob]:
    """Jobs in some of the queue's states, each with the time of what happened to it last."""
    rows: QuerySet[ProcrastinateJob] = ProcrastinateJob.objects.filter(status__in=states)
    return rows.annotate(at=Max("procrastinateevent__at"))


def waits(task: str) -> bool:
    """Whether a job of a task waits in the queue."""
    return ProcrastinateJob.objects.filter(task_name=task, status="todo").exists()


def reasons(job_ids: list[int]) -> dict[int, str]:
    """Why jobs failed, as far as that was kept."""
    return dict(JobFailure.objects.filter(pk__in=job_ids).values_list("pk", "reason"))


def long_jobs() -> QuerySet[LongJob]:
    """All long work that was asked for."""
    return LongJob.objects.all()
