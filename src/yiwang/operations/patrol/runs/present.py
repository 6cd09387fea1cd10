"""Tasks as the wire shows them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from yiwang.core.accounts.models import User
from yiwang.core.actor import Actor
from yiwang.core.errors import NotFound
from yiwang.core.forms.queries import form_in_force
from yiwang.operations.patrol import access, showing
from yiwang.operations.patrol.models import HandOver, Stop, Target, Task
from yiwang.operations.patrol.rules.states import ENDED
from yiwang.operations.patrol.runs import queries
from yiwang.operations.patrol.runs.queries import Visits
from yiwang.operations.patrol.runs.work import is_done


def rows(actor: Actor, tasks: Iterable[Task]) -> list[dict[str, Any]]:
    """Tasks as a list shows them."""
    tasks = list(tasks)
    own = access.own_tasks(actor)
    mine = set(Task.objects.filter(own, pk__in=[task.pk for task in tasks]).values_list("pk", flat=True))
    return [row(task, task.pk in mine) for task in tasks]


def row(task: Task, mine: bool) -> dict[str, Any]:
    """One task as a list shows it."""
    return {
        "id": task.pk,
        "name": task.name,
        "plan_id": task.plan_id,
        "inspection_id": task.inspection_id,
        "unit": showing.unit(task.unit),
        "area": showing.area(task.area_code),
        "day": task.day,
        "starts_at": task.starts_at,
        "ends_at": task.ends_at,
        "person": showing.person(task.person),
        "team": task.team,
        "form": task.form,
        "state": task.state,
        "started_at": task.started_at,
        "ended_at": task.ended_at,
        "note": task.note,
        "points_count": task.stops_count,
        "done_count": task.done_count,
        "findings_count": task.findings_count,
        "covered_m": round(task.covered_m, 1),
        "length_m": round(task.length_m, 1),
        "mine": mine,
        "version": task.version,
    }


def details(actor: Actor, tasks: Iterable[Task]) -> list[dict[str, Any]]:
    """Tasks with their stops and findings; a handful of queries however many."""
    tasks = list(tasks)
    stops, findings = queries.stops_of(tasks), queries.findings_of(tasks)
    people = User.objects.in_bulk({one for task in tasks for one in task.members})
    versions = {form: version_of(form) for form in {task.form for task in tasks}}
    return [
        {
            **shown,
            "plan_name": (task.plan or task.inspection).name,  # type: ignore[union-attr]
            "kind": task.plan.kind if task.plan else "inspection",
            "members": [showing.person(people[one]) for one in task.members if one in people],
            "seed": task.seed,
            "form_version": versions[task.form],
            "purpose": task.inspection.purpose if task.inspection else "",
            "points": [point(one, task) for one in stops[task.pk]],
            "findings": [showing.finding(one) for one in findings[task.pk]],
            "may_edit": task.state not in ENDED and _may_edit(actor, task),
        }
        for task, shown in zip(tasks, rows(actor, tasks), strict=True)
    ]


def detail(actor: Actor, task: Task) -> dict[str, Any]:
    """One task with its stops and findings."""
    return details(actor, [task])[0]


def version_of(form: str) -> int | None:
    """The version of a form that holds; None without a form, or when it is used no more."""
    try:
        return form_in_force(form).version if form else None
    except NotFound:
        return None


def _may_edit(actor: Actor, task: Task) -> bool:
    return access.holds_for(actor, access.EDIT, unit_path=task.unit.path, area_code=task.area_code)


def point(stop: Stop, task: Task) -> dict[str, Any]:
    """A stop and what was done there."""
    filled = stop.filled
    return {
        "id": stop.pk,
        "order": stop.order,
        "name": stop.name,
        "address": stop.address,
        "shape": showing.shape(stop.shape),
        "radius_m": stop.radius_m,
        "grade": stop.grade,
        "is_key": stop.is_key,
        "area": showing.area(stop.area_code),
        "grid_code": stop.grid_code,
        "done": is_done(stop, task),
        "checked_in_at": stop.checked_in_at,
        "lon": stop.location.x if stop.location else None,
        "lat": stop.location.y if stop.location else None,
        "distance_m": round(stop.distance_m, 1) if stop.distance_m is not None else None,
        "within": stop.within,
        "filled_id": stop.filled_id,
        "filled_at": filled.filled_at if filled else None,
        "passed": stop.passed,
        "percent": filled.percent if filled else None,
        "covered_m": round(stop.covered_m, 1),
        "length_m": round(stop.length_m, 1),
    }


def board(found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Figures by day and unit."""
    return [
        {
            **one,
            "unit": {"id": one["unit_id"], "name": one["unit_name"]},
            "points": one["stops_due"] or 0,
            "points_done": one["stops_done"] or 0,
            "length_m": round(one["length"] or 0, 1),
            "covered_m": round(one["covered"] or 0, 1),
            "findings": one["found"] or 0,
        }
        for one in found
    ]


def coverage(found: list[tuple[Target, Visits]]) -> dict[str, Any]:
    """The places with their visits, and figures by grade."""
    by_grade: dict[str, list[Visits]] = defaultdict(list)
    for target, visits in found:
        by_grade[target.grade].append(visits)
    return {
        "items": [_visited(target, visits) for target, visits in found],
        "grades": [
            {
                "grade": grade,
                "places": len(visits),
                "due": sum(one.due for one in visits),
                "made": sum(one.made for one in visits),
                "covered_m": round(sum(one.covered_m for one in visits), 1),
                "length_m": round(sum(one.length_m for one in visits), 1),
            }
            for grade, visits in sorted(by_grade.items())
        ],
    }


def _visited(target: Target, visits: Visits) -> dict[str, Any]:
    return {
        "id": target.pk,
        "name": target.name,
        "plan_id": target.plan_id,
        "plan_name": target.plan.name,
        "kind": target.plan.kind,
        "grade": target.grade,
        "is_key": target.is_key,
        "area": showing.area(target.area_code),
        "shape": showing.shape(target.shape),
        "due": visits.due,
        "made": visits.made,
        "last_at": visits.last_at,
        "covered_m": round(visits.covered_m, 1),
        "length_m": round(visits.length_m, 1),
    }


def hand_overs(actor: Actor, found: Iterable[HandOver]) -> list[dict[str, Any]]:
    """Hand-overs with their tasks; two queries however many."""
    found = list(found)
    prefetch_related_objects(found, Prefetch("tasks", Task.objects.select_related("unit", "person")))
    shown = {row["id"]: row for row in rows(actor, [task for one in found for task in one.tasks.all()])}
    return [_hand_over(actor, one, [shown[task.pk] for task in one.tasks.all()]) for one in found]


def _hand_over(actor: Actor, one: HandOver, tasks: list[dict[str, Any]]) -> dict[str, Any]:
    waits = one.acknowledged_at is None and access.may_take_over(actor, one)
    return {
        "id": one.pk,
        "unit": showing.unit(one.unit),
        "giver": showing.person(one.giver),
        "receiver": showing.person(one.receiver),
        "note": one.note,
        "open_items": one.open_items,
        "tasks": tasks,
        "handed_at": one.handed_at,
        "acknowledged_at": one.acknowledged_at,
        "acknowledged_by": one.acknowledged_by_name,
        "may_acknowledge": waits and actor.can(access.WALK),
    }
