"""Which people, absences and units a person may look at or change."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from yiwang.core import clock
from yiwang.core.accounts import rules
from yiwang.core.accounts.models import Absence, Assignment, Session, Unit, User
from yiwang.core.accounts.queries import in_force, personal_permissions, prefixes_of_path
from yiwang.core.accounts.sessions import live_sessions
from yiwang.core.actor import Actor
from yiwang.core.errors import Invalid, NotFound, Refused

MANAGE_ABSENCES = "accounts.manage_absences"
MANAGE_USERS = "accounts.manage_user"
EDIT_ROLE = "accounts.edit_role"
REORGANISE = "accounts.reorganise_units"
ERASE = "accounts.erase_person"
NOBODY = Q(pk__in=())


def list_people_for(actor: Actor) -> QuerySet[User]:
    """Colleagues of the actor's units, and the people whom they manage; open accounts only."""
    units = Q(post__unit_id__in=own_units(actor)) | managed_units(actor, MANAGE_ABSENCES, MANAGE_USERS)
    held = Assignment.objects.filter(in_force(clock.today()), units, user=OuterRef("pk"))
    return User.objects.filter(Exists(held), is_active=True)


def list_former_for(actor: Actor) -> QuerySet[User]:
    """People who held a post where the actor may erase people, and hold none any more."""
    once = Assignment.objects.filter(managed_units(actor, ERASE), user=OuterRef("pk"))
    still = Assignment.objects.filter(running(), user=OuterRef("pk"))
    return User.objects.filter(Exists(once), ~Exists(still))


def running() -> Q:
    """Assignments that hold today or will."""
    return Q(valid_to__isnull=True) | Q(valid_to__gt=clock.today())


def list_staff_for(actor: Actor) -> QuerySet[User]:
    """The people whom the actor administers: who holds or ever held a post in a subtree of theirs, closed or not."""
    if actor.is_system:
        return User.objects.all()
    ever = Assignment.objects.filter(managed_units(actor, MANAGE_USERS), user=OuterRef("pk"))
    return User.objects.filter(Exists(ever))


def get_staff_for(actor: Actor, user_id: UUID, *, lock: bool = False) -> User:
    """One of them. Raises NotFound `person_not_found` whether missing or hidden."""
    rows = list_staff_for(actor)
    user = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=user_id).first()
    if user is None:
        raise NotFound("person_not_found", "没有这位人员，或不在您的管理范围内。")
    return user


def list_sessions_for(actor: Actor) -> QuerySet[Session]:
    """Sessions that still run of the people whom the actor administers."""
    people = list_staff_for(actor).values("pk")
    return live_sessions().filter(user_id__in=people)


def refusal_to_change(actor: Actor, user: User, *, oneself: bool = False) -> Refused | None:
    """Why the actor may not change this person's account: it is their own (unless `oneself`), or the person holds
    or will hold what the actor could not give. None when they may."""
    if user.pk == actor.user_id:
        return None if oneself else Refused("own_assignment", "不能改自己的账号和任职，请由其他管理员办理。")
    if user.pk in beyond(actor, {user.pk}):
        return Refused("beyond_your_authority", "此人有超出您管理权限的任职，请由上级管理员办理。")
    return None


def beyond(actor: Actor, people: Collection[UUID]) -> set[UUID]:
    """Those among `people`, the actor left out, who hold or will hold what the actor could not give; what they carry
    for somebody absent counts as well. Two queries."""
    if actor.is_system:
        return set()
    absences = Absence.objects.filter(cancelled_at__isnull=True, ends_on__gte=clock.today())
    lent = list(absences.filter(substitute__in=people).values_list("user_id", "substitute_id"))
    carriers: dict[UUID, set[UUID | None]] = {person: {person} for person in people}
    for absent, substitute in lent:
        carriers.setdefault(absent, set()).add(substitute)
    held = Assignment.objects.filter(running(), user__in=carriers)
    found: set[UUID | None] = set()
    for row in held.select_related("post__unit", "unit", "role"):
        if fault_of_assignment(actor, row):
            found |= carriers[row.user_id]
    return {one for one in found if one in set(people) and one is not None} - {actor.user_id}


def fault_of_assignment(actor: Actor, row: Assignment) -> Invalid | None:
    """Why the actor could not give such an assignment, saved or not; None when they could."""
    if actor.is_system:
        return None
    grant = rules.Grant(
        permissions=frozenset(row.role.permissions),
        post_path=row.post.unit.path,
        unit_path=row.unit.path,
        areas=tuple(row.areas),
    )
    return rules.fault_of_grant(grant, actor.assignments, MANAGE_USERS, personal_permissions())


def list_absences_for(actor: Actor) -> QuerySet[Absence]:
    """One's own, those in which one stands in, and those of the people whose absences one manages."""
    if actor.is_system:
        return Absence.objects.all()
    mine = Q(user_id=actor.user_id) | Q(substitute_id=actor.user_id)
    managed = managed_units(actor, MANAGE_ABSENCES)
    if managed == NOBODY:
        return Absence.objects.filter(mine)
    # Without a date: who has left the unit keeps their absences in its book.
    held = Assignment.objects.filter(managed, user=OuterRef("user_id"))
    return Absence.objects.filter(mine | Exists(held))


def lock_absence_for(actor: Actor, absence_id: UUID) -> Absence:
    """One absence, locked. Raises NotFound `absence_not_found` whether it is missing or hidden."""
    row = list_absences_for(actor).select_for_update(of=("self",)).filter(pk=absence_id).first()
    if row is None:
        raise NotFound("absence_not_found", "没有这条缺勤记录，或不在您的权限范围内。")
    return row


def own_units(actor: Actor) -> list[int]:
    """The units of the posts that the actor holds, not those that they stand in for."""
    if actor.user_id is None:
        return []
    return list(
        Assignment.objects.filter(in_force(clock.today()), user_id=actor.user_id).values_list(
            "post__unit_id", flat=True
        )
    )


def managed_units(actor: Actor, *permissions: str) -> Q:
    """Assignments whose post's unit lies in the subtree for which the actor holds one of the permissions."""
    paths = {scope.unit_path for key in permissions for scope in actor.scopes(key) if scope.unit_path}
    found = NOBODY
    for path in sorted(paths):
        found |= Q(post__unit__path__startswith=path)
    return found


def managed_people(actor: Actor, people: Collection[UUID]) -> set[UUID]:
    """Those among `people` whose absences the actor manages: some post of theirs lies in the actor's subtree."""
    if actor.is_system:
        return set(people)
    managed = managed_units(actor, MANAGE_ABSENCES)
    if managed == NOBODY or not people:
        return set()
    rows = Assignment.objects.filter(in_force(clock.today()), managed, user_id__in=people)
    return set(rows.values_list("user_id", flat=True))


def manages_absences_of(actor: Actor, user_id: UUID) -> bool:
    """Whether the actor enters absences for this person."""
    return bool(managed_people(actor, [user_id]))


def manages_every_post_of(actor: Actor, user_id: UUID) -> bool:
    """Whether all posts that this person holds today lie in the actor's subtree."""
    if actor.is_system:
        return True
    held = Assignment.objects.filter(in_force(clock.today()), user_id=user_id)
    return not held.exclude(managed_units(actor, MANAGE_ABSENCES)).exists()


def share_a_unit(one: UUID, other: UUID) -> bool:
    """Whether two people hold posts of the same unit today."""
    held = Assignment.objects.filter(in_force(clock.today()))
    units = held.filter(user_id=one).values("post__unit_id")
    return held.filter(user_id=other, post__unit_id__in=units).exists()


def get_unit_for(actor: Actor, unit_id: int, *, lock: bool = False) -> Unit:
    """A unit that the actor may reorganise: it lies in a subtree for which they hold the permission.

    Raises NotFound `unit_not_found`, Refused `unit_not_yours`.
    """
    rows = Unit.objects.select_for_update() if lock else Unit.objects.all()
    unit = rows.filter(pk=unit_id).first()
    if unit is None:
        raise NotFound("unit_not_found", "没有这个单位。", field="unit_id")
    scopes = actor.scopes(REORGANISE)
    if not actor.is_system and not any(s.unit_path and unit.path.startswith(s.unit_path) for s in scopes):
        raise Refused("unit_not_yours", "这个单位不在您的管理范围内。", unit=unit.short_name)
    return unit


def unit_history(unit_id: int) -> dict[str, object]:
    """A unit's changes and predecessors, for everybody who sees units. Raises NotFound `unit_not_found`."""
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise NotFound("unit_not_found", "没有这个单位。", field="unit_id")
    return {"items": list(unit.changes.all()), "predecessors": list(unit.predecessors.all())}


def once_managed(actor: Actor, user_id: UUID, permission: str) -> bool:
    """Whether somebody holds or ever held a post in the subtree for which the actor has a permission."""
    if actor.is_system:
        return True
    return Assignment.objects.filter(managed_units(actor, permission), user_id=user_id).exists()


def shared_with(actor: Actor, permission: str) -> Q:
    """Rows with an `owner` and a `unit` that a person sees: their own (owner), what is shared in their units and in all
    above them (unit), everybody's (neither); and what they may maintain by `permission`."""
    above = {
        path for scope in actor.assignments if scope.unit_path for path in prefixes_of_path(scope.unit_path)
    }
    seen = Q(owner__isnull=True, unit__isnull=True) | Q(unit__path__in=above)
    if actor.user_id is not None:
        seen |= Q(owner_id=actor.user_id)
    for scope in actor.scopes(permission):
        if scope.unit_path:
            seen |= Q(unit__path__startswith=scope.unit_path)
    return seen


def may_share(actor: Actor, permission: str, unit_path: str | None) -> bool:
    """Whether the actor may maintain what a unit shares (None: what everybody shares).

    A unit's is maintained by who holds the permission for it or for a unit above it; everybody's by who holds it
    for a root of the tree.
    """
    if actor.is_system or unit_path is None:
        return actor.can_everywhere(permission)
    paths = [scope.unit_path for scope in actor.scopes(permission) if scope.unit_path]
    return any(unit_path.startswith(path) for path in paths)


def sharing_unit(actor: Actor, permission: str, unit_id: int | None) -> Unit | None:
    """The unit in which the actor is to share something; None, as given, with everybody.

    Raises Invalid `unit_not_found`, Refused `may_not_share`.
    """
    unit = Unit.objects.filter(pk=unit_id).first() if unit_id is not None else None
    if unit_id is not None and unit is None:
        raise Invalid("unit_not_found", "没有这个单位。", field="unit_id")
    if not may_share(actor, permission, unit.path if unit else None):
        raise Refused("may_not_share", "您不能维护这个单位共享的内容。")
    return unit
