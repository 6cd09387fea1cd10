"""The reads of tasks: lists, boards, one task, coverage, what a phone keeps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.http.paging import Page, page
from yiwang.operations.patrol import access
from yiwang.operations.patrol.models import Finding, HandOver, Stop, Target, Task
from yiwang.operations.patrol.rules.states import OPEN, State

MOST_ON_MAP = 3000


@dataclass(frozen=True, slots=True)
class Asked:
    """Which tasks: from a day to a day (both included), in a state, of a unit's subtree, an area, a person."""

    since: date | None = None
    until: date | None = None
    state: str = ""
    unit_id: int | None = None
    area: str = ""
    person_id: UUID | None = None
    plan_id: UUID | None = None
    inspection_id: UUID | None = None
    mine: bool = False


def filtered(actor: Actor, asked: Asked) -> QuerySet[Task]:
    """The tasks that the person may see of those asked for."""
    rows = access.tasks_for(actor)
    if asked.mine:
        rows = rows.filter(access.own_tasks(actor))
    wanted: dict[str, object] = {
        "day__gte": asked.since,
        "day__lte": asked.until,
        "state": asked.state or None,
        "area_code__startswith": asked.area or None,
        "person": asked.person_id,
        "plan": asked.plan_id,
        "inspection": asked.inspection_id,
    }
    rows = rows.filter(**{key: value for key, value in wanted.items() if value is not None})
    if asked.unit_id is not None:
        rows = rows.filter(Q(unit=asked.unit_id) | Q(unit__parent=asked.unit_id))
    return rows


def list_page(actor: Actor, asked: Asked, *, after: str | None, limit: int) -> Page[Task]:
    """A page of tasks, the newest day first."""
    return page(filtered(actor, asked), keys=("-starts_at", "id"), after=after, limit=limit)


def board(actor: Actor, asked: Asked) -> list[Any]:
    """Figures by day and unit: tasks by state, stops done, metres walked, findings."""
    rows = filtered(actor, asked).values("day", "unit_id", unit_name=F("unit__short_name"))
    states = {state.value: Count("id", filter=Q(state=state)) for state in State}
    found = rows.annotate(
        total=Count("id"),
        stops_due=Sum("stops_count"),
        stops_done=Sum("done_count"),
        length=Sum("length_m"),
        covered=Sum("covered_m"),
        found=Sum("findings_count"),
        **states,
    )
    return list(found.order_by("-day", "unit_id"))


def task(actor: Actor, task_id: UUID) -> Task:
    """One task. Raises NotFound `task_not_found`."""
    return access.one(access.tasks_for(actor), task_id, "task_not_found")


def stops_of(tasks: Iterable[Task]) -> dict[UUID, list[Stop]]:
    """The stops of some tasks, in their order; one query."""
    found: dict[UUID, list[Stop]] = {one.pk: [] for one in tasks}
    rows = Stop.objects.filter(task__in=found).select_related("filled__form_version")
    for stop in rows.order_by("order", "id"):
        found[stop.task_id].append(stop)
    return found


def findings_of(tasks: Iterable[Task]) -> dict[UUID, list[Finding]]:
    """What was found on some tasks, with its cases; one query."""
    found: dict[UUID, list[Finding]] = {one.pk: [] for one in tasks}
    for one in Finding.objects.filter(task__in=found).select_related("case", "case__category"):
        found[one.task_id].append(one)
    return found


def mine_today(actor: Actor) -> list[Task]:
    """What the phone keeps: one's own tasks that touch today and are not over, and those of today that are."""
    today = clock.today()
    rows = access.tasks_for(actor).filter(access.own_tasks(actor))
    open_now = Q(state__in=OPEN, ends_at__gte=clock.now()) & Q(day__lte=today)
    return list(
        rows.filter(open_now | Q(day=today)).exclude(state=State.CANCELLED).order_by("starts_at", "id")
    )


@dataclass(frozen=True, slots=True)
class Visits:
    """What was done at a place over some days: visits due and made, the last one, metres walked of those to walk."""

    due: int = 0
    made: int = 0
    last_at: datetime | None = None
    covered_m: float = 0.0
    length_m: float = 0.0


def covered(actor: Actor, since: date, until: date, area: str = "") -> list[tuple[Target, Visits]]:
    """The places of the plans that one sees, with what was done there; those of tasks that are called off are left."""
    plans = access.plans_for(actor).values("pk")
    rows = Target.objects.filter(plan__in=plans, removed_at__isnull=True).select_related("plan")
    if area:
        rows = rows.filter(area_code__startswith=area)
    targets = list(rows.order_by("plan", "order")[:MOST_ON_MAP])
    stops = Stop.objects.filter(target__in=[one.pk for one in targets], task__day__range=(since, until))
    counted = stops.exclude(task__state=State.CANCELLED).values("target")
    made = Q(within=True) | Q(filled__isnull=False)
    figures = {
        row["target"]: Visits(
            row["due"], row["made"], row["last_at"], row["covered"] or 0, row["length"] or 0
        )
        for row in counted.annotate(
            due=Count("id"),
            made=Count("id", filter=made),
            last_at=Max("checked_in_at", filter=made),
            covered=Sum("covered_m"),
            length=Sum("length_m"),
        )
    }
    return [(one, figures.get(one.pk, Visits())) for one in targets]


def hand_overs(actor: Actor, *, open_only: bool, after: str | None, limit: int) -> Page[HandOver]:
    """A page of hand-overs, the newest first."""
    rows = access.hand_overs_for(actor)
    if open_only:
        rows = rows.filter(acknowledged_at__isnull=True)
    return page(rows, keys=("-handed_at", "-id"), after=after, limit=limit)
