"""What roles may do: the shipped edition, and changes made here, which win and are shown against it."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from yiwang.core import clock
from yiwang.core.accounts import access, queries
from yiwang.core.accounts.absences import tell_authority_changed
from yiwang.core.accounts.models import Assignment, Role
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict, Invalid, NotFound, Refused

# What lets somebody go on administering: nobody takes it from themselves by accident.
KEPT = (access.MANAGE_USERS, access.EDIT_ROLE)


@transaction.atomic
def change(actor: Actor, key: str, *, expected_version: int, permissions: Collection[str], note: str) -> Role:
    """Let a role have these permissions, for all who hold it, from now on.

    For who may edit roles in the whole tree of units. What is personal is added by who holds it themselves. Raises
    NotFound `role_not_found`, Refused `roles_not_yours` / `own_last_right`, Conflict `role_changed`, Invalid
    `unknown_permission` / `beyond_own_rights` (field permissions). Effects: audit, `account.authority_changed`.
    """
    role = _locked(actor, key)
    if role.version != expected_version:
        raise Conflict("role_changed", "这个角色刚刚被改过，请看最新内容。", version=role.version)
    before, after = frozenset(role.permissions), frozenset(permissions)
    if before == after:
        return role
    _check(actor, role, before, after)
    role.permissions = sorted(after)
    is_shipped = after == frozenset(role.shipped)
    role.changed_at = None if is_shipped else clock.now()
    role.changed_by_name = "" if is_shipped else actor.name
    role.change_note = "" if is_shipped else note.strip()
    role.version += 1
    role.save()
    audit.record(
        actor.at(actor.scope_for(access.EDIT_ROLE)),
        action="accounts.change_role",
        object_type="role",
        object_id=role.key,
        before={"removed": sorted(before - after)},
        after={"added": sorted(after - before), "note": note.strip()},
    )
    tell_authority_changed(_holders(role))
    return role


def _locked(actor: Actor, key: str) -> Role:
    role = Role.objects.select_for_update().filter(key=key).first()
    if role is None:
        raise NotFound("role_not_found", "没有这个角色。")
    if not actor.can_everywhere(access.EDIT_ROLE):
        raise Refused("roles_not_yours", "角色对全区有效，只能由全区的管理员修改。")
    return role


def _check(actor: Actor, role: Role, before: frozenset[str], after: frozenset[str]) -> None:
    unknown = after - frozenset(queries.all_permissions()) - before
    if unknown:
        raise Invalid("unknown_permission", "没有这项权限。", field="permissions", keys=sorted(unknown))
    if actor.is_system:
        return
    own = [scope for scope in actor.assignments if scope.on_behalf_of is None]
    held = frozenset[str]().union(*(scope.permissions for scope in own))
    # A role holds wherever its holders hold it: what one has for a part of the units cannot be put into it.
    held_everywhere = frozenset[str]().union(*(scope.permissions for scope in own if scope.is_everywhere))
    if ((after - before) & queries.personal_permissions()) - held_everywhere:
        raise Invalid("beyond_own_rights", "不能授予您本人没有的管理权限。", field="permissions")
    for kept in KEPT:
        is_by_this_alone = all(scope.role == role.key for scope in own if kept in scope.permissions)
        if kept in before - after and kept in held and is_by_this_alone:
            raise Refused("own_last_right", "不能取消自己管理人员或角色的最后一项权限。", permission=kept)


def _holders(role: Role) -> set[UUID]:
    held = Assignment.objects.filter(access.running(), role=role).values_list("user_id", flat=True)
    return set(held)


def listed() -> list[dict[str, object]]:
    """All roles, each with how many people hold it today. Two queries."""
    held = Assignment.objects.filter(queries.in_force(clock.today()), user__is_active=True)
    people: dict[int, set[UUID]] = {}
    for role_id, user_id in held.values_list("role_id", "user_id"):
        people.setdefault(role_id, set()).add(user_id)
    return [present(role, len(people.get(role.pk, ()))) for role in Role.objects.order_by("id")]


def present(role: Role, people: int) -> dict[str, object]:
    """A role on the wire."""
    return {
        "key": role.key,
        "name": role.name,
        "name_en": role.name_en,
        "does": role.does,
        "edition": role.edition,
        "permissions": role.permissions,
        "shipped": role.shipped,
        "changed_at": role.changed_at,
        "changed_by": role.changed_by_name,
        "note": role.change_note,
        "version": role.version,
        "people": people,
    }
