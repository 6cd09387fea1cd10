"""One-time links by which a person sets a password: made by an administrator, used once, gone after a day.

The token is told to whoever made the link, once; the database keeps its SHA-256. On the way it stands in the fragment
of the page's address and in the body of a request, so that no log ever holds it.
"""

import secrets
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from yiwang.core import clock
from yiwang.core.accounts import actions, rules
from yiwang.core.accounts.models import PasswordLink, Session, User
from yiwang.core.accounts.rules import TryResult
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict, NotFound, TooMany
from yiwang.core.locks import hold

PAGE = "/set-password"


class NewLink(NamedTuple):
    """A link just made, and its page's path with the token in it, which is never to be had again."""

    link: PasswordLink
    path: str


@transaction.atomic
def make(actor: Actor, user: User) -> NewLink:
    """A link for a person; older ones of theirs stop working, and so do their password and their sessions.

    The caller has locked the person and seen to it that the actor may. Raises Conflict `account_closed`,
    `demo_account`.
    """
    if not user.is_active:
        raise Conflict("account_closed", "账号已停用，请先启用。")
    if user.is_demo:
        raise Conflict("demo_account", "演示账号的密码写在登录页上，不能重设。")
    token = secrets.token_urlsafe(32)
    PasswordLink.objects.filter(user=user, used_at__isnull=True).delete()
    now = clock.now()
    link = PasswordLink.objects.create(
        user=user, digest=_digest(token), made_at=now, expires_at=now + rules.LINK_LASTS
    )
    user.set_unusable_password()
    user.save(update_fields=["password"])
    Session.objects.filter(user_id=user.pk).delete()
    _record(actor, "make_password_link", user.pk)
    return NewLink(link, f"{PAGE}#{token}")


def opened(token: str, *, ip: str | None) -> PasswordLink:
    """The link of a token that can still be used.

    Raises NotFound `link_unknown` (guesses from one address are counted like tries to sign in), Conflict `link_used`,
    `link_expired`, TooMany `links_locked`.
    """
    # No name of an account, nor one that can be tried as such: those are lower case.
    name = f"Link {ip or ''}".strip()
    with transaction.atomic():
        hold(f"accounts.sign_in:{name}")
        until = actions.standing_of(name).locked_until
        if until is not None:
            seconds = max(1, round((until - clock.now()).total_seconds()))
            raise TooMany("links_locked", "尝试次数过多，请稍后再试。", retry_after_s=seconds)
        link = PasswordLink.objects.select_related("user").filter(digest=_digest(token)).first()
        if link is None:
            actions.note_try(name, ip, TryResult.LINK_INVALID)
    if link is None:
        unknown = _unknown()
        unknown.keeps_record = True
        raise unknown
    _check(link, link.user)
    return link


def _unknown() -> NotFound:
    return NotFound("link_unknown", "这个链接无效，或已有新的链接代替，请向管理员索取。")


def _check(link: PasswordLink, user: User) -> None:
    if link.used_at is not None:
        raise Conflict("link_used", "这个链接已经用过。密码已设置，请直接登录。")
    if link.expires_at <= clock.now() or not user.is_active:
        raise Conflict("link_expired", "这个链接已过期，请向管理员重新索取。")


def use(token: str, new: str, *, ip: str | None) -> User:
    """Set the password of the link's person; all their sessions end, and a lock of their account with them.

    Raises as `opened`, and Invalid `weak_password` (field new), upon which the link stays good.
    """
    # Before the transaction: what is refused here is counted, and must not be undone.
    found = opened(token, ip=ip)
    with transaction.atomic():
        # The person first and then the link, as who makes another one does.
        user: User = User.objects.select_for_update().get(pk=found.user_id)
        link = PasswordLink.objects.select_for_update().filter(pk=found.pk).first()
        if link is None:
            raise _unknown()
        _check(link, user)
        actions.set_password(user, new)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        link.used_at = clock.now()
        link.save(update_fields=["used_at"])
        Session.objects.filter(user_id=user.pk).delete()
        actions.note_try(user.username, ip, TryResult.PASSWORD_SET)
        person = Actor(user_id=user.pk, name=user.name, username=user.username, ip=ip)
        _record(person, "set_password", user.pk)
    return user


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _record(actor: Actor, verb: str, user_id: UUID) -> None:
    audit.record(
        actor,
        action=f"accounts.{verb}",
        object_type="user",
        object_id=str(user_id),
        before=None,
        after=None,
    )
