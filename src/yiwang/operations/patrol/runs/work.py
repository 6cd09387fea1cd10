"""The task that somebody works on: loaded through access and locked, moved by the table of states, saved and told."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Value
from django.db.models.functions import Greatest

from yiwang.core import clock
from yiwang.core.accounts.models import User
from yiwang.core.actor import Actor
from yiwang.core.errors import Conflict, Invalid
from yiwang.core.parameters import queries as parameters
from yiwang.operations.patrol import access, recording
from yiwang.operations.patrol.events import TaskChanged
from yiwang.operations.patrol.models import Inspection, Stint, Stop, Task
from yiwang.operations.patrol.parameters import GRACE_MINUTES
from yiwang.operations.patrol.rules import states

EARLIEST = timedelta(hours=1)


@dataclass(slots=True)
class Work:
    """A task in somebody's hands, as it was when they took it up; `late`: it was over when this came to be known."""

    actor: Actor
    task: Task
    at: datetime
    before: str
    late: bool = False

    def done(self, verb: str, **told: Any) -> Task:
        """Save the task, write it down, announce it."""
        task = self.task
        task.version += 1
        task.save()
        after = {"state": task.state, "version": task.version, "at": self.at.isoformat(), **told}
        if self.late:
            after["late"] = True
        recording.note(self.actor, verb, "task", task.pk, before={"state": self.before}, after=after)
        announce(task, verb)
        return task


def grace() -> timedelta:
    """How long after its time a task is still taken."""
    return timedelta(minutes=parameters.number(GRACE_MINUTES))


def announce(task: Task, verb: str) -> None:
    """Tell boards and the phones of those whose task it is."""
    people = {*task.members, *([task.person_id] if task.person_id else [])}
    recording.tell(TaskChanged(str(task.pk), verb, task.state), task, people)


def take_up(actor: Actor, task_id: UUID, verb: str, at: datetime | None) -> Work:
    """The actor's own task, with `verb` taken in the table of states; work on it begins with the first touch.

    What happened before the task ended is taken late and leaves it as it is.
    Raises NotFound `task_not_found`, Conflict `task_not_open`, `task_too_early` or `task_over`.
    """
    rows = Task.objects.filter(access.own_tasks(actor)).select_related("unit", "inspection")
    task = access.one(rows, task_id, "task_not_found", lock=True)
    return _moved(Work(actor, task, happened(at), task.state), verb)


def take_up_to_find(actor: Actor, task_id: UUID, at: datetime | None) -> Work:
    """The task on which something was found. Where it is the actor's and takes work, it goes on with that; else it
    stays as it is: a problem is not lost because the task is over, or somebody else's by now.

    Raises NotFound `task_not_found`.
    """
    rows = Task.objects.filter(access.walkable_tasks(actor)).select_related("unit", "inspection")
    task = access.one(rows, task_id, "task_not_found", lock=True)
    work = Work(actor, task, happened(at), task.state)
    if not Task.objects.filter(access.own_tasks(actor), pk=task_id).exists():
        work.late = True
        return work
    try:
        return _moved(work, "work")
    except Conflict:
        work.late = True
        return work


def happened(at: datetime | None) -> datetime:
    """When something happened: not later than now."""
    now = clock.now()
    return min(at, now) if at else now


def _moved(work: Work, verb: str) -> Work:
    task, at = work.task, work.at
    if at < task.starts_at - EARLIEST:
        raise Conflict("task_too_early", "还没到这个任务的时间。", starts_at=task.starts_at.isoformat())
    if not states.counts_late(at, task.ends_at, grace()):
        raise Conflict("task_over", "这个任务的时间已经过了。", ends_at=task.ends_at.isoformat())
    closed = task.inspection is not None and task.inspection.state == Inspection.State.REPORTED
    in_time = states.before_end(at, task.ended_at, task.ends_at, grace())
    task.state = states.on_site(verb, task.state, before_end=in_time, closed=closed)
    work.late = task.state in states.ENDED and task.state == work.before
    if not work.late:
        _begin(work)
    return work


def _begin(work: Work) -> None:
    """Who comes to a task that nobody has has it; the time that they walk it runs from here."""
    task, user = work.task, work.actor.user_id
    if task.person_id is None and not task.members:
        task.person = User.objects.get(pk=user)
    if task.started_at is None:
        task.started_at = work.at
    if user is not None and not task.stints.filter(user=user, ended_at__isnull=True).exists():
        Stint.objects.create(task=task, user_id=user, began_at=work.at)


def end_at(task: Task, at: datetime) -> None:
    """End a task, and with it the time of those who walked it."""
    task.ended_at = at
    task.stints.filter(ended_at__isnull=True).update(ended_at=Greatest("began_at", Value(at)))


def stop_of(task: Task, stop_id: UUID) -> Stop:
    """A stop of the task. Raises Invalid `stop_not_found`."""
    stop = Stop.objects.select_for_update().filter(task=task, pk=stop_id).first()
    if stop is None:
        raise Invalid("stop_not_found", "任务里没有这个点位。", field="point_id")
    return stop


def count_again(task: Task) -> None:
    """The figures of the task that lists show, from its stops."""
    stops = list(Stop.objects.filter(task=task))
    task.stops_count = len(stops)
    task.done_count = sum(1 for stop in stops if is_done(stop, task))
    task.covered_m = sum(stop.covered_m for stop in stops)
    task.length_m = sum(stop.length_m for stop in stops)


def is_done(stop: Stop, task: Task) -> bool:
    """A stop is done when its form is filled; without a form, when somebody was there."""
    if task.form:
        return stop.filled_id is not None
    return bool(stop.within)
