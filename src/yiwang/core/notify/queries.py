"""A person's notices."""

from django.db.models import Count as SQLCount
from django.db.models import QuerySet

from yiwang.core.actor import Actor
from yiwang.core.http.paging import Count, Page, count, page
from yiwang.core.notify.models import Delivery, Notice


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


def dead_deliveries() -> QuerySet[Delivery]:
    """What could not be sent out, latest first, each with its notice."""
    return Delivery.objects.filter(state=Delivery.State.DEAD).select_related("notice").order_by("-id")


def dead_deliveries_count() -> int:
    """How many notices could not be sent out and wait for a person's decision."""
    return Delivery.objects.filter(state=Delivery.State.DEAD).count()
