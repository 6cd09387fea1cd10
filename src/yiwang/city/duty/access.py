"""Whose rosters and attendance somebody sees or settles: those of the units in their scope.

A unit is in the scope of an assignment whose unit subtree holds it, or whose areas hold the area that it serves.
"""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from yiwang.city.duty.models import Clocking, ClockPlace, RosterBook, Shift, Swap
from yiwang.core import clock
from yiwang.core.accounts.models import Assignment, Unit, User
from yiwang.core.accounts.queries import in_force, prefixes_of_path, units
from yiwang.core.actor import Actor
from yiwang.core.errors import NotFound, Refused

VIEW = "duty.view_roster"
EDIT = "duty.edit_roster"
REVIEW = "duty.review_attendance"
CLOCK_IN = "duty.clock_in"
NOBODY = Q(pk__in=())


def in_scope(actor: Actor, permission: str, unit: str = "") -> Q:
    """Rows whose unit (`unit`: the way to it, ending in "__") is in the actor's scope for a permission."""
    if actor.is_system:
        return Q()
    found = NOBODY
    for scope in actor.scopes(permission):
        if scope.unit_path:
            found |= Q(**{f"{unit}path__startswith": scope.unit_path})
        for area in scope.areas:
            found |= Q(**{f"{unit}area_code__startswith": area})
    return found


def list_units_for(actor: Actor, permission: str) -> QuerySet[Unit]:
    """The units of today that are in the actor's scope, in the order of the tree."""
    return units().filter(in_scope(actor, permission))


def get_unit_for(actor: Actor, unit_id: int, permission: str) -> Unit:
    """One of them. Raises NotFound `unit_not_found` whether it is missing or hidden."""
    unit = list_units_for(actor, permission).filter(pk=unit_id).first()
    if unit is None:
        raise NotFound("unit_not_found", "没有这个单位，或不在您的权限范围内。", field="unit_id")
    return unit


def may(actor: Actor, permission: str, unit_id: int) -> bool:
    """Whether a unit is in the actor's scope for a permission."""
    return list_units_for(actor, permission).filter(pk=unit_id).exists()


def lock_book_for(actor: Actor, unit_id: int) -> RosterBook:
    """A unit's roster, to be changed. Raises NotFound `unit_not_found`."""
    unit = get_unit_for(actor, unit_id, EDIT)
    RosterBook.objects.bulk_create([RosterBook(unit=unit)], ignore_conflicts=True)
    return RosterBook.objects.select_for_update(of=("self",)).select_related("unit").get(pk=unit.pk)


def staff_of(unit: Unit) -> QuerySet[User]:
    """Who holds a post of the unit itself today, by account name."""
    held = Assignment.objects.filter(in_force(clock.today()), post__unit=unit, user=OuterRef("pk"))
    return User.objects.filter(Exists(held), is_active=True).order_by("username")


def list_people_for(actor: Actor, permission: str) -> QuerySet[User]:
    """Who holds a post today in a unit of the actor's scope."""
    held = Assignment.objects.filter(in_force(clock.today()), in_scope(actor, permission, "post__unit__"))
    return User.objects.filter(Exists(held.filter(user=OuterRef("pk"))), is_active=True)


def people_among(actor: Actor, permission: str, people: Collection[UUID]) -> set[UUID]:
    """Those of some people who are in the actor's scope."""
    return set(list_people_for(actor, permission).filter(pk__in=people).values_list("pk", flat=True))


def get_person_for(actor: Actor, user_id: UUID, permission: str) -> User:
    """One person of the scope. Raises NotFound `person_not_found`."""
    user = list_people_for(actor, permission).filter(pk=user_id).first()
    if user is None:
        raise NotFound("person_not_found", "没有这位人员，或不在您的权限范围内。")
    return user


def shifts_of(unit: Unit) -> QuerySet[Shift]:
    """The shifts that a unit can use: its own and those of the units above it."""
    rows = Shift.objects.filter(removed_at__isnull=True, unit__path__in=prefixes_of_path(unit.path))
    return rows.select_related("unit").order_by("order", "starts", "id")


def places_of(paths: Collection[str]) -> QuerySet[ClockPlace]:
    """The places where people of units with these paths may clock in."""
    above = {prefix for path in paths for prefix in prefixes_of_path(path)}
    return ClockPlace.objects.filter(removed_at__isnull=True, unit__path__in=above).order_by("name", "id")


def lock_shift_for(actor: Actor, shift_id: int) -> Shift:
    """A shift that the actor may change. Raises NotFound `shift_not_found`, Refused `shift_not_yours` for one that a
    unit above keeps."""
    row = Shift.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=shift_id).first()
    if row is None or row.removed_at is not None:
        raise NotFound("shift_not_found", "没有这个班次。")
    if not may(actor, EDIT, row.unit_id):
        raise Refused("shift_not_yours", "这个班次由上级单位维护，您可以另建本单位的班次。")
    return row


def lock_place_for(actor: Actor, place_id: int) -> ClockPlace:
    """A place that the actor may change. Raises NotFound `place_not_found`."""
    rows = ClockPlace.objects.filter(in_scope(actor, EDIT, "unit__"), removed_at__isnull=True)
    row = rows.select_for_update(of=("self",)).select_related("unit").filter(pk=place_id).first()
    if row is None:
        raise NotFound("place_not_found", "没有这个打卡点，或不在您的权限范围内。")
    return row


def list_clockings_for(actor: Actor) -> QuerySet[Clocking]:
    """One's own, and those of the units whose attendance one settles."""
    rows = Clocking.objects.select_related("user", "unit", "entry", "entry__shift")
    return rows.filter(in_scope(actor, REVIEW, "unit__") | Q(user_id=actor.user_id))


def lock_clocking_for(actor: Actor, clocking_id: UUID) -> Clocking:
    """One to be settled, never one's own. Raises NotFound `clocking_not_found`, Refused `own_clocking`."""
    rows = Clocking.objects.filter(in_scope(actor, REVIEW, "unit__"))
    row = rows.select_for_update(of=("self",)).select_related("user", "unit").filter(pk=clocking_id).first()
    if row is None:
        raise NotFound("clocking_not_found", "没有这条打卡记录，或不在您的权限范围内。")
    if row.user_id == actor.user_id:
        raise Refused("own_clocking", "自己的打卡由别人核定。")
    return row


def list_swaps_for(actor: Actor) -> QuerySet[Swap]:
    """Those that one takes part in, and those of the units whose rosters one makes."""
    mine = Q(asker_id=actor.user_id) | Q(other_id=actor.user_id)
    rows = Swap.objects.filter(in_scope(actor, EDIT, "unit__") | mine)
    return rows.select_related("unit", "asker", "other")


def lock_swap_for(actor: Actor, swap_id: UUID) -> Swap:
    """One of them. Raises NotFound `swap_not_found`."""
    row = list_swaps_for(actor).select_for_update(of=("self",)).filter(pk=swap_id).first()
    if row is None:
        raise NotFound("swap_not_found", "没有这条调班申请，或不在您的权限范围内。")
    return row
