"""Reads about people and units."""

import importlib
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.util import find_spec
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db.models import Q, QuerySet

from yiwang.core import clock
from yiwang.core.accounts.models import Assignment, Installation, Unit, User
from yiwang.core.actor import Actor, Permission, Scope


def in_force(on: date) -> Q:
    """Assignments that hold on a day (half-open: `valid_to` no longer counts)."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def actor_for_user(user_id: UUID, *, ip: str | None = None, via: str = "console") -> Actor | None:
    """The person with the authority of today; None when there is no such person or the account is closed."""
    held = list(
        Assignment.objects.filter(in_force(clock.today()), user_id=user_id)
        .select_related("user", "post", "post__unit", "role", "unit")
        .order_by("id")
    )
    user = held[0].user if held else User.objects.filter(pk=user_id).first()
    if user is None or not user.is_active or (user.is_demo and settings.PRODUCTION):
        return None
    return Actor(
        user_id=user.pk,
        name=user.name,
        username=user.username,
        assignments=tuple(scope_of(assignment) for assignment in held),
        ip=ip,
        via=via,
        must_change_password=user.must_change_password,
    )


def scope_of(assignment: Assignment) -> Scope:
    """What one assignment allows, and where."""
    return Scope(
        role=assignment.role.key,
        post=assignment.post.name,
        unit_id=assignment.unit_id,
        unit_name=assignment.post.unit.short_name,
        unit_path=assignment.unit.path,
        areas=tuple(assignment.areas),
        permissions=frozenset(assignment.role.permissions),
    )


def holders(permission: str, *, unit_path: str = "", area_code: str = "") -> QuerySet[User]:
    """People who hold a permission today for a unit (its path) or for a place (its area code), by id.

    With neither, all who hold it anywhere. A holder for a unit holds it for the whole subtree below.
    """
    rows = Assignment.objects.filter(in_force(clock.today()), role__permissions__contains=[permission])
    if unit_path:
        rows = rows.filter(unit__path__in=prefixes_of_path(unit_path))
    if area_code:
        rows = rows.filter(areas__overlap=prefixes_of_area(area_code))
    return User.objects.filter(is_active=True, pk__in=rows.values("user_id")).order_by("pk")


def prefixes_of_path(path: str) -> list[str]:
    """ "1.4.9." gives ["1.", "1.4.", "1.4.9."]: the unit and all above it."""
    parts = path.rstrip(".").split(".")
    return [".".join(parts[: n + 1]) + "." for n in range(len(parts))]


def prefixes_of_area(code: str) -> list[str]:
    """All area codes that contain this one: city and district digits, street, community, unit grid."""
    return [code[:n] for n in (2, 4, 6, 9, 12, 15) if n <= len(code)]


def units(*, handling: bool | None = None) -> QuerySet[Unit]:
    """Units of today in the order of the tree; `handling` keeps those that handle cases."""
    rows = Unit.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=clock.today()))
    return rows if handling is None else rows.filter(handles_cases=handling)


def installation() -> Installation | None:
    """What this database is for; None before it is founded."""
    return Installation.objects.filter(pk=1).first()


def demo_accounts() -> Iterable[Assignment]:
    """One assignment for each demo person, in the order they were made; nothing unless the database is a demo."""
    found = installation()
    if found is None or found.kind != Installation.Kind.DEMO or settings.PRODUCTION:
        return []
    return (
        Assignment.objects.filter(in_force(clock.today()), user__is_demo=True, user__is_active=True)
        .select_related("user", "post", "post__unit", "role")
        .order_by("id")
    )


@cache
def all_permissions() -> dict[str, Permission]:
    """Every permission that a room declares in its `permissions` module, by key."""
    found: dict[str, Permission] = {}
    for app in apps.get_app_configs():
        name = f"{app.name}.permissions"
        if app.name.startswith("yiwang.") and find_spec(name):
            for permission in importlib.import_module(name).PERMISSIONS:
                found[permission.key] = permission
    return found
