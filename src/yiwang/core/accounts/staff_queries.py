"""Reads for administering people."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Collate

from yiwang.core import clock
from yiwang.core.accounts import access, actions, rules
from yiwang.core.accounts.models import (
    Absence,
    Assignment,
    PasswordLink,
    Post,
    Role,
    SignInAttempt,
    Unit,
    User,
)
from yiwang.core.accounts.queries import away_on, personal_permissions, posts_managed_by
from yiwang.core.accounts.sessions import live_sessions
from yiwang.core.actor import Actor
from yiwang.core.http.paging import Page, page

State = Literal["active", "closed", "former", "locked"]
Sort = Literal["username", "name", "-created_at"]
SORTS: dict[str, tuple[str, ...]] = {
    "username": ("username",),
    "name": ("sounding", "username"),
    "-created_at": ("-created_at", "-id"),
}


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What of the people is asked for; empty words and None ask for all."""

    q: str = ""
    unit_id: int | None = None
    role: str = ""
    state: State | None = None


def narrowed(rows: QuerySet[User], asked: Narrowing) -> QuerySet[User]:
    """People by words (name, account, the end of a telephone number, a post), unit and below, role, and state."""
    held = Assignment.objects.filter(access.running(), user=OuterRef("pk"))
    if q := asked.q.strip():
        named = Q(name__icontains=q) | Q(username__icontains=q)
        at_post = Exists(held.filter(post__name__icontains=q))
        rows = rows.filter(named | at_post | Q(phone__endswith=q) if q.isdigit() else named | at_post)
    if asked.unit_id is not None:
        path = Unit.objects.filter(pk=asked.unit_id).values_list("path", flat=True).first() or "-"
        rows = rows.filter(Exists(held.filter(post__unit__path__startswith=path)))
    if asked.role:
        rows = rows.filter(Exists(held.filter(role__key=asked.role)))
    match asked.state:
        case "active":
            return rows.filter(Exists(held), is_active=True)
        case "closed":
            return rows.filter(is_active=False, erased_at__isnull=True)
        case "former":
            return rows.filter(~Exists(held))
        case "locked":
            return rows.filter(username__in=locked_names())
    return rows


def staff_page(rows: QuerySet[User], *, sort: Sort, after: str | None, limit: int) -> Page[User]:
    """One page of people with what a row shows. Four queries, and one for locks."""
    return page(whole(rows), keys=SORTS[sort], after=after, limit=limit)


def whole(rows: QuerySet[User]) -> QuerySet[User]:
    """People with what a row shows, and what orders them."""
    return with_posts(rows).annotate(
        sounding=Collate("name", "zh-x-icu"), last_sign_in=Subquery(_latest_success())
    )


def with_posts(rows: QuerySet[User]) -> QuerySet[User]:
    """With `held` (assignments that run or will) and `away` (the absence that runs)."""
    held = Assignment.objects.filter(access.running()).select_related("post__unit", "role", "unit")
    away = Absence.objects.filter(away_on(clock.today())).order_by("starts_on")
    return rows.prefetch_related(
        Prefetch("assignments", held.order_by("valid_from", "id"), to_attr="held"),
        Prefetch("absences", away, to_attr="away"),
    )


def _latest_success() -> QuerySet[SignInAttempt, object]:
    tries = SignInAttempt.objects.filter(username=OuterRef("username"), succeeded=True)
    return tries.order_by("-at").values("at")[:1]


def locked_names() -> QuerySet[SignInAttempt, str]:
    """The names that are locked at this moment, whether or not they are accounts: `actions.standing_of`, in one query
    for all."""
    recent = SignInAttempt.objects.filter(at__gt=clock.now() - rules.LOCKED_FOR)
    succeeded = recent.filter(succeeded=True, username=OuterRef("username"), id__gt=OuterRef("id"))
    failed = recent.filter(~Exists(succeeded), succeeded=False, forgiven=False)
    often = failed.values("username").annotate(tries=Count("id")).filter(tries__gte=rules.MOST_FAILURES)
    return often.values_list("username", flat=True)


def are_locked(users: Collection[User]) -> set[str]:
    """Which of these are locked. One query."""
    return set(locked_names().filter(username__in=[user.username for user in users]))


def present_row(user: User, locked: Collection[str]) -> dict[str, object]:
    """A row of `staff_page` on the wire."""
    away = getattr(user, "away", [])
    held: list[Assignment] = getattr(user, "held", [])
    return {
        "id": user.pk,
        "username": user.username,
        "name": user.name,
        "phone": user.phone,
        "state": state_of(user, held),
        "is_locked": user.username in locked,
        "is_demo": user.is_demo,
        "assignments": [present_assignment(row) for row in held],
        "away_until": away[-1].ends_on if away else None,
        "last_sign_in": getattr(user, "last_sign_in", None),
        "created_at": user.created_at,
    }


def state_of(user: User, held: Collection[Assignment]) -> str:
    """erased, closed, former (no post now or to come) or active."""
    if user.erased_at is not None:
        return "erased"
    if not user.is_active:
        return "closed"
    return "active" if held else "former"


def present_assignment(row: Assignment) -> dict[str, object]:
    """An assignment on the wire."""
    return {
        "id": row.pk,
        "post": row.post.name,
        "post_id": row.post_id,
        "post_unit": row.post.unit,
        "role": row.role,
        "unit": row.unit,
        "areas": row.areas,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "state": period_of(row, clock.today()),
    }


def period_of(row: Assignment, today: date) -> str:
    """running, coming or over."""
    if row.valid_to is not None and row.valid_to <= today:
        return "over"
    return "coming" if row.valid_from > today else "running"


def describe(actor: Actor, user: User) -> dict[str, object]:
    """One person in full, with all assignments, those that are over last."""
    rows = Assignment.objects.filter(user=user).select_related("post__unit", "role", "unit")
    held = sorted(rows, key=lambda row: (period_of(row, clock.today()) == "over", row.valid_from, row.pk))
    user.held = [row for row in held if period_of(row, clock.today()) != "over"]  # type: ignore[attr-defined]
    user.away = list(  # type: ignore[attr-defined]
        Absence.objects.filter(away_on(clock.today()), user=user).order_by("starts_on")
    )
    tries = SignInAttempt.objects.filter(username=user.username, succeeded=True)
    user.last_sign_in = tries.order_by("-at").values_list("at", flat=True).first()  # type: ignore[attr-defined]
    locked_until = actions.standing_of(user.username).locked_until
    link = PasswordLink.objects.filter(user=user, used_at__isnull=True, expires_at__gt=clock.now()).first()
    refusal = access.refusal_to_change(actor, user)
    return {
        **present_row(user, [user.username] if locked_until else []),
        "assignments": [present_assignment(row) for row in held],
        "version": user.version,
        "locked_until": locked_until,
        "link_until": link.expires_at if link else None,
        "has_password": user.has_usable_password(),
        "sessions": live_sessions().filter(user_id=user.pk).count(),
        "refusal": refusal.code if refusal else None,
        "erased_at": user.erased_at,
    }


@dataclass(frozen=True, slots=True)
class Tried:
    """Which tries to sign in are asked for: an account or address, right or wrong ones, from a day to a day."""

    q: str = ""
    succeeded: bool | None = None
    first: date | None = None
    last: date | None = None


def tries_for(actor: Actor, asked: Tried) -> QuerySet[SignInAttempt]:
    """Tries at the accounts that the actor administers; for who administers all units, at any name."""
    rows = SignInAttempt.objects.all()
    if not actor.can_everywhere(access.MANAGE_USERS):
        rows = rows.filter(username__in=access.list_staff_for(actor).values("username"))
    if q := asked.q.strip():
        named = User.objects.filter(name__icontains=q).values("username")
        rows = rows.filter(Q(username__icontains=q) | Q(username__in=named) | Q(ip__startswith=q))
    if asked.succeeded is not None:
        rows = rows.filter(succeeded=asked.succeeded)
    if asked.first is not None:
        rows = rows.filter(at__gte=_start_of(asked.first))
    if asked.last is not None and asked.last < date.max:
        rows = rows.filter(at__lt=_start_of(asked.last + timedelta(days=1)))
    return rows


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), clock.LOCAL)


def tries_page(rows: QuerySet[SignInAttempt], *, after: str | None, limit: int) -> Page[SignInAttempt]:
    """One page of tries to sign in, the latest first, each with the `name` of its account's person. Two queries."""
    found = page(rows, keys=("-at", "-id"), after=after, limit=limit)
    with_names(found.items)
    return found


def with_names(tries: list[SignInAttempt]) -> list[SignInAttempt]:
    """Tries to sign in, each with the `name` of its account's person. One query."""
    tried = {row.username for row in tries}
    names = dict(User.objects.filter(username__in=tried).values_list("username", "name"))
    for row in tries:
        row.name = names.get(row.username)  # type: ignore[attr-defined]
    return tries


def role_options(actor: Actor) -> list[dict[str, object]]:
    """All roles; `is_yours` says that the actor holds what is personal in it."""
    held = frozenset[str]().union(*(s.permissions for s in actor.assignments if s.on_behalf_of is None))
    return [
        {
            "key": role.key,
            "name": role.name,
            "name_en": role.name_en,
            "does": role.does,
            "is_yours": actor.is_system or not (frozenset(role.permissions) & personal_permissions()) - held,
        }
        for role in Role.objects.order_by("id")
    ]


def posts_for(actor: Actor, unit_id: int | None) -> QuerySet[Post]:
    """Posts of the units whose people the actor manages (of one of them)."""
    rows = posts_managed_by(actor)
    return rows if unit_id is None else rows.filter(unit_id=unit_id)
