"""What one does on a task: begin, check in, report what is wrong, end. Each takes the moment at which it happened."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yiwang.city.geo.queries import locate
from yiwang.core import clock
from yiwang.core.accounts.models import User
from yiwang.core.actor import Actor, system
from yiwang.core.errors import Invalid
from yiwang.operations.cases import actions as cases
from yiwang.operations.cases.actions import NewCase
from yiwang.operations.patrol import access
from yiwang.operations.patrol.models import Finding, Stop, Task
from yiwang.operations.patrol.places import point
from yiwang.operations.patrol.rules import presence, states
from yiwang.operations.patrol.runs import coverage
from yiwang.operations.patrol.runs.work import (
    Work,
    announce,
    count_again,
    end_at,
    grace,
    stop_of,
    take_up,
    take_up_to_find,
)

WORKER = system("worker")
PATROL_SOURCE = "collector_patrol"
SELF_HANDLE = "self_handle"
# What a lone position is worth as the centre of a duty grid: one is in the grid, or not.
IN_GRID_M = 0.0


@transaction.atomic
def start(actor: Actor, task_id: UUID, at: datetime | None = None) -> Task:
    """Begin a task; one that nobody has becomes the actor's.

    Raises NotFound `task_not_found`, Conflict `task_not_open`, `task_too_early`, `task_over`.
    """
    return take_up(actor, task_id, "start", at).done("start_task")


@transaction.atomic
def check_in(
    actor: Actor,
    task_id: UUID,
    stop_id: UUID,
    *,
    lon: float,
    lat: float,
    accuracy_m: float,
    at: datetime | None = None,
) -> Stop:
    """Be at a stop (degrees, WGS 84; the receiver's accuracy in metres). Too far away is kept, and does not count.

    The nearest of several check-ins stands, of equal ones the first. Raises as `start`, and Invalid `stop_not_found`.
    """
    work = take_up(actor, task_id, "work", at)
    stop = stop_of(work.task, stop_id)
    judged = _judged(stop, lon, lat, accuracy_m)
    if judged.stands_before(work.at, known_check_in(stop), stop.checked_in_at):
        stop.checked_in_at, stop.location, stop.accuracy_m = work.at, point(lon, lat), accuracy_m
        stop.distance_m, stop.within = judged.distance_m, judged.within
        stop.save()
    count_again(work.task)
    work.done("check_in", stop=str(stop.pk), within=judged.within, distance_m=round(judged.distance_m, 1))
    return stop


def known_check_in(stop: Stop) -> presence.CheckIn | None:
    """The check-in that stands at a stop so far."""
    if stop.distance_m is None or stop.within is None:
        return None
    return presence.CheckIn(stop.distance_m, stop.within)


def _judged(stop: Stop, lon: float, lat: float, accuracy_m: float) -> presence.CheckIn:
    """A line is reached by its nearest point; a duty grid by standing in it."""
    if stop.shape.geom_type == "LineString":
        nearest = stop.shape.interpolate(stop.shape.project(point(lon, lat)))
    else:
        nearest = stop.shape
    distance = presence.distance_m(lon, lat, nearest.x, nearest.y)
    if stop.target is not None and stop.target.plan.kind == "grids":
        place = locate(lon, lat)
        inside = place is not None and place.duty_grid is not None and place.duty_grid.code == stop.grid_code
        return presence.CheckIn(IN_GRID_M if inside else distance, inside)
    return presence.check_in(distance, stop.radius_m, accuracy_m)


@transaction.atomic
def find(
    actor: Actor, task_id: UUID, new: NewCase, *, stop_id: UUID | None = None, at: datetime | None = None
) -> Finding:
    """Something wrong that was found: a case by the one door, handled at once where its verb says so.

    The case is opened and linked however far the task is. The same case id again gives the finding that is there.
    Raises NotFound `task_not_found`, Invalid `stop_not_found`, and as `cases.actions.open_case`.
    """
    known = Finding.objects.filter(case=new.id, task=task_id).first() if new.id else None
    if known is not None:
        return known
    work = take_up_to_find(actor, task_id, at)
    stop = stop_of(work.task, stop_id) if stop_id else None
    case = cases.open_case(actor, replace(new, source=PATROL_SOURCE, occurred_at=new.occurred_at or work.at))
    found = Finding.objects.create(
        task=work.task,
        stop=stop,
        case=case,
        handled_at_once=new.verb == SELF_HANDLE,
        found_by_name=actor.name,
        found_at=work.at,
    )
    work.task.findings_count = Finding.objects.filter(task=work.task).count()
    work.done("find", case=str(case.pk), number=case.number, stop=str(stop_id) if stop_id else None)
    return found


@transaction.atomic
def finish(actor: Actor, task_id: UUID, *, note: str = "", at: datetime | None = None) -> Task:
    """End a task; what was left undone needs a note that says why.

    Raises as `start`, and Invalid `note_needed` naming how many stops are left.
    """
    work = take_up(actor, task_id, "finish", at)
    task = work.task
    count_again(task)
    left, said = task.stops_count - task.done_count, note.strip() or task.note
    if left and not said:
        raise Invalid("note_needed", f"还有 {left} 处没有完成，请说明原因。", field="note", left=left)
    task.note = said
    if not work.late:
        end_at(task, work.at)
    coverage.measure(task)
    return work.done("finish_task", done=task.done_count, of=task.stops_count, note=task.note)


@transaction.atomic
def cancel(actor: Actor, task_id: UUID, *, note: str) -> Task:
    """Call a task off, with a reason. Raises NotFound `task_not_found`, Conflict `task_not_open`."""
    task = access.one(access.tasks_for(actor, access.EDIT), task_id, "task_not_found", lock=True)
    work = Work(actor, task, clock.now(), task.state)
    task.state = states.after("cancel", task.state)
    task.note = note.strip()
    end_at(task, work.at)
    return work.done("cancel_task", note=task.note)


@transaction.atomic
def reassign(actor: Actor, task_id: UUID, person_id: UUID | None) -> Task:
    """Give a task that has not begun to somebody else; None: to whoever of the unit takes it.

    Raises NotFound `task_not_found`, Conflict `task_not_open`, Invalid `person_not_found`.
    """
    task = access.one(access.tasks_for(actor, access.EDIT), task_id, "task_not_found", lock=True)
    if person_id is not None and person_id not in access.walkers_for(actor, access.EDIT):
        raise Invalid("person_not_found", "没有这个人员，或不能把任务交给他。", field="person_id")
    person = User.objects.get(pk=person_id) if person_id else None
    work = Work(actor, task, clock.now(), task.state)
    task.state = states.after("reassign", task.state)
    announce(task, "reassign_task")  # who had it hears that it is theirs no more
    before, task.person = str(task.person_id), person
    return work.done("reassign_task", before=before, person=str(person_id))


def miss_overdue() -> int:
    """Tasks whose time and grace are over: done when nothing was left, else missed. Returns how many."""
    over = Task.objects.filter(state__in=states.UNSETTLED, ends_at__lt=clock.now() - grace())
    return sum(_settle(key) for key in over.order_by("ends_at").values_list("pk", flat=True)[:1000])


@transaction.atomic
def _settle(task_id: UUID) -> int:
    task = Task.objects.select_for_update(of=("self",)).select_related("unit").get(pk=task_id)
    if task.state not in states.UNSETTLED:
        return 0
    work = Work(WORKER, task, clock.now(), task.state)
    whole = task.stops_count > 0 and task.done_count == task.stops_count
    task.state = states.after("settle" if whole else "miss", task.state)
    end_at(task, task.ends_at)
    coverage.measure(task)
    work.done("finish_task" if whole else "miss_task", done=task.done_count, of=task.stops_count)
    return 1
