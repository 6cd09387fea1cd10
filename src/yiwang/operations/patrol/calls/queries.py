"""The reads of calls."""

from collections.abc import Iterable
from uuid import UUID

from yiwang.core.actor import Actor
from yiwang.core.http.paging import Page, page
from yiwang.operations.patrol import access
from yiwang.operations.patrol.models import Call, Called


def list_page(actor: Actor, *, open_only: bool, after: str | None, limit: int) -> Page[Call]:
    """A page of calls, the newest first."""
    rows = access.calls_for(actor)
    if open_only:
        rows = rows.filter(ended_at__isnull=True)
    return page(rows, keys=("-called_at", "-id"), after=after, limit=limit)


def called(calls: Iterable[Call]) -> dict[UUID, list[Called]]:
    """Who was called, by call, the nearest first; one query."""
    found: dict[UUID, list[Called]] = {one.pk: [] for one in calls}
    for row in Called.objects.filter(call__in=found).select_related("user").order_by("distance_m", "id"):
        found[row.call_id].append(row)
    return found


def open_for(actor: Actor) -> list[Call]:
    """The calls that run and to which the actor was called."""
    mine = Call.objects.filter(people__user=actor.user_id, ended_at__isnull=True)
    return list(mine.select_related("unit", "case").order_by("-called_at"))
