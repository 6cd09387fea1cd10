"""The only way to fetch a case on behalf of a person, and the one predicate of what a person sees."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from yiwang.core.actor import Actor, Scope
from yiwang.core.errors import NotFound
from yiwang.operations.cases.lifecycle import Reach, Table, Transition
from yiwang.operations.cases.models import Case, Step, Task
from yiwang.operations.cases.rules import Facts

VIEW = "cases.view_case"
HANDLED_BY = frozenset({"take", "report_done"})
NOTHING = Q(pk__in=())
EVERYTHING = ~NOTHING  # an empty Q would vanish when it is joined to another by "or"


def visible_to(actor: Actor) -> Q:
    """Cases that a person may see: of the areas and of the unit subtrees of the assignments that allow
    viewing, and those that the person reported."""
    if actor.is_system:
        return EVERYTHING
    seen = Q(reported_by=actor.user_id) if actor.can(VIEW) else NOTHING
    for scope in actor.scopes(VIEW):
        seen |= within(scope, Reach.AREA) | within(scope, Reach.UNIT)
    return seen


def within(scope: Scope, reach: Reach) -> Q:
    """The cases that one scope reaches, by place or by the tasks of its units (all that were ever theirs).

    An area without digits reaches nothing.
    """
    if reach is Reach.ANYWHERE:
        return EVERYTHING
    if reach is Reach.AREA:
        areas = NOTHING
        for area in filter(None, scope.areas):
            areas |= Q(area_code__startswith=area)
        return areas
    if not scope.unit_path:
        return NOTHING
    tasks = Task.objects.filter(kind=Task.Kind.HANDLE, unit__path__startswith=scope.unit_path)
    return Q(pk__in=tasks.values("case_id"))


def work_of(actor: Actor, tables: tuple[Table, ...]) -> Q:
    """Cases that wait for this person: some main step, or a pending request, is in the person's authority."""
    waiting = NOTHING
    for table in tables:
        for row in table.transitions:
            if row.start and row.is_main:
                waiting |= Q(lifecycle=table.version) & _takers(actor, row)
    return waiting


def _takers(actor: Actor, row: Transition) -> Q:
    ready = Q(state__in=row.start, pending_request=row.pending_request)
    reached = NOTHING
    for scope in actor.scopes(row.permission):
        reached |= _open_within(scope, row.reach)
    return ready & reached


def _open_within(scope: Scope, reach: Reach) -> Q:
    """As `within`, but by units only for the unit whose task is open now."""
    if reach is Reach.UNIT:
        return Q(handling_unit__path__startswith=scope.unit_path) if scope.unit_path else NOTHING
    return within(scope, reach)


def list_cases_for(actor: Actor) -> QuerySet[Case]:
    """All cases that a person may see."""
    return Case.objects.filter(visible_to(actor))


def get_case_for(actor: Actor, case_id: UUID) -> Case:
    """One case, when the person may see it; NotFound `case_not_found` whether it is missing or hidden."""
    rows = list_cases_for(actor).select_related("category", "handling_unit", "reporter")
    return _one(rows, case_id)


def lock_case_for(actor: Actor, case_id: UUID) -> Case:
    """As `get_case_for`, locked until the transaction ends: one step at a time."""
    rows = list_cases_for(actor).select_for_update(of=("self",))
    return _one(rows.select_related("category", "handling_unit", "reporter"), case_id)


def _one(rows: QuerySet[Case], case_id: UUID) -> Case:
    case = rows.filter(pk=case_id).first()
    if case is None:
        raise NotFound("case_not_found", "没有这个案件，或不在您的权限范围内。")
    return case


def facts_of(
    case: Case, tasks: Iterable[Task], steps: Iterable[Step], condition_id: int | None = None
) -> Facts:
    """What the rules need to know of a case, its tasks (with their units) and its steps."""
    handling = [t for t in tasks if t.kind == Task.Kind.HANDLE]
    conditions = case.category.conditions.filter(pk=condition_id or 0).values_list("pk", flat=True)
    open_tasks = [t for t in handling if t.state in (Task.State.WAITING, Task.State.RUNNING)]
    return Facts(
        state=case.state,
        area_code=case.area_code,
        task_paths=tuple(t.unit.path for t in open_tasks if t.unit),
        pending_request=case.pending_request,
        handlers=frozenset(step.actor_id for step in steps if step.actor_id and step.verb in HANDLED_BY),
        category_conditions=frozenset(conditions if condition_id else ()),
    )
