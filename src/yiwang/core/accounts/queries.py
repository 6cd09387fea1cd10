"""Reads about people and units."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import (
    BooleanField,
    Exists,
    F,
    Func,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    UUIDField,
    Value,
)

from yiwang.core import clock
from yiwang.core.accounts.models import Absence, Assignment, Installation, Post, Role, Unit, User
from yiwang.core.actor import Absentee, Actor, Permission, Scope
from yiwang.core.calendars.models import DEFAULT_KEY
from yiwang.core.http.paging import Page, page
from yiwang.core.prepared import Prepared
from yiwang.core.registry import in_rooms


def in_force(on: date) -> Q:
    """Assignments that hold on a day (half-open: `valid_to` no longer counts)."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def away_on(day: date) -> Q:
    """Absences that run on a day (both ends included), cancelled ones left out."""
    return Q(starts_on__lte=day, ends_on__gte=day, cancelled_at__isnull=True)


def actor_for_user(user_id: UUID, *, ip: str | None = None, via: str = "console") -> Actor | None:
    """The person with the authority of today; None when there is no such person or the account is closed.

    The person's own assignments come first, then those of absent people whom they stand in for: only what these
    hold themselves (a substitution is not handed on), without what is personal. One query for somebody with an
    assignment, two for others.
    """
    held = HELD(user_id, clock.today())
    own = [row for row in held if row.user_id == user_id]
    user = own[0].user if own else User.objects.filter(pk=user_id).first()
    if user is None or not may_enter(user):
        return None
    carried = [row for row in held if row.user_id != user_id and may_enter(row.user)]
    return Actor(
        user_id=user.pk,
        name=user.name,
        username=user.username,
        assignments=tuple(scope_of(row) for row in own) + tuple(lent_scope(row) for row in carried),
        ip=ip,
        via=via,
        must_change_password=user.must_change_password,
    )


def may_enter(user: User) -> bool:
    """Whether the account is open, here and today."""
    return user.is_active and not (user.is_demo and settings.PRODUCTION)


def _carried_by(user_id: UUID, day: date) -> Func:
    """Assignments of the person and of those whom they stand in for that day; by array, so that one index serves."""
    absent = Absence.objects.filter(away_on(day), substitute=user_id).values("user_id")
    people = Func(ArraySubquery(absent), Value(user_id, output_field=UUIDField()), function="array_append")
    return Func(
        F("user_id"),
        people,
        template="%(expressions)s)",
        arg_joiner=" = any(",
        output_field=BooleanField(),
    )


def _held(user_id: UUID, day: date) -> QuerySet[Assignment]:
    rows = Assignment.objects.filter(in_force(day), _carried_by(user_id, day))
    return rows.select_related("user", "post", "post__unit", "role", "unit").order_by("id")


_known: dict[str, str] = {}
# Read at every request.
HELD = Prepared(_held, UUID(int=2**128 - 1), date.max)
HANDLING = Prepared(lambda unit_id, day: _today(day).filter(pk=unit_id, handles_cases=True), -1, date.max)


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


def lent_scope(assignment: Assignment) -> Scope:
    """What a substitute carries of an absent person's assignment: marked, and without what is personal."""
    own = scope_of(assignment)
    absentee = Absentee(assignment.user_id, assignment.user.name)
    return replace(own, permissions=own.permissions - personal_permissions(), on_behalf_of=absentee)


def holders(permission: str, *, unit_path: str = "", area_code: str = "") -> QuerySet[User]:
    """People who are to be told: they hold a permission today for a unit (its path) or a place (its area code).

    With neither, all who hold it anywhere; by id. A holder for a unit holds it for the whole subtree below. Who
    is away and has a substitute is left out, the substitute comes instead.
    """
    rows = Assignment.objects.filter(in_force(clock.today()), role__permissions__contains=[permission])
    if unit_path:
        rows = rows.filter(unit__path__in=prefixes_of_path(unit_path))
    if area_code:
        rows = rows.filter(areas__overlap=prefixes_of_area(area_code))
    people = rows.values("user_id")
    if permission in personal_permissions():
        return User.objects.filter(is_active=True, pk__in=people).order_by("pk")
    covered = Absence.objects.filter(away_on(clock.today()), substitute__is_active=True)
    stand_in = Exists(covered.filter(substitute=OuterRef("pk"), user__is_active=True, user__in=people))
    at_work = Q(pk__in=people) & ~Exists(covered.filter(user=OuterRef("pk")))
    return User.objects.filter(at_work | Q(stand_in), is_active=True).order_by("pk")


@dataclass(frozen=True, slots=True)
class Holding:
    """A permission for a unit (its path) or for a place (its area code), one of the two."""

    permission: str
    unit_path: str = ""
    area_code: str = ""


def holders_of(wanted: Collection[Holding]) -> dict[Holding, set[UUID]]:
    """As `holders`, for many units and places at once: who is to be told for each. Two queries."""
    permissions = {holding.permission for holding in wanted}
    if not permissions:
        return {}
    rows = Assignment.objects.filter(
        in_force(clock.today()), role__permissions__overlap=sorted(permissions), user__is_active=True
    )
    held: dict[Holding, set[UUID]] = defaultdict(set)
    for person, path, areas, allowed in rows.values_list(
        "user_id", "unit__path", "areas", "role__permissions"
    ):
        for permission in permissions.intersection(allowed):
            held[Holding(permission, unit_path=path)].add(person)
            for area in areas:
                held[Holding(permission, area_code=area)].add(person)
    instead = substitutes_of()
    return {holding: _told(holding, held, instead) for holding in wanted}


def _told(wanted: Holding, held: dict[Holding, set[UUID]], instead: dict[UUID, set[UUID]]) -> set[UUID]:
    permission = wanted.permission
    places = [Holding(permission, area_code=area) for area in prefixes_of_area(wanted.area_code)]
    units = [Holding(permission, unit_path=p) for p in prefixes_of_path(wanted.unit_path) if wanted.unit_path]
    people = set[UUID]().union(*(held.get(place, ()) for place in (*places, *units)))
    if permission in personal_permissions():
        return people
    return set[UUID]().union(*(instead.get(person, {person}) for person in people))


def substitutes_of(people: Collection[UUID] | None = None) -> dict[UUID, set[UUID]]:
    """The substitutes of those (None: of anybody) who are away today and have one."""
    rows = Absence.objects.filter(away_on(clock.today()), substitute__is_active=True)
    if people is not None:
        rows = rows.filter(user__in=people)
    instead: dict[UUID, set[UUID]] = defaultdict(set)
    for person, substitute in rows.values_list("user_id", "substitute_id"):
        if substitute is not None:
            instead[person].add(substitute)
    return dict(instead)


def at_work(people: Collection[UUID]) -> set[UUID]:
    """Whom to tell when these people are meant: for somebody who is away, their substitute."""
    instead = substitutes_of(people)
    return set[UUID]().union(*(instead.get(person, {person}) for person in people))


def prefixes_of_path(path: str) -> list[str]:
    """ "1.4.9." gives ["1.", "1.4.", "1.4.9."]: the unit and all above it."""
    parts = path.rstrip(".").split(".")
    return [".".join(parts[: n + 1]) + "." for n in range(len(parts))]


def prefixes_of_area(code: str) -> list[str]:
    """All area codes that contain this one: city and district digits, street, community, unit grid."""
    return [code[:n] for n in (2, 4, 6, 9, 12, 15) if n <= len(code)]


def units(*, handling: bool | None = None, ended: bool = False) -> QuerySet[Unit]:
    """Units of today in the order of the tree; `handling` keeps those that handle cases, `ended` adds the past."""
    rows = Unit.objects.all()
    if not ended:
        rows = _today(clock.today())
    return rows if handling is None else rows.filter(handles_cases=handling)


def _today(day: date) -> QuerySet[Unit]:
    return Unit.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def handling_unit(unit_id: int) -> Unit | None:
    """A unit of today that handles cases."""
    return HANDLING.first(unit_id, clock.today())


def posts_managed_by(actor: Actor) -> QuerySet[Post]:
    """Posts of the units of today whose people the actor manages, in the order of the tree."""
    living = Q(unit__valid_to__isnull=True) | Q(unit__valid_to__gt=clock.today())
    given = Q(ended_on__isnull=True) | Q(ended_on__gt=clock.today())
    rows = Post.objects.filter(living, given).order_by("unit__order", "unit_id", "id")
    return rows.filter(posts_below(actor, "accounts.manage_user"))


def posts_below(actor: Actor, permission: str) -> Q:
    """Posts of the units for which the actor holds a permission."""
    if actor.is_system:
        return Q()
    found = Q(pk__in=())
    for path in sorted({scope.unit_path for scope in actor.scopes(permission) if scope.unit_path}):
        found |= Q(unit__path__startswith=path)
    return found


def with_predecessors(rows: QuerySet[Unit]) -> list[Unit]:
    """Units, each with `took_over`: the codes of those whose work it has now, along the whole line. Two queries."""
    ended = Unit.objects.filter(valid_to__lte=clock.today(), successor__isnull=False)
    into = {pk: (code, successor) for pk, code, successor in ended.values_list("pk", "code", "successor_id")}
    codes: dict[int, list[str]] = {}
    for code, successor in into.values():
        at, seen = successor, set[int | None]()
        while at in into and at not in seen:
            seen.add(at)
            at = into[at][1]
        codes.setdefault(at, []).append(code)
    units = list(rows)
    for unit in units:
        unit.took_over = codes.get(unit.pk)  # type: ignore[attr-defined]
    return units


def successor_of(unit: Unit) -> Unit:
    """The unit that took over, along the whole line; the unit itself when it is still there or nobody did."""
    seen = {unit.pk}
    while (
        unit.valid_to is not None
        and unit.valid_to <= clock.today()
        and unit.successor_id not in (None, *seen)
    ):
        unit = Unit.objects.get(predecessors=unit.pk)
        seen.add(unit.pk)
    return unit


def calendar_key_of(unit_id: int | None) -> str:
    """The key of the calendar by which a unit's limits run: its own, else that of the nearest unit above it.

    The district's default where none has one, and for no unit. One small query, made at many steps of a case.
    """
    if unit_id is None:
        return DEFAULT_KEY
    with connection.cursor() as cursor:
        cursor.execute(_CALENDAR, [unit_id])
        found = cursor.fetchone()
    return str(found[0]) if found else DEFAULT_KEY


_CALENDAR = """
SELECT above.calendar FROM accounts_unit AS unit JOIN accounts_unit AS above ON starts_with(unit.path, above.path)
WHERE unit.id = %s AND above.calendar IS NOT NULL ORDER BY length(above.path) DESC LIMIT 1
"""


def district_code() -> str:
    """The six digits of the district that this database serves; "-" before it is founded. Asked once."""
    if "code" not in _known:
        found = installation()
        if found is None:
            return "-"
        _known["code"] = found.district_code
    return _known["code"]


def installation() -> Installation | None:
    """What this database is for; None before it is founded."""
    return Installation.objects.filter(pk=1).first()


def somebody_can_enter() -> bool:
    """Whether anybody at all could sign in: an open account with a password. False on a database without people."""
    rows = User.objects.filter(is_active=True).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return (rows.filter(is_demo=False) if settings.PRODUCTION else rows).exists()


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
    return {one.key: one for declared in in_rooms("permissions", "PERMISSIONS") for one in declared}


def role_permissions(key: str) -> frozenset[str]:
    """What a role may do; nothing when there is no such role."""
    found = Role.objects.filter(key=key).values_list("permissions", flat=True).first()
    return frozenset(found or ())


@cache
def personal_permissions() -> frozenset[str]:
    """The permissions that no substitute carries."""
    return frozenset(key for key, permission in all_permissions().items() if permission.personal)


def absence(absence_id: UUID) -> Absence | None:
    """One absence with its people; None when there is none. For rooms, which show it to those concerned only."""
    return Absence.objects.select_related("user", "substitute").filter(pk=absence_id).first()


def people_page(
    rows: QuerySet[User], *, q: str = "", after: str | None = None, limit: int = 50
) -> Page[User]:
    """One page of people by account name, narrowed by words in name or account; posts and absence come along.

    Each row carries `held` (assignments of today with post and unit) and `away` (the absence that runs).
    Three queries.
    """
    if q := q.strip():
        rows = rows.filter(Q(name__icontains=q) | Q(username__icontains=q))
    today = clock.today()
    held = Assignment.objects.filter(in_force(today)).select_related("post", "post__unit").order_by("id")
    away = Absence.objects.filter(away_on(today)).order_by("starts_on")
    rows = rows.prefetch_related(
        Prefetch("assignments", held, to_attr="held"), Prefetch("absences", away, to_attr="away")
    )
    return page(rows, keys=("username",), after=after, limit=limit)


def absence_page(
    rows: QuerySet[Absence], *, only_open: bool, user_id: UUID | None, after: str | None, limit: int
) -> Page[Absence]:
    """One page of absences, the latest first day first; `only_open` keeps those that run or are to come."""
    rows = absences_among(rows, only_open=only_open, user_id=user_id)
    return page(rows, keys=("-starts_on", "-id"), after=after, limit=limit)


def absences_among(
    rows: QuerySet[Absence], *, only_open: bool, user_id: UUID | None = None
) -> QuerySet[Absence]:
    """Those that run or are to come, or all; of one person; each with its people."""
    if only_open:
        rows = rows.filter(cancelled_at__isnull=True, ends_on__gte=clock.today())
    if user_id is not None:
        rows = rows.filter(user_id=user_id)
    return rows.select_related("user", "substitute")
