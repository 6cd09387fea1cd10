"""How much of the lines of a task was walked, by the trails of who went."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from yiwang.core import clock
from yiwang.core.parameters import queries as parameters
from yiwang.operations.patrol.models import Stop, Task
from yiwang.operations.patrol.parameters import KEEP_PLACES
from yiwang.operations.patrol.places import coordinates
from yiwang.operations.patrol.rules.presence import Step, walked
from yiwang.operations.patrol.rules.states import State
from yiwang.sensing.fleet import queries as fleet

LATE = timedelta(days=3)


def measure(task: Task) -> None:
    """Measure the task's lines anew (not saved); tasks without lines have none to measure."""
    lines = [stop for stop in Stop.objects.filter(task=task) if stop.shape.geom_type == "LineString"]
    if not lines or task.started_at is None:
        return
    trails = trails_of(task)
    for stop, found in zip(
        lines, walked([coordinates(stop.shape) for stop in lines], trails, task.near_m), strict=True
    ):
        stop.covered_m, stop.length_m = found.covered_m, found.length_m
    Stop.objects.bulk_update(lines, ["covered_m", "length_m"])
    task.covered_m = sum(stop.covered_m for stop in lines)
    task.length_m = sum(stop.length_m for stop in lines)


def measure_under_way() -> int:
    """Measure every task with lines that is under way; returns how many."""
    found = Task.objects.filter(state=State.UNDER_WAY, length_m__gt=0)
    for task in found:
        _measure_apart(task)
    return len(found)


def measure_again() -> int:
    """Measure tasks that ended in the last days again: phones that were offline send their positions late."""
    since = clock.now() - LATE
    found = Task.objects.filter(ended_at__gte=since, length_m__gt=0, covered_m__lt=F("length_m"))
    rows = list(found.exclude(state=State.UNDER_WAY))
    for task in rows:
        _measure_apart(task)
    return len(rows)


def _measure_apart(task: Task) -> None:
    measure(task)
    Task.objects.filter(pk=task.pk).update(covered_m=task.covered_m, length_m=task.length_m)


def trails_of(task: Task) -> list[list[Step]]:
    """Where each of those who went was while they were on the task, whoever has it by now."""
    until = task.ended_at or clock.now()
    spans = [(one.user_id, one.began_at, one.ended_at or until) for one in task.stints.all()]
    known = {user for user, _, _ in spans}
    people = {*task.members, *([task.person_id] if task.person_id else [])} - known
    if task.started_at is not None:  # of a team not everybody touches a phone
        spans += [(user, task.started_at, until) for user in sorted(people)]
    return [_steps(*span) for span in spans]


def _steps(person: UUID, since: datetime, until: datetime) -> list[Step]:
    track = fleet.track(person, since, until)
    return [
        Step(*values)
        for values in zip(track.at.tolist(), track.lon.tolist(), track.lat.tolist(), strict=True)
    ]


def forget_check_in_places() -> int:
    """Let go where people stood at check-ins that are older than their time; that they were there stays."""
    before = clock.now() - timedelta(days=parameters.number(KEEP_PLACES))
    old = Stop.objects.filter(checked_in_at__lt=before, location__isnull=False)
    return int(old.update(location=None, accuracy_m=None))
