"""Special inspections as the wire shows them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from yiwang.core import clock
from yiwang.core.accounts.models import User
from yiwang.core.actor import Actor
from yiwang.operations.patrol import access, showing
from yiwang.operations.patrol.inspections import queries
from yiwang.operations.patrol.inspections.queries import Result
from yiwang.operations.patrol.models import Inspection, Item, Rectification, Stop, Task

States = Rectification.State


def rows(inspections: Iterable[Inspection]) -> list[dict[str, Any]]:
    """Inspections as a list shows them; one query for the figures of all."""
    inspections = list(inspections)
    found = Stop.objects.filter(task__inspection__in=inspections, filled__isnull=False).values(
        "task__inspection"
    )
    counted: dict[UUID, Any] = {
        row["task__inspection"]: row
        for row in found.annotate(done=Count("id"), right=Count("id", filter=Q(passed=True)))
    }
    return [row(one, counted.get(one.pk, {})) for one in inspections]


def row(one: Inspection, counted: dict[str, Any]) -> dict[str, Any]:
    """One inspection as a list shows it."""
    return {
        "id": one.pk,
        "name": one.name,
        "unit": showing.unit(one.unit),
        "area": showing.area(one.area_code),
        "form": one.form,
        "state": one.state,
        "source": one.source,
        "starts_on": one.starts_on,
        "ends_on": one.ends_on,
        "sampling": one.sampling,
        "done": counted.get("done", 0),
        "passed": counted.get("right", 0),
        "made_by": one.made_by_name,
        "made_at": one.made_at,
        "version": one.version,
    }


def detail(actor: Actor, one: Inspection) -> dict[str, Any]:
    """An inspection whole."""
    begun = one.state in (Inspection.State.RUNNING, Inspection.State.REPORTED, Inspection.State.CANCELLED)
    may = access.holds_for(actor, access.LEAD, unit_path=one.unit.path, area_code=one.area_code)
    return {
        **rows([one])[0],
        "purpose": one.purpose,
        "teams": _teams(one),
        "results": [_result(actor, each) for each in queries.results(one)] if begun else [],
        "report": one.figures or (queries.figures(one) if begun else None),
        "conclusion": one.conclusion,
        "reported_by": one.reported_by_name,
        "reported_at": one.reported_at,
        "may_lead": may,
    }


def _teams(one: Inspection) -> list[dict[str, Any]]:
    tasks = {task.key: task for task in Task.objects.filter(inspection=one)}
    people = User.objects.in_bulk([UUID(p) for team in one.teams for p in team["people"]])
    return [_team(team, tasks.get(team["name"]), people) for team in one.teams]


def _team(team: dict[str, Any], task: Task | None, people: dict[UUID, User]) -> dict[str, Any]:
    return {
        "name": team["name"],
        "people": [showing.person(people[UUID(p)]) for p in team["people"] if UUID(p) in people],
        "task_id": task.pk if task else None,
        "state": task.state if task else "planned",
        "points": task.stops_count if task else 0,
        "done": task.done_count if task else 0,
    }


def item(one: Item) -> dict[str, Any]:
    """One of the population."""
    return {
        "id": one.pk,
        "name": one.name,
        "address": one.address,
        "lon": one.location.x,
        "lat": one.location.y,
        "grade": one.grade,
        "area": showing.area(one.area_code),
        "unit": showing.unit(one.unit),
        "reference": one.reference,
        "drawn": one.drawn,
    }


def _result(actor: Actor, one: Result) -> dict[str, Any]:
    stop = one.stop
    filled = stop.filled if stop else None
    return {
        "item": item(one.item),
        "task_id": stop.task_id if stop else None,
        "point_id": stop.pk if stop else None,
        "team": stop.task.team if stop else "",
        "checked_in_at": stop.checked_in_at if stop else None,
        "within": stop.within if stop else None,
        "filled_at": filled.filled_at if filled else None,
        "passed": stop.passed if stop else None,
        "percent": filled.percent if filled else None,
        "findings": one.findings,
        "rectification": rectification(actor, one.rectification) if one.rectification else None,
    }


def rectification(actor: Actor, one: Rectification) -> dict[str, Any]:
    """What is to be put right."""
    inspection = one.stop.task.inspection
    open_now = one.state in (States.ORDERED, States.FAILED)
    own = any(s.unit_path and one.unit.path.startswith(s.unit_path) for s in actor.scopes(access.WALK))
    leads = inspection is not None and access.holds_for(
        actor, access.LEAD, unit_path=inspection.unit.path, area_code=inspection.area_code
    )
    return {
        "id": one.pk,
        "inspection_id": one.stop.task.inspection_id,
        "inspection": inspection.name if inspection else "",
        "task_id": one.stop.task_id,
        "point_id": one.stop_id,
        "name": one.stop.name,
        "address": one.stop.address,
        "unit": showing.unit(one.unit),
        "demand": one.demand,
        "due_on": one.due_on,
        "overdue": open_now and one.due_on < clock.today(),
        "state": one.state,
        "ordered_by": one.ordered_by_name,
        "ordered_at": one.ordered_at,
        "result": one.result,
        "reported_by": one.reported_by_name,
        "reported_at": one.reported_at,
        "rechecked_by": one.rechecked_by_name,
        "rechecked_at": one.rechecked_at,
        "recheck_note": one.recheck_note,
        "may_report": open_now and own,
        "may_recheck": one.state == States.REPORTED and leads,
        "version": one.version,
    }
