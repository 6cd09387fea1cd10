"""How much of the lines of a task was walked, by the trails of who went."""

from datetime import datetime
from uuid import UUID

from yiwang.core import clock
from yiwang.operations.patrol.models import Stop, Task
from yiwang.operations.patrol.places import coordinates
from yiwang.operations.patrol.rules.presence import Step, walked
from yiwang.operations.patrol.rules.states import State
from yiwang.sensing.fleet import queries as fleet


def measure(task: Task) -> None:
    """Measure the task's lines anew (not saved); tasks without lines have none to measure."""
    lines = [stop for stop in Stop.objects.filter(task=task) if stop.shape.geom_type == "LineString"]
    if not lines or task.started_at is None:
        return
    trail = trail_of(task)
    for stop, found in zip(
        lines, walked([coordinates(stop.shape) for stop in lines], trail, task.near_m), strict=True
    ):
        stop.covered_m, stop.length_m = found.covered_m, found.length_m
    Stop.objects.bulk_update(lines, ["covered_m", "length_m"])
    task.covered_m = sum(stop.covered_m for stop in lines)
    task.length_m = sum(stop.length_m for stop in lines)


def measure_under_way() -> int:
    """Measure every task with lines that is under way; returns how many."""
    found = Task.objects.filter(state=State.UNDER_WAY, length_m__gt=0)
    for task in found:
        measure(task)
        Task.objects.filter(pk=task.pk).update(covered_m=task.covered_m, length_m=task.length_m)
    return len(found)


def trail_of(task: Task) -> list[Step]:
    """Where those who went were during the task, one after the other."""
    people: set[UUID] = {*task.members, *([task.person_id] if task.person_id else [])}
    until = task.ended_at or clock.now()
    return [step for person in sorted(people) for step in _steps(person, task, until)]


def _steps(person: UUID, task: Task, until: datetime) -> list[Step]:
    if task.started_at is None:
        return []
    track = fleet.track(person, task.started_at, until)
    return [
        Step(*values)
        for values in zip(track.at.tolist(), track.lon.tolist(), track.lat.tolist(), strict=True)
    ]
