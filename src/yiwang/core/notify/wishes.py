"""How a person wants to hear of notices outside the platform: their own, nobody else's."""

from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict, Invalid, Refused
from yiwang.core.events import actions as events
from yiwang.core.events.declare import Audience
from yiwang.core.locks import hold
from yiwang.core.notify import channels, deliveries, queries
from yiwang.core.notify.declare import declared
from yiwang.core.notify.events import NoticeCreated
from yiwang.core.notify.models import Choice, Delivery, Notice, Wishes
from yiwang.core.notify.notices import TRIAL

RECENT = 10
TRIAL_EVERY = timedelta(minutes=1)
ADDRESSES = ("mail", "work_wechat", "wechat")


@dataclass(frozen=True, slots=True)
class Wanted:
    """All of a person's settings. `choices`: channels by kind."""

    mail: str = ""
    work_wechat: str = ""
    wechat: str = ""
    language: str = "zh"
    quiet_from: time | None = None
    quiet_to: time | None = None
    choices: dict[str, list[str]] = field(default_factory=dict)


def _me(actor: Actor) -> UUID:
    if actor.user_id is None:
        raise Refused("permission_denied", "这是个人设置。")
    return actor.user_id


def of(actor: Actor) -> Wishes:
    """The actor's wishes; new ones, with nothing chosen, before they were ever set."""
    user_id = _me(actor)
    return Wishes.objects.select_related("user").filter(pk=user_id).first() or Wishes(user_id=user_id)


def choices_of(actor: Actor) -> dict[str, list[str]]:
    """The channels that the actor chose, by kind."""
    found: dict[str, list[str]] = {}
    for kind, channel in Choice.objects.filter(user=_me(actor)).order_by("id").values_list("kind", "channel"):
        found.setdefault(kind, []).append(channel)
    return found


def recent(actor: Actor) -> list[Delivery]:
    """What was sent, or not, of the actor's notices last."""
    mine = Delivery.objects.filter(notice__user=_me(actor)).select_related("notice")
    return list(mine.order_by("-id")[:RECENT])


@transaction.atomic
def change(actor: Actor, wanted: Wanted, *, expected_version: int) -> None:
    """Set everything. Raises Invalid (`bad_mail`, `unknown_choice`, `quiet_from_to`), Conflict `wishes_changed`.

    The audit entry says which addresses changed, not what they are.
    """
    user_id = _me(actor)
    hold(f"notify.wishes:{user_id}")
    _check(wanted)
    row, before = of(actor), choices_of(actor)
    if row.version != expected_version:
        raise Conflict("wishes_changed", "您在别处改过这些设置，请看最新内容。", version=row.version)
    old = _noted(row, before)
    moved = [name for name in ADDRESSES if getattr(row, name) != getattr(wanted, name).strip()]
    for name in ADDRESSES:
        setattr(row, name, getattr(wanted, name).strip())
    row.language, row.quiet_from, row.quiet_to = wanted.language, wanted.quiet_from, wanted.quiet_to
    row.version += 1
    row.save()
    Choice.objects.filter(user=user_id).delete()
    Choice.objects.bulk_create(
        Choice(user_id=user_id, kind=kind, channel=channel)
        for kind, several in wanted.choices.items()
        for channel in sorted(set(several))
    )
    audit.record(
        actor,
        action="notify.change_wishes",
        object_type="user",
        object_id=str(user_id),
        before=old,
        after={**_noted(row, wanted.choices), "addresses_changed": moved},
    )


def _check(wanted: Wanted) -> None:
    if wanted.mail.strip():
        try:
            validate_email(wanted.mail.strip())
        except ValidationError as error:
            raise Invalid("bad_mail", "邮箱地址不对。", field="mail") from error
    if (wanted.quiet_from is None) != (wanted.quiet_to is None):
        raise Invalid("quiet_from_to", "免打扰要填起止两个时间，或都不填。", field="quiet_from")
    kinds, known = {kind.key for kind in declared()}, set(channels.offered())
    if not (wanted.choices.keys() <= kinds and all(known.issuperset(c) for c in wanted.choices.values())):
        raise Invalid("unknown_choice", "没有这种通知或渠道。", field="choices")


def _noted(row: Wishes, choices: dict[str, list[str]]) -> dict[str, Any]:
    quiet = [row.quiet_from, row.quiet_to]
    return {
        "language": row.language,
        "quiet": [f"{at:%H:%M}" if at else None for at in quiet],
        "choices": {kind: sorted(several) for kind, several in sorted(choices.items()) if several},
    }


@transaction.atomic
def try_out(actor: Actor, channel: str) -> None:
    """Send the actor a trial by a channel. Raises Invalid `unknown_choice`, `no_address`; Refused `tried_just_now`."""
    if channel not in channels.offered():
        raise Invalid("unknown_choice", "没有这种通知或渠道。", field="channel")
    row = of(actor)
    hold(f"notify.trial:{row.pk}")
    if not queries.address_of(row, channel):
        raise Invalid("no_address", "还没有这个渠道的地址，请先填写并保存。", field=channel)
    just_now = clock.now() - TRIAL_EVERY
    tried = Delivery.objects.filter(notice__user=row.pk, notice__kind=TRIAL, channel=channel)
    if tried.filter(notice__created_at__gt=just_now).exists():
        raise Refused("tried_just_now", "刚刚发过，请一分钟后再试。")
    notice = Notice.objects.create(user_id=row.pk, kind=TRIAL, link="/my/notices")
    deliveries.plan_trial(notice.pk, channel)
    events.publish(NoticeCreated(notice.pk, TRIAL), Audience(user_ids=(row.pk,)))
