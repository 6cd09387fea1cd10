"""A person's notices."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count as SQLCount
from django.db.models import QuerySet

from yiwang.core.actor import Actor
from yiwang.core.http.paging import Count, Page, count, page
from yiwang.core.masking import masked_mail, masked_phone
from yiwang.core.notify.models import Delivery, Notice, Wishes
from yiwang.core.notify.rules import MAIL, SMS


def notices_of(actor: Actor, *, unread_only: bool = False) -> QuerySet[Notice]:
    """The actor's own notices, all or the unread ones."""
    if actor.user_id is None:
        return Notice.objects.none()
    mine = Notice.objects.filter(user_id=actor.user_id)
    return mine.filter(read_at__isnull=True) if unread_only else mine


def notice_page(
    actor: Actor, *, unread_only: bool = False, after: str | None = None, limit: int = 50
) -> Page[Notice]:
    """One page of the actor's notices, newest first. Raises Invalid for a cursor of another list."""
    mine = notices_of(actor, unread_only=unread_only)
    return page(mine, keys=("-created_at", "-id"), after=after, limit=limit)


def unread_count(actor: Actor) -> Count:
    """How many notices the actor has not read, counted up to a cap."""
    return count(notices_of(actor, unread_only=True))


def deliveries_by_state() -> dict[str, int]:
    """How many notices stand where on their way out."""
    rows = Delivery.objects.order_by().values_list("state").annotate(count=SQLCount("pk"))
    return dict(rows)


@dataclass(frozen=True, slots=True)
class Which:
    """Which of those that could not be sent out: by number, by channel, for a reason; what is not given is any."""

    ids: tuple[int, ...] | None = None
    channel: str = ""
    reason: str | None = None


def dead_deliveries(which: Which | None = None) -> QuerySet[Delivery]:
    """What could not be sent out."""
    rows = Delivery.objects.filter(state=Delivery.State.DEAD)
    if which is None:
        return rows
    if which.ids is not None:
        rows = rows.filter(pk__in=which.ids)
    if which.channel:
        rows = rows.filter(channel=which.channel)
    return rows if which.reason is None else rows.filter(reason=which.reason)


@dataclass(frozen=True, slots=True)
class Dead:
    """One that could not be sent out: to whom by name, and where without its middle."""

    delivery: Delivery
    person: str
    to: str


def described(rows: list[Delivery]) -> list[Dead]:
    """What a screen may show of deliveries that come with their notice and its person. One query."""
    people = [row.notice.user_id for row in rows]
    wishes = {one.user_id: one for one in Wishes.objects.filter(user__in=people).select_related("user")}
    return [_described(row, wishes.get(row.notice.user_id)) for row in rows]


def _described(row: Delivery, wishes: Wishes | None) -> Dead:
    address = address_of(wishes or Wishes(user=row.notice.user), row.channel)
    masked = masked_mail(address) if row.channel == MAIL else masked_phone(address)
    return Dead(row, row.notice.user.name, masked)


def address_of(wishes: Wishes, channel: str) -> str:
    """Where a person is reached by a channel; empty when nowhere."""
    return wishes.user.phone if channel == SMS else str(getattr(wishes, channel))


def dead_by_reason() -> list[dict[str, Any]]:
    """How many could not be sent out by each channel for each reason, the most first."""
    rows = dead_deliveries().values("channel", "reason").annotate(count=SQLCount("pk"))
    return [dict(row) for row in rows.order_by("-count", "channel", "reason")]
