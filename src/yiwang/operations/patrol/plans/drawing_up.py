"""Tasks drawn up from plans for the days ahead: again draws up nothing twice."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from yiwang.city.duty import queries as duty
from yiwang.city.duty.queries import OnDuty
from yiwang.city.geo.models import DutyAssignment, DutyGrid
from yiwang.core import clock
from yiwang.core.accounts.models import Absence, Assignment
from yiwang.core.accounts.queries import away_on, in_force
from yiwang.core.locks import hold
from yiwang.core.parameters import queries as parameters
from yiwang.operations.patrol.models import Plan, Stop, Target, Task
from yiwang.operations.patrol.parameters import DAYS_AHEAD
from yiwang.operations.patrol.places import coordinates
from yiwang.operations.patrol.plans import facts
from yiwang.operations.patrol.rules.drafting import Draft, Scheme, drafts
from yiwang.operations.patrol.rules.presence import length_m
from yiwang.operations.patrol.rules.states import State


def draw_up_ahead() -> int:
    """Draw up the tasks of today and of the days ahead of all active plans; returns how many were new."""
    return sum(draw_up_plan(plan) for plan in Plan.objects.filter(state=Plan.State.ACTIVE))


def draw_up_plan(plan: Plan) -> int:
    """Draw up the tasks of today and of the days ahead of one plan, if it is active; returns how many were new."""
    if plan.state != Plan.State.ACTIVE:
        return 0
    first = clock.today()
    return draw_up(plan, [first + timedelta(days=n) for n in range(parameters.number(DAYS_AHEAD))])


@transaction.atomic
def draw_up(plan: Plan, days: Iterable[date]) -> int:
    """Draw up one plan's tasks of those days that have none yet; returns how many.

    A day is drawn up once: who goes may change afterwards, and nothing shall be walked twice for it.
    """
    hold(f"patrol.plan:{plan.pk}")
    targets = {row.pk: row for row in plan.targets.filter(removed_at__isnull=True)}
    names = grid_names({row.grid_code for row in targets.values()})
    made = 0
    for day in days:
        if Task.objects.filter(plan=plan, day=day).exists():
            continue
        on_duty = who_goes(plan, day, list(names))
        wanted = drafts(scheme_of(plan, day), facts.places(list(targets.values())), day, on_duty)
        for draft in wanted:
            _write(plan, draft, day, [targets[one] for one in draft.places], names)
        made += len(wanted)
    return made


def scheme_of(plan: Plan, day: date) -> Scheme:
    """What of a plan decides on its tasks of a day: of its own people, those who are there."""
    return replace(facts.scheme(plan), people=tuple(at_work(plan.people, day)))


def grid_names(codes: Iterable[str]) -> dict[str, str]:
    """The names of duty grids by their codes."""
    found = DutyGrid.objects.filter(facts.today(), code__in=[code for code in codes if code])
    return dict(found.values_list("code", "name"))


def who_goes(plan: Plan, day: date, grids: list[str]) -> dict[tuple[str, int], UUID]:
    """Who goes for each grid in each window of a day.

    First the grid's own people who are on duty when the window begins, then whom the roster puts there, then the
    grid's own who are not away, and at last a substitute.
    """
    if plan.people:
        return {}
    asked = _asked_first(day, grids)
    away = _away(day)
    found: dict[tuple[str, int], UUID] = {}
    for at, window in enumerate(facts.windows(plan)):
        on_duty = duty.on_duty(facts.span(window, day)[0])
        for code in grids:
            person = _who(code, asked.get(code, []), on_duty, away)
            if person is not None:
                found[code, at] = person
    return found


def _who(
    grid: str, asked: list[UUID], on_duty: Mapping[UUID, OnDuty], away: Mapping[UUID, UUID | None]
) -> UUID | None:
    def covers(user: UUID) -> bool:
        return user in on_duty and (not on_duty[user].grids or grid in on_duty[user].grids)

    ways = (
        (user for user in asked if covers(user)),
        (user for user in sorted(on_duty) if grid in on_duty[user].grids),
        (user for user in asked if user not in away),
        (instead for user in asked if (instead := away.get(user)) is not None and instead not in away),
    )
    return next((user for way in ways for user in way), None)


def at_work(people: Iterable[UUID], day: date) -> list[UUID]:
    """Those of some people, in their order, who are there on a day: open account, an assignment in force, not away."""
    people = list(people)
    held = Assignment.objects.filter(in_force(day), user__in=people, user__is_active=True)
    there = set(held.values_list("user_id", flat=True)) - _away(day).keys()
    return [one for one in people if one in there]


def _away(day: date) -> dict[UUID, UUID | None]:
    """Who is away on a day, and who stands in for them; a closed account stands in for nobody."""
    rows = Absence.objects.filter(away_on(day)).order_by("starts_on")
    told = rows.values_list("user_id", "substitute_id", "substitute__is_active")
    return {user: substitute if active else None for user, substitute, active in told}


def _asked_first(day: date, grids: list[str]) -> dict[str, list[UUID]]:
    kinds = [DutyAssignment.Kind.COLLECTOR, DutyAssignment.Kind.LEADER]
    held = Assignment.objects.filter(in_force(day), user__is_active=True)
    rows = DutyAssignment.objects.filter(facts.today(day), duty_grid__code__in=grids, kind__in=kinds)
    rows = rows.filter(assignment__in=held)
    asked: dict[str, list[UUID]] = {}
    for code, user in rows.order_by("kind", "id").values_list("duty_grid__code", "assignment__user_id"):
        asked.setdefault(code, []).append(user)
    return asked


def _write(plan: Plan, draft: Draft, day: date, targets: list[Target], names: Mapping[str, str]) -> None:
    starts_at, ends_at = facts.span(draft.window, day)
    stops = [stop_of(row) for row in targets]
    task = Task.objects.create(
        plan=plan,
        key=draft.key,
        name=f"{plan.name} · {names[draft.grid]}" if draft.grid in names else plan.name,
        unit_id=plan.unit_id,
        area_code=draft.grid or plan.area_code,
        day=day,
        starts_at=starts_at,
        ends_at=ends_at,
        person_id=draft.person,
        form=plan.form,
        seed=draft.seed,
        near_m=plan.near_m,
        state=State.PLANNED,
        stops_count=len(stops),
        length_m=sum(stop.length_m for stop in stops),
    )
    for order, stop in enumerate(stops):
        stop.task, stop.order = task, order
    Stop.objects.bulk_create(stops)


def stop_of(target: Target) -> Stop:
    """A stop at a target as it is today."""
    is_line = target.shape.geom_type == "LineString"
    return Stop(
        target=target,
        name=target.name,
        shape=target.shape,
        radius_m=target.radius_m,
        grade=target.grade,
        is_key=target.is_key,
        area_code=target.area_code,
        grid_code=target.grid_code,
        length_m=length_m(coordinates(target.shape)) if is_line else 0,
    )
