"""The reads of plans."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from yiwang.core import clock
from yiwang.core.accounts.models import User
from yiwang.core.actor import Actor
from yiwang.core.http.paging import Page, page
from yiwang.operations.patrol import access, showing
from yiwang.operations.patrol.models import Plan, Target, Task
from yiwang.operations.patrol.plans import facts
from yiwang.operations.patrol.plans.drawing_up import scheme_of, who_goes
from yiwang.operations.patrol.rules.drafting import drafts

DAYS_BACK, DAYS_SHOWN = 7, 7


def list_page(actor: Actor, *, state: str, q: str, area: str, after: str | None, limit: int) -> Page[Plan]:
    """A page of plans, the newest first."""
    rows = access.plans_for(actor)
    if state:
        rows = rows.filter(state=state)
    if q:
        rows = rows.filter(name__contains=q)
    if area:
        rows = rows.filter(area_code__startswith=area)
    return page(rows, keys=("-made_at", "-id"), after=after, limit=limit)


def rows(plans: Iterable[Plan]) -> list[dict[str, Any]]:
    """Plans as a list shows them; three queries however many."""
    plans = list(plans)
    targets = _counted(Target.objects.filter(plan__in=plans, removed_at__isnull=True))
    since = clock.today() - timedelta(days=DAYS_BACK)
    recent = Task.objects.filter(plan__in=plans, day__gt=since, day__lte=clock.today())
    done = Count("id", filter=Q(state="done"))
    missed = Count("id", filter=Q(state="missed"))
    tasks: dict[UUID, Any] = {
        row["plan"]: row for row in recent.values("plan").annotate(all=Count("id"), done=done, missed=missed)
    }
    return [_row(plan, targets.get(plan.pk, 0), tasks.get(plan.pk, {})) for plan in plans]


def detail(actor: Actor, plan: Plan) -> dict[str, Any]:
    """A plan with its places."""
    people = User.objects.in_bulk(plan.people)
    may = access.holds_for(actor, access.EDIT, unit_path=plan.unit.path, area_code=plan.area_code)
    return {
        **rows([plan])[0],
        "people": [showing.person(people[one]) for one in plan.people if one in people],
        "seed": plan.seed,
        "near_m": plan.near_m,
        "targets": [_target(one) for one in plan.targets.filter(removed_at__isnull=True)],
        "may_edit": may and plan.state != Plan.State.ENDED,
    }


def preview(plan: Plan) -> list[dict[str, Any]]:
    """What the coming week will be by the plan as it stands."""
    targets = facts.places(list(plan.targets.filter(removed_at__isnull=True)))
    grids = sorted({one.grid for one in targets})
    found = []
    for n in range(DAYS_SHOWN):
        day = clock.today() + timedelta(days=n)
        made = drafts(scheme_of(plan, day), targets, day, who_goes(plan, day, grids))
        found.append(
            {
                "day": day,
                "tasks": len(made),
                "stops": sum(len(one.places) for one in made),
                "without_person": sum(1 for one in made if one.person is None),
            }
        )
    return found


def _counted(targets: Any) -> dict[UUID, int]:
    return dict(targets.order_by().values_list("plan").annotate(n=Count("id")))


def _row(plan: Plan, targets: int, tasks: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": plan.pk,
        "name": plan.name,
        "unit": showing.unit(plan.unit),
        "area": showing.area(plan.area_code),
        "kind": plan.kind,
        "form": plan.form,
        "frequency": plan.frequency,
        "windows": [{"start": w.start, "end": w.end} for w in facts.windows(plan)],
        "weekdays": plan.weekdays,
        "sample_percent": plan.sample_percent,
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
        "state": plan.state,
        "targets_count": targets,
        "tasks": tasks.get("all", 0),
        "done": tasks.get("done", 0),
        "missed": tasks.get("missed", 0),
        "made_by": plan.made_by_name,
        "made_at": plan.made_at,
        "version": plan.version,
    }


def _target(one: Target) -> dict[str, Any]:
    return {
        "id": one.pk,
        "name": one.name,
        "shape": showing.shape(one.shape),
        "radius_m": one.radius_m,
        "grade": one.grade,
        "is_key": one.is_key,
        "area": showing.area(one.area_code),
        "grid_code": one.grid_code,
    }
