"""How long work is declared, begun and done: one at a time of each kind, with progress that everybody sees."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from django.db import DatabaseError, InterfaceError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict, DomainError
from yiwang.core.jobs.failures import drop_dead_connections
from yiwang.core.jobs.models import LongJob
from yiwang.core.jobs.queries import OPEN
from yiwang.core.locks import hold

SAY_EVERY_S = 0.5
log = logging.getLogger(__name__)

TASK = "jobs.do_long_job"
LOST = "worker_lost"


@dataclass(slots=True)
class Progress:
    """What long work says of itself while it runs; writes to the database twice a second at most."""

    job_id: UUID
    _said_at: float = field(default=0.0)
    _stage: str = field(default="")

    def say(self, done: int, total: int, stage: str = "") -> None:
        """So many steps of so many (0: not known) of a stage."""
        now = time.monotonic()
        if stage == self._stage and now - self._said_at < SAY_EVERY_S:
            return
        self._said_at, self._stage = now, stage
        LongJob.objects.filter(pk=self.job_id).update(done=done, total=total, stage=stage)


Doing = Callable[[LongJob, Progress], Mapping[str, Any]]
T = TypeVar("T", bound=Doing)
Clearing = Callable[[LongJob], None]
_kinds: dict[str, Doing] = {}
_clearings: dict[str, Clearing] = {}


def long_job(kind: str, *, clear: Clearing | None = None) -> Callable[[T], T]:
    """Declare a kind of long work, `room.verb_noun`, in a room's tasks.py.

    The function gets its row and its progress and returns the result as JSON values. It may run more than once (a
    worker can be killed), so it must be repeatable. What it raises is kept as the reason. `clear` takes away what one
    was begun with that is called off, or whose worker was lost.
    """

    def declare(function: T) -> T:
        _kinds[kind] = function
        if clear is not None:
            _clearings[kind] = clear
        return function

    return declare


@transaction.atomic
def begin(
    actor: Actor, kind: str, *, subject: str = "", arguments: Mapping[str, Any] | None = None
) -> LongJob:
    """Let a worker do it as soon as this is committed. Raises Conflict `job_under_way`: one at a time of each kind."""
    from yiwang.core.jobs.tasks import do_long_job

    hold(f"jobs.begin:{kind}")
    settle_lost(kind)
    under_way = LongJob.objects.filter(kind=kind, state__in=OPEN).first()
    if under_way is not None:
        raise Conflict("job_under_way", "同样的任务正在进行，请等它结束。", job=str(under_way.pk))
    job = LongJob.objects.create(
        kind=kind,
        subject=subject,
        arguments=dict(arguments or {}),
        asked_by=actor.user_id,
        asked_by_name=actor.name,
    )
    audit.record(
        actor,
        action=kind,
        object_type="long_job",
        object_id=str(job.pk),
        before=None,
        after={"subject": subject},
    )
    do_long_job.defer(job_id=str(job.pk))
    return job


def do(job_id: UUID) -> None:
    """Do it, and keep what came of it. What is at its end already is left."""
    job = LongJob.objects.filter(pk=job_id, state__in=OPEN).first()
    if job is None:
        return
    job.state, job.started_at = LongJob.State.RUNNING, clock.now()
    job.save(update_fields=["state", "started_at"])
    try:
        result = _kinds[job.kind](job, Progress(job.pk))
    except (DatabaseError, InterfaceError) as error:
        log.warning("%s %s: %s", job.kind, job.pk, error)
        _fail(job.pk, f"{type(error).__name__}: {error}")
    except DomainError as error:
        _fail(job.pk, error.message)
    except Exception as error:
        log.exception("%s %s failed", job.kind, job.pk)
        _fail(job.pk, str(error) or type(error).__name__)
    else:
        end(job.pk, result=result)


def _fail(job_id: UUID, reason: str) -> None:
    """Note why, on a fresh connection where the old one is broken: that may be why it failed."""
    drop_dead_connections()
    end(job_id, reason=reason)


def end(job_id: UUID, *, result: Mapping[str, Any] | None = None, reason: str = "") -> None:
    """Note what came of it, or why nothing did; nothing when it is at its end already."""
    state = LongJob.State.FAILED if result is None else LongJob.State.DONE
    LongJob.objects.filter(pk=job_id, state__in=OPEN).update(
        state=state,
        result=None if result is None else dict(result),
        reason=reason[:4000].replace("\0", ""),
        ended_at=clock.now(),
    )


@transaction.atomic
def call_off(job_id: UUID, *, reason: str) -> None:
    """End what will not be done any more, and take away what it was begun with; nothing when it is at its end."""
    job = LongJob.objects.select_for_update().filter(pk=job_id, state__in=OPEN).first()
    if job is None:
        return
    end(job.pk, reason=reason)
    if (clear := _clearings.get(job.kind)) is not None:
        transaction.on_commit(lambda: clear(job))


def settle_lost(kind: str = "") -> int:
    """End what seems under way although the queue has no job for it any more, of a kind or of all; returns how many.

    Both are written in one transaction, and the queue keeps its job until ours is at its end: what it does not have,
    nobody does.
    """
    settled = 0
    for job in LongJob.objects.filter(state__in=OPEN, **({"kind": kind} if kind else {})):
        queued = ProcrastinateJob.objects.filter(
            task_name=TASK, args__job_id=str(job.pk), status__in=("todo", "doing")
        )
        if not queued.exists():
            call_off(job.pk, reason=LOST)
            settled += 1
    return settled
