"""The verbs of this room: founding, signing in, passwords, people, units, posts, assignments."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from yiwang.core import clock
from yiwang.core.accounts import queries, rules, sessions
from yiwang.core.accounts.models import (
    Assignment,
    Installation,
    PasswordLink,
    Post,
    Role,
    Session,
    SignInAttempt,
    Unit,
    User,
)
from yiwang.core.accounts.rules import TryResult
from yiwang.core.actor import Actor, system
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict, Invalid, Refused, TooMany, Unauthenticated
from yiwang.core.locks import hold


@transaction.atomic
def found(*, kind: str, district_code: str, district_name: str) -> Installation:
    """Say once what this database is for; again with the same words changes nothing.

    Raises Conflict `already_founded` when it was founded for something else.
    """
    row, made = Installation.objects.get_or_create(
        pk=1, defaults={"kind": kind, "district_code": district_code, "district_name": district_name}
    )
    if not made and (row.kind, row.district_code) != (kind, district_code):
        raise Conflict(
            "already_founded", f"这个数据库已用于{row.get_kind_display()}（{row.district_name}）。"
        )
    return row


@transaction.atomic
def turn_into_demo(actor: Actor) -> None:
    """Make a real installation a demo, for good; the caller has seen to it that nobody works here yet."""
    row = Installation.objects.select_for_update().get(pk=1)
    before, row.kind = row.kind, Installation.Kind.DEMO
    row.save(update_fields=["kind"])
    audit.record(
        actor,
        action="accounts.turn_into_demo",
        object_type="installation",
        object_id="1",
        before={"kind": before},
        after={"kind": row.kind},
    )


def sign_in(username: str, password: str, *, ip: str | None) -> User:
    """The person, when name and password fit.

    Raises Unauthenticated `wrong_credentials` (with the tries left), TooMany `locked_out`, Refused
    `demo_account_in_production`. An unknown name costs the same time and is locked the same way, so that
    names cannot be found out.
    """
    username = username.strip().lower()[:150]
    with transaction.atomic():
        # Parallel guesses at one name queue up, so that the count of failures cannot be outrun.
        hold(f"accounts.sign_in:{username}")
        refuse_when_locked(username)
        user: User | None = User.objects.filter(username=username).first()
        known = user.password if user else _decoy()
        right = check_password(password, known) and user is not None and user.is_active
        note_try(username, ip, _result(user, right))
        left = rules.standing(_failures(username), clock.now()).tries_left
    if not right or user is None:
        raise Unauthenticated("wrong_credentials", "账号或密码不正确。", remaining=left)
    if user.is_demo and settings.PRODUCTION:
        raise Refused("demo_account_in_production", "演示账号不能用于正式系统。")
    return user


def _result(user: User | None, right: bool) -> TryResult:
    if right:
        return TryResult.SIGNED_IN
    if user is None:
        return TryResult.UNKNOWN_ACCOUNT
    return TryResult.WRONG_PASSWORD if user.is_active else TryResult.CLOSED_ACCOUNT


def note_try(name: str, ip: str | None, result: TryResult) -> None:
    """Write a try down under an account's name; failed ones count towards its lock."""
    right = result in (TryResult.SIGNED_IN, TryResult.PASSWORD_SET)
    SignInAttempt.objects.create(username=name, ip=ip, succeeded=right, reason=result.value, at=clock.now())


def standing_of(username: str) -> rules.Standing:
    """How an account's name stands before the next try."""
    return rules.standing(_failures(username), clock.now())


def _failures(username: str) -> list[Any]:
    tries = SignInAttempt.objects.filter(username=username, at__gt=clock.now() - rules.LOCKED_FOR)
    latest_success = tries.filter(succeeded=True).order_by("-id").values_list("id", flat=True).first()
    failed = tries.filter(succeeded=False, forgiven=False, id__gt=latest_success or 0)
    return list(failed.order_by("-id").values_list("at", flat=True)[: rules.MOST_FAILURES])


def refuse_when_locked(username: str) -> None:
    """Raises TooMany `locked_out` while the name is locked."""
    until = rules.standing(_failures(username), clock.now()).locked_until
    if until is not None:
        seconds = max(1, round((until - clock.now()).total_seconds()))
        raise TooMany("locked_out", "密码错误次数过多，账号暂时锁定。", retry_after_s=seconds)


_decoy_hash: list[str] = []


def _decoy() -> str:
    """A hash that no password fits, of the same cost as a real one."""
    if not _decoy_hash:
        _decoy_hash.append(make_password("no such person"))
    return _decoy_hash[0]


def change_password(actor: Actor, *, current: str, new: str, keep_session: str | None = None) -> None:
    """Set a new password of one's own; all other sessions of the person end.

    Guesses at the current one count like tries to sign in. Raises Invalid `wrong_password` (field current) or
    `weak_password` (field new), TooMany `locked_out`.
    """
    user = User.objects.get(pk=actor.user_id)
    _confirm(user, current, ip=actor.ip)
    if current == new:
        raise Invalid("weak_password", "新密码不能与当前密码相同。", field="new")
    with transaction.atomic():
        set_password(user, new)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        Session.objects.filter(user_id=user.pk).exclude(session_key=keep_session or "").delete()
        audit.record(
            actor,
            action="accounts.change_password",
            object_type="user",
            object_id=str(user.pk),
            before=None,
            after=None,
        )


def _confirm(user: User, password: str, *, ip: str | None) -> None:
    """Raises Invalid `wrong_password`, counted, or TooMany `locked_out`."""
    with transaction.atomic():
        hold(f"accounts.sign_in:{user.username}")
        refuse_when_locked(user.username)
        right = user.check_password(password)
        if not right:
            note_try(user.username, ip, TryResult.WRONG_PASSWORD)
    if not right:
        wrong = Invalid("wrong_password", "当前密码不正确。", field="current")
        wrong.keeps_record = True
        raise wrong


def set_password(user: User, password: str) -> None:
    """Put a password on an unsaved or locked row; raises Invalid `weak_password` with all reasons."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid("weak_password", " ".join(error.messages), field="new") from error
    if user.is_demo:
        user.password = _demo_hash(password)
    else:
        user.set_password(password)


@cache
def _demo_hash(password: str) -> str:
    """One for all people of a demo: their password stands on its sign-in page, and a hash takes long on purpose."""
    return make_password(password)


@transaction.atomic
def create_user(
    actor: Actor, *, username: str, name: str, password: str | None, phone: str = "", demo: bool = False
) -> User:
    """A new person of the staff, who must change the password at first sign-in; without one, they set it by a link.

    Demo persons keep theirs, and exist only in a database founded as a demo: Refused `not_a_demo_database`.
    """
    if User.objects.filter(username=username).exists():
        raise Invalid("username_taken", "这个账号已被使用。", field="username")
    if demo:
        installation = queries.installation()
        if installation is None or installation.kind != Installation.Kind.DEMO:
            raise Refused("not_a_demo_database", "演示账号只能建在演示数据库里。")
    user = User(username=username, name=name, phone=phone, is_demo=demo, must_change_password=not demo)
    if password is None:
        user.set_unusable_password()
    else:
        set_password(user, password)
    user.save()
    audit.record(
        actor,
        action="accounts.create_user",
        object_type="user",
        object_id=str(user.pk),
        before=None,
        after={"username": username, "demo": demo},
        personal=[audit.PersonalField(user.pk, "name", name), audit.PersonalField(user.pk, "phone", phone)],
    )
    return user


@transaction.atomic
def assign(
    actor: Actor,
    *,
    user: User,
    post: Post,
    role: Role,
    areas: Sequence[str] = (),
    unit: Unit | None = None,
    valid_from: date | None = None,
) -> Assignment:
    """Give a person a post with a role, from a day on (today by default), for areas and for a unit's subtree
    (the post's own unit by default)."""
    assignment = Assignment.objects.create(
        user=user,
        post=post,
        role=role,
        unit=unit or post.unit,
        areas=list(areas),
        valid_from=valid_from or clock.today(),
    )
    after = {"user": str(user.pk), "post": post.pk, "role": role.key, "areas": list(areas)}
    audit.record(
        actor,
        action="accounts.assign",
        object_type="assignment",
        object_id=str(assignment.pk),
        before=None,
        after=after,
    )
    return assignment


@transaction.atomic
def save_unit(code: str, *, parent: Unit | None, **values: Any) -> Unit:
    """The unit with this code, made or brought up to date; its path follows its parent's.

    A unit that was reorganised here keeps its place and its names, whatever declared data says of it.
    """
    known = Unit.objects.filter(code=code).first()
    if known is not None and known.changes.exists():
        return known
    unit, _ = Unit.objects.update_or_create(code=code, defaults={"parent": parent, **values})
    path = f"{parent.path if parent else ''}{unit.pk}."
    if unit.path != path:
        unit.path = path
        unit.save(update_fields=["path"])
    return unit


def save_post(unit: Unit, key: str, *, name: str, name_en: str = "") -> Post:
    """The unit's post with this key, made or brought up to date; one that was renamed here keeps its names."""
    known = Post.objects.filter(unit=unit, key=key, is_local=True).first()
    if known is not None:
        return known
    post, _ = Post.objects.update_or_create(unit=unit, key=key, defaults={"name": name, "name_en": name_en})
    return post


@transaction.atomic
def load_roles(path: Path) -> int:
    """Load the declared roles; a permission that no room declares is an error. Returns how many roles.

    A role whose permissions were changed here keeps them, beside what is shipped now; where an edition changes what a
    role is allowed, the log says so.
    """
    edition = json.loads(path.read_text(encoding="utf-8"))
    known = queries.all_permissions()
    for role in edition["roles"]:
        unknown = sorted(set(role["permissions"]) - set(known))
        if unknown:
            raise ValueError(
                f"{path.name}: role {role['key']} names unknown permissions: {', '.join(unknown)}"
            )
        shipped = sorted(role["permissions"])
        row, made = Role.objects.get_or_create(key=role["key"])
        row.name, row.name_en, row.does = role["name"]["zh"], role["name"]["en"], role["does"]
        row.shipped, row.edition = shipped, edition["edition"]
        before = set(row.permissions)
        if made or row.changed_at is None:
            row.permissions = shipped
        row.save()
        if not made and before != set(row.permissions):
            _record_shipped(row, before)
    return len(edition["roles"])


def _record_shipped(role: Role, before: set[str]) -> None:
    now = set(role.permissions)
    audit.record(
        system("seed"),
        action="accounts.change_role",
        object_type="role",
        object_id=role.key,
        before={"removed": sorted(before - now)},
        after={"added": sorted(now - before), "edition": role.edition},
    )


def forget_tries(older_than: timedelta) -> int:
    """Delete tries to sign in that are older; returns how many. When each account signed in last stays."""
    right = SignInAttempt.objects.filter(succeeded=True).order_by("username", "-at", "-id")
    newest = right.distinct("username").values("pk")
    old = SignInAttempt.objects.filter(at__lt=clock.now() - older_than)
    return old.exclude(pk__in=newest).delete()[0]


def forget_links(older_than: timedelta) -> int:
    """Delete links to set a password that were used or ran out longer ago; returns how many."""
    before = clock.now() - older_than
    return PasswordLink.objects.filter(Q(used_at__lt=before) | Q(expires_at__lt=before)).delete()[0]


def forget_sessions(older_than: timedelta) -> int:
    """Delete sessions that ended longer ago, or were left; returns how many."""
    return sessions.ended_before(clock.now() - older_than).delete()[0]
