"""The only way to fetch this room's objects on behalf of a person.

Everything here has a unit and an area: it is seen by who holds the permission for the unit's subtree or for the area.
A task, a hand-over and a call are seen by those whose own they are, too.
"""

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from yiwang.core import clock
from yiwang.core.accounts.models import Assignment, Unit
from yiwang.core.accounts.queries import in_force
from yiwang.core.actor import Actor
from yiwang.core.errors import NotFound, Refused
from yiwang.operations.patrol.models import Call, HandOver, Inspection, Plan, Stint, Task
from yiwang.operations.patrol.rules import reach

VIEW = "patrol.view_work"
WALK = "patrol.walk_task"
EDIT = "patrol.edit_plan"
LEAD = "patrol.lead_inspection"
CALL = "patrol.call_people"

NOTHING = Q(pk__in=())
M = TypeVar("M", bound=Model)


def within(actor: Actor, permission: str) -> Q:
    """Rows with a `unit` and an `area_code` that lie where the actor holds a permission."""
    if actor.is_system:
        return ~NOTHING
    found = NOTHING
    for scope in actor.scopes(permission):
        if scope.unit_path:
            found |= Q(unit__path__startswith=scope.unit_path)
        for area in filter(None, scope.areas):
            found |= Q(area_code__startswith=area)
    return found


def holds_for(actor: Actor, permission: str, *, unit_path: str, area_code: str) -> bool:
    """Whether the actor holds a permission for a unit or an area: the same as `within`, of one that was loaded."""
    return actor.is_system or any(
        (scope.unit_path and unit_path.startswith(scope.unit_path))
        or any(area and area_code.startswith(area) for area in scope.areas)
        for scope in actor.scopes(permission)
    )


def require_for(actor: Actor, permission: str, *, unit: Unit, area_code: str) -> None:
    """Raises Refused `permission_denied` unless one scope of the actor holds both that unit and that area: for what is
    to be made, a part is not enough."""
    if not actor.is_system and not any(
        reach.holds_unit(scope, unit.path, unit.area_code) and reach.holds_area(scope, area_code)
        for scope in actor.scopes(permission)
    ):
        raise Refused("permission_denied", "您的岗位不能在这个单位或区域做此操作。", permission=permission)


def walkers_for(actor: Actor, permission: str) -> set[UUID]:
    """The active people who carry out such work and whose unit or area lies where the actor holds a permission: those
    who can be sent, called, or given a task."""
    scopes = actor.scopes(permission)
    if not scopes and not actor.is_system:
        return set()
    held = Assignment.objects.filter(
        in_force(clock.today()), role__permissions__contains=[WALK], user__is_active=True
    )
    return {
        user
        for user, path, areas in held.values_list("user_id", "unit__path", "areas")
        if actor.is_system or any(reach.holds_person(scope, path, areas) for scope in scopes)
    }


def plans_for(actor: Actor, permission: str = VIEW) -> QuerySet[Plan]:
    """The plans that a person may see (or, by another permission, change)."""
    return Plan.objects.filter(within(actor, permission)).select_related("unit")


def own_tasks(actor: Actor) -> Q:
    """Tasks that are the person's to do: theirs, their team's, those of whom they stand in for, and those of their own
    unit that nobody has."""
    if actor.user_id is None:
        return NOTHING
    scopes = actor.scopes(WALK)
    people = {actor.user_id} | {scope.on_behalf_of.user_id for scope in scopes if scope.on_behalf_of}
    free = Q(person__isnull=True, members=[], unit__in=walking_units(actor))
    return Q(person__in=people) | Q(members__overlap=sorted(people)) | free


def walkable_tasks(actor: Actor) -> Q:
    """The person's own tasks, those that they walked before somebody else got them, and those where they walk."""
    walked = Stint.objects.filter(user=actor.user_id).values("task")
    return own_tasks(actor) | Q(pk__in=walked) | within(actor, WALK)


def tasks_for(actor: Actor, permission: str = VIEW) -> QuerySet[Task]:
    """The tasks that a person may see: by authority, and their own."""
    seen = within(actor, permission)
    if permission == VIEW:
        seen |= own_tasks(actor)
    return Task.objects.filter(seen).select_related("unit", "person", "plan", "inspection")


def inspections_for(actor: Actor, permission: str = VIEW) -> QuerySet[Inspection]:
    """The special inspections that a person may see or lead."""
    return Inspection.objects.filter(within(actor, permission)).select_related("unit")


def hand_overs_for(actor: Actor) -> QuerySet[HandOver]:
    """Hand-overs of one's own, to one, and those that one oversees."""
    own = Q(giver=actor.user_id) | Q(receiver=actor.user_id) if actor.user_id else NOTHING
    free = Q(receiver__isnull=True, unit__in=walking_units(actor))
    seen = HandOver.objects.filter(own | free | within(actor, VIEW))
    return seen.select_related("unit", "giver", "receiver")


def may_take_over(actor: Actor, made: HandOver) -> bool:
    """Whether a hand-over is for this person: to them, or to whoever walks for its unit."""
    if actor.user_id is None or made.giver_id == actor.user_id:
        return False
    if made.receiver_id is None:
        return made.unit_id in walking_units(actor)
    return bool(made.receiver_id == actor.user_id)


def walking_units(actor: Actor) -> set[int]:
    """The units for which a person walks themselves; what lies below these is not theirs."""
    return {scope.unit_id for scope in actor.scopes(WALK) if scope.unit_id is not None}


def calls_for(actor: Actor, permission: str = VIEW) -> QuerySet[Call]:
    """Calls of the units and areas that one oversees, and those to which one was called."""
    seen = within(actor, permission)
    if permission == VIEW and actor.user_id is not None:
        seen |= Q(people__user=actor.user_id)
    return Call.objects.filter(seen).select_related("unit", "case").distinct()


def one(rows: QuerySet[M], key: UUID, code: str, *, lock: bool = False) -> M:
    """One of these rows, locked when it is to change. Raises NotFound with a code whether it is missing or hidden."""
    found: Any = rows.filter(pk=key).first()
    if found is None:
        raise NotFound(code, "没有这项内容，或不在您的权限范围内。")
    if lock:
        # Locked by its key alone, because a lock takes no joins; whose it is may have changed while one waited.
        type(found)._default_manager.select_for_update().get(pk=key)
        found = one(rows.all(), key, code)
    return found  # type: ignore[no-any-return]
