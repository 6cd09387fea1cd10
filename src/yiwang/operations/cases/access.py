"""The only way to fetch a case on behalf of a person, and the one predicate of what a person sees."""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q, QuerySet

from yiwang.core.accounts.models import Unit
from yiwang.core.accounts.queries import district_code
from yiwang.core.actor import Actor, Scope
from yiwang.core.errors import NotFound, Refused
from yiwang.operations.cases.dossier import Dossier
from yiwang.operations.cases.lifecycle import Decision, Reach, RequestPolicy, Table, Transition
from yiwang.operations.cases.models import Case, Request, Task
from yiwang.operations.cases.rules import reaches_area
from yiwang.operations.cases.rules.guards import checker_did_not_handle

VIEW = "cases.view_case"
STREET_DIGITS = 9
# How many levels of approval a class may add to the table's.
MOST_FURTHER_LEVELS = 3
NOTHING = Q(pk__in=())
# In these words there is an index over the few for which it is true.
ASKED = ~Q(pending_request="")
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
        return within_areas(scope)
    if not scope.unit_path:
        return NOTHING
    subtree = Unit.objects.filter(path__startswith=scope.unit_path).values("pk")
    return Q(units__overlap=ArraySubquery(subtree))


def within_areas(scope: Scope) -> Q:
    """What lies in one scope's areas, of cases or of anything that keeps a case's `area_code` and `street_code`."""
    areas = NOTHING
    for area in filter(None, scope.areas):
        areas |= _in_area(area)
    return areas


def _in_area(area: str) -> Q:
    """The cases of an area; of the whole district all of them, for one database is one district."""
    if district_code().startswith(area):
        return EVERYTHING
    return Q(street_code=area) if len(area) == STREET_DIGITS else Q(area_code__startswith=area)


def sees(actor: Actor, dossier: Dossier) -> bool:
    """As `visible_to`, of a case in memory: the same predicate without the database (a test holds them together)."""
    if actor.is_system:
        return True
    case = dossier.case
    if case.reported_by == actor.user_id and actor.can(VIEW):
        return True
    paths = [task.unit.path for task in dossier.tasks if task.unit]
    return any(
        reaches_area(scope, case.area_code)
        or (scope.unit_path and any(path.startswith(scope.unit_path) for path in paths))
        for scope in actor.scopes(VIEW)
    )


def scope_over(actor: Actor, permission: str, area_code: str) -> Scope | None:
    """The assignment by which a person may do something with a case of this place; None for the platform itself.

    Raises Refused `permission_denied`.
    """
    if actor.is_system:
        return None
    scope = actor.scope_for(permission, lambda one: reaches_area(one, area_code))
    if scope is None:
        raise Refused("permission_denied", "您的岗位不能对这个案件做此操作。", permission=permission)
    return scope


def work_of(actor: Actor, tables: tuple[Table, ...]) -> Q:
    """Cases that wait for this person: some main step, or a pending request, is in the person's authority."""
    # Said once more so that the database looks at these only: they are few.
    return (Q(group="open") | ASKED) & _waiting_for(actor, tables, lambda row: row.is_main)


def decisions_of(actor: Actor, tables: tuple[Table, ...], kind: str = "") -> Q:
    """Cases with a pending request (of a kind) whose next approval is this person's: by the levels of the table (and
    those that the case's class adds), in the person's own areas, and never by who asked or approved before."""

    def wanted(row: Transition) -> bool:
        return row.decision is Decision.APPROVE and kind in ("", row.request)

    return ASKED & _waiting_for(actor, tables, wanted)


def _waiting_for(actor: Actor, tables: tuple[Table, ...], wanted: Callable[[Transition], bool]) -> Q:
    waiting = NOTHING
    for (table, row), versions in _ways(tables, wanted):
        # What every version says alike needs no version: a district that edits often keeps one short question.
        under = EVERYTHING if len(versions) == len(tables) else Q(lifecycle__in=versions)
        waiting |= under & _takers(actor, table, row)
    return waiting


def _ways(
    tables: tuple[Table, ...], wanted: Callable[[Transition], bool]
) -> Iterable[tuple[tuple[Table, Transition], list[int]]]:
    """The wanted steps of all versions, each with the versions that hold it alike."""
    found: dict[str, tuple[tuple[Table, Transition], list[int]]] = {}
    for table in tables:
        blocking = sorted(kind for kind, policy in table.requests.items() if policy.blocks)
        for row in table.transitions:
            if row.start and wanted(row):
                levels = (
                    [(a.permission, a.reach) for a in table.requests[row.request].approvals]
                    if row.request
                    else []
                )
                what = (
                    row.start,
                    row.permission,
                    row.reach,
                    row.task,
                    row.guards,
                    row.request,
                    levels,
                    blocking,
                )
                alike = repr(what)
                found.setdefault(alike, ((table, row), []))[1].append(table.version)
    return found.values()


def _takers(actor: Actor, table: Table, row: Transition) -> Q:
    if row.request:
        return Q(state__in=row.start) & _deciders(actor, table.requests[row.request])
    blocking = [kind for kind, policy in table.requests.items() if policy.blocks]
    ready = Q(state__in=row.start) & ~Q(pending_request__in=blocking)
    apart = checker_did_not_handle.__name__ in row.guards
    reached = NOTHING
    for scope in actor.scopes(row.permission):
        reached |= _open_within(actor, scope, row) & (_unhandled(actor, scope) if apart else EVERYTHING)
    return ready & reached


def _unhandled(actor: Actor, scope: Scope) -> Q:
    """Cases that neither the person nor the one in whose name it would be has handled."""
    mine = ~Q(handlers__contains=[actor.user_id])
    return mine & ~Q(handlers__contains=[scope.on_behalf_of.user_id]) if scope.on_behalf_of else mine


def _deciders(actor: Actor, policy: RequestPolicy) -> Q:
    """Cases with a request of the kind whose next approval is this person's."""
    mine = NOTHING
    for level, approval in enumerate(policy.approvals):
        pending = Request.objects.filter(kind=policy.kind, state=Request.State.PENDING, level=level)
        for scope in actor.scopes(approval.permission):
            waiting = _untouched(pending, actor, scope).values("case_id")
            mine |= Q(pk__in=waiting) & within(scope, approval.reach)
    return mine | _further_deciders(actor, policy)


def _untouched(pending: QuerySet[Request], actor: Actor, scope: Scope) -> QuerySet[Request]:
    """Without those that the person, or the one in whose name it would be, has asked for or approved before."""
    pending = pending.exclude(hands__contains=[actor.user_id])
    absent = scope.on_behalf_of
    return pending.exclude(hands__contains=[absent.user_id]) if absent else pending


def _further_deciders(actor: Actor, policy: RequestPolicy) -> Q:
    """As above, for the levels that the case's class adds to the table's (`category_rules.stricter`)."""
    done = len(policy.approvals)
    pending = Request.objects.filter(kind=policy.kind, state=Request.State.PENDING)
    mine = NOTHING
    for further in range(MOST_FURTHER_LEVELS):
        at = f"condition_snapshot__requests__{policy.kind}__also__{further}__permission__in"
        for scope in actor.assignments:
            waiting = _untouched(pending.filter(level=done + further), actor, scope).values("case_id")
            mine |= Q(pk__in=waiting, **{at: sorted(scope.permissions)}) & within(scope, Reach.AREA)
    return mine


def _open_within(actor: Actor, scope: Scope, row: Transition) -> Q:
    """As `within`, but by the open task that the row is for, where it is for one: of the unit, or of a person
    when somebody is named."""
    if row.task is None:
        return within(scope, row.reach)
    tasks = Task.objects.filter(kind=row.task.kind, state__in=row.task.start)
    if row.reach is Reach.UNIT:
        if not scope.unit_path:
            return NOTHING
        return Q(pk__in=tasks.filter(unit__path__startswith=scope.unit_path).values("case_id"))
    person = scope.on_behalf_of.user_id if scope.on_behalf_of else actor.user_id
    named = Q(assignee_id__isnull=True) | Q(assignee_id=person)
    return within(scope, row.reach) & Q(pk__in=tasks.filter(named).values("case_id"))


def list_cases_for(actor: Actor) -> QuerySet[Case]:
    """All cases that a person may see."""
    return Case.objects.filter(visible_to(actor))


def get_case_for(actor: Actor, case_id: UUID) -> Case:
    """One case, when the person may see it; NotFound `case_not_found` whether it is missing or hidden."""
    rows = list_cases_for(actor).select_related("category", "handling_unit", "reporter")
    case = rows.filter(pk=case_id).first()
    if case is None:
        raise missing()
    return case


def missing() -> NotFound:
    """The same answer for what is not there and for what is not to be seen."""
    return NotFound("case_not_found", "没有这个案件，或不在您的权限范围内。")
