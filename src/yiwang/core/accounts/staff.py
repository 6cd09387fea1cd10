"""Administering people: who they are, which posts they hold, whether their account is open.

Nobody gives what lies beyond their own authority, and nobody changes somebody who holds more than they could give
(`rules.fault_of_grant`): else a password set for them would be a way to their authority. Nobody changes their own
posts.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError

from yiwang.core import clock
from yiwang.core.accounts import access, actions, links, queries
from yiwang.core.accounts.absences import tell_authority_changed
from yiwang.core.accounts.models import (
    Assignment,
    PasswordLink,
    Post,
    Role,
    Session,
    SignInAttempt,
    Unit,
    User,
)
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict, Invalid, NotFound

Place = tuple[Post, Role, Unit]
ADMINISTRATOR = "administrator"
ACCOUNT_NAME = re.compile(r"[a-z][a-z0-9_.-]{1,49}")
PHONE = re.compile(r"\+?[0-9][0-9 -]{4,18}")
AREA = re.compile(r"\d{2}(\d{2}(\d{2}(\d{3}(\d{3}(\d{3})?)?)?)?)?")


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """A post with a role, from a day on (None: today), for a unit's subtree (None: the post's unit) and areas."""

    post_id: int
    role: str
    unit_id: int | None = None
    areas: Sequence[str] = ()
    valid_from: date | None = None


@transaction.atomic
def create(actor: Actor, *, username: str, name: str, phone: str, first: NewAssignment) -> links.NewLink:
    """A new person with a first post, and a link by which they set their password.

    Raises Invalid (username, name, phone, and as `appoint`), Invalid `username_taken`.
    """
    username = username.strip().lower()
    if not ACCOUNT_NAME.fullmatch(username):
        raise Invalid("bad_username", "账号用小写字母开头，可含数字、点、横线，2–50 位。", field="username")
    name, phone = checked(name, phone)
    place = check(actor, first)
    user = actions.create_user(actor, username=username, name=name, phone=phone, password=None)
    _appoint(actor, user, first, place)
    return links.make(actor, user)


@transaction.atomic
def create_administrator(actor: Actor, *, username: str, name: str, phone: str = "") -> links.NewLink:
    """A person with the administrator's role over the whole district: for the platform itself, at a terminal.

    The post is the root unit's own, made when it is missing. Raises Conflict `no_units` before units were loaded,
    Invalid as `create`.
    """
    root = Unit.objects.filter(parent__isnull=True).order_by("order", "id").first()
    if root is None:
        raise Conflict("no_units", "还没有单位。")
    post = root.posts.filter(key=ADMINISTRATOR).first() or actions.save_post(
        root, ADMINISTRATOR, name="系统管理员", name_en="Administrator"
    )
    first = NewAssignment(post_id=post.pk, role=ADMINISTRATOR, areas=(queries.district_code(),))
    return create(actor, username=username, name=name, phone=phone, first=first)


def administrators() -> list[User]:
    """Who may manage people today, by name."""
    held = Assignment.objects.filter(
        queries.in_force(clock.today()), role__permissions__contains=[access.MANAGE_USERS]
    )
    return list(User.objects.filter(is_active=True, pk__in=held.values("user_id")).order_by("name"))


def checked(name: str, phone: str) -> tuple[str, str]:
    """Name and telephone as they are kept. Raises Invalid `required`, `bad_phone`."""
    name, phone = name.strip(), phone.strip()
    if not name:
        raise Invalid("required", "请填写姓名。", field="name")
    if phone and not PHONE.fullmatch(phone):
        raise Invalid("bad_phone", "电话只能有数字、空格和横线，至少 5 位。", field="phone")
    return name, phone


@transaction.atomic
def change_details(actor: Actor, user_id: UUID, *, expected_version: int, name: str, phone: str) -> User:
    """Another name or telephone. Raises NotFound, Refused, Conflict `person_changed`, Invalid (name, phone)."""
    user = _changeable(actor, user_id, oneself=True)
    if user.version != expected_version:
        raise Conflict("person_changed", "这位人员的资料刚刚被改过，请看最新内容。", version=user.version)
    name, phone = checked(name, phone)
    if (name, phone) == (user.name, user.phone):
        return user
    was = {"name": user.name, "phone": user.phone}
    user.name, user.phone = name, phone
    _save(user, "name", "phone")
    said = {"before.name": was["name"], "before.phone": was["phone"], "name": name, "phone": phone}
    personal = [audit.PersonalField(user.pk, field, value) for field, value in said.items()]
    _record(actor, "change_person", user, personal=personal)
    return user


@transaction.atomic
def appoint(actor: Actor, user_id: UUID, new: NewAssignment) -> Assignment:
    """Give a person a further post.

    Raises NotFound `person_not_found`, Refused `own_assignment` / `beyond_your_authority`, Invalid (post_id, role,
    unit_id, areas, valid_from), Conflict `already_assigned`. Effects: audit, `account.authority_changed`.
    """
    user = _changeable(actor, user_id)
    row = _appoint(actor, user, new, check(actor, new))
    tell_authority_changed([user.pk])
    return row


@transaction.atomic
def end(actor: Actor, assignment_id: int, on: date) -> None:
    """End an assignment: `on` is the first day on which it no longer holds; what has not begun by then never was.

    Raises NotFound `assignment_not_found`, Refused as `appoint`, Invalid `in_the_past`, Conflict
    `assignment_over` / `assignment_in_use`. Effects: audit, `account.authority_changed`.
    """
    rows = Assignment.objects.filter(pk=assignment_id)
    holder = rows.filter(user__in=access.list_staff_for(actor)).values_list("user_id", flat=True).first()
    # The person first and then the assignment; never the role, which everybody's appointment needs.
    user = _changeable(actor, holder) if holder else None
    row = rows.select_related("role").select_for_update(of=("self",)).first()
    if user is None or row is None:
        raise NotFound("assignment_not_found", "没有这项任职，或不在您的管理范围内。")
    today = clock.today()
    if on < today:
        raise Invalid("in_the_past", "结束日期不能早于今天。", field="on")
    if row.valid_to is not None and row.valid_to <= today:
        raise Conflict("assignment_over", "这项任职已经结束。")
    before = {"valid_from": row.valid_from, "valid_to": row.valid_to}
    pk = row.pk
    if row.valid_from >= on:
        try:
            row.delete()
        except ProtectedError as error:
            raise Conflict("assignment_in_use", "这项任职已排了责任区，请先取消。") from error
    else:
        row.valid_to = on
        row.save(update_fields=["valid_to"])
    audit.record(
        actor.at(actor.scope_for(access.MANAGE_USERS)),
        action="accounts.end_assignment",
        object_type="assignment",
        object_id=str(pk),
        before={"user": str(user.pk), "post": row.post_id, "role": row.role.key, **_days(before)},
        after={"valid_to": on.isoformat()},
    )
    tell_authority_changed([user.pk])


@transaction.atomic
def set_open(actor: Actor, user_id: UUID, *, is_open: bool) -> User:
    """Open or close an account; closing ends its sessions and links. Raises as `appoint`; again changes nothing."""
    user = _changeable(actor, user_id)
    if user.is_active == is_open:
        return user
    user.is_active = is_open
    _save(user, "is_active")
    if not is_open:
        Session.objects.filter(user_id=user.pk).delete()
        PasswordLink.objects.filter(user=user, used_at__isnull=True).delete()
    _record(actor, "open_account" if is_open else "close_account", user)
    return user


@transaction.atomic
def unlock(actor: Actor, user_id: UUID) -> None:
    """Let somebody try again who gave a wrong password too often. Raises as `appoint`."""
    user = _changeable(actor, user_id, oneself=True)
    failed = SignInAttempt.objects.filter(username=user.username, succeeded=False, forgiven=False)
    if failed.update(forgiven=True):
        _record(actor, "unlock_account", user)


@transaction.atomic
def reset_password(actor: Actor, user_id: UUID) -> links.NewLink:
    """A link to set a new password; the old one and all sessions end now. Raises as `appoint` and `links.make`."""
    return links.make(actor, _changeable(actor, user_id))


def check(actor: Actor, new: NewAssignment) -> Place:
    """Where and as what it would be. Raises Invalid (the field at fault) when the actor may not give it."""
    post, role, unit = _parts(new)
    if post.unit.valid_to is not None and post.unit.valid_to <= clock.today():
        raise Invalid("unit_ended", "这个单位已撤销。", field="post_id")
    if post.ended_on is not None and post.ended_on <= clock.today():
        raise Invalid("post_ended", "这个岗位已停用。", field="post_id")
    if (new.valid_from or clock.today()) < clock.today():
        raise Invalid("in_the_past", "开始日期不能早于今天。", field="valid_from")
    if not all(AREA.fullmatch(area) for area in new.areas):
        raise Invalid("bad_area", "区域代码不对。", field="areas")
    fault = access.fault_of_assignment(
        actor, Assignment(post=post, role=role, unit=unit, areas=list(new.areas))
    )
    if fault is not None:
        raise fault
    return post, role, unit


def _parts(new: NewAssignment) -> Place:
    post = Post.objects.select_related("unit").filter(pk=new.post_id).first()
    if post is None:
        raise Invalid("unknown_post", "没有这个岗位。", field="post_id")
    role = Role.objects.filter(key=new.role).first()
    if role is None:
        raise Invalid("unknown_role", "没有这个角色。", field="role")
    unit = post.unit if new.unit_id is None else Unit.objects.filter(pk=new.unit_id).first()
    if unit is None:
        raise Invalid("unknown_unit", "没有这个单位。", field="unit_id")
    return post, role, unit


def _appoint(actor: Actor, user: User, new: NewAssignment, place: Place) -> Assignment:
    post, role, unit = place
    known = Assignment.objects.filter(access.running(), user=user, post=post, role=role, unit=unit)
    if known.exists():
        raise Conflict("already_assigned", "这位人员已有同样的任职。", field="post_id")
    return actions.assign(
        actor, user=user, post=post, role=role, areas=new.areas, unit=unit, valid_from=new.valid_from
    )


def _changeable(actor: Actor, user_id: UUID, *, oneself: bool = False) -> User:
    """Somebody whom the actor administers, locked; `oneself` allows the actor's own account."""
    user = access.get_staff_for(actor, user_id, lock=True)
    if user.erased_at is not None:
        raise Conflict("already_erased", "这位人员的信息已经抹除。")
    refusal = access.refusal_to_change(actor, user, oneself=oneself)
    if refusal is not None:
        raise refusal
    return user


def _save(user: User, *fields: str) -> None:
    user.version += 1
    user.save(update_fields=[*fields, "version"])


def _days(values: dict[str, date | None]) -> dict[str, str | None]:
    return {name: day.isoformat() if day else None for name, day in values.items()}


def _record(actor: Actor, verb: str, user: User, *, personal: Sequence[audit.PersonalField] = ()) -> None:
    after: dict[str, Any] = {"version": user.version}
    audit.record(
        actor.at(actor.scope_for(access.MANAGE_USERS)),
        action=f"accounts.{verb}",
        object_type="user",
        object_id=str(user.pk),
        before=None,
        after=after,
        personal=personal,
    )
