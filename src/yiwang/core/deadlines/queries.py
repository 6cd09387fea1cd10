"""What runs, what is due next, what could not fire."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Min, QuerySet

from yiwang.core import clock
from yiwang.core.deadlines.models import Deadline, StuckMark


@dataclass(frozen=True, slots=True)
class State:
    """Limits that run; marks overdue to fire, the oldest one's time (None: none waits); marks that are stuck."""

    running: int
    waiting: int
    oldest_at: datetime | None
    retried: int
    stuck: int


def of_owners(owner_kind: str, owner_ids: Iterable[UUID], *, locked: bool = False) -> QuerySet[Deadline]:
    """The deadlines of these owners, oldest first; `locked`: until the transaction ends, to be changed."""
    rows = Deadline.objects.filter(owner_kind=owner_kind, owner_id__in=list(owner_ids)).order_by("id")
    return rows.select_for_update() if locked else rows


def next_due_at() -> datetime | None:
    """When the next mark fires; None when nothing runs towards one."""
    found: datetime | None = Deadline.objects.filter(next_at__isnull=False).aggregate(at=Min("next_at"))["at"]
    return found


def state() -> State:
    """How the limits stand, for the command and for health checks."""
    overdue = Deadline.objects.filter(next_at__lte=clock.now())
    return State(
        running=Deadline.objects.filter(stopped_at__isnull=True).count(),
        waiting=overdue.count(),
        oldest_at=overdue.aggregate(at=Min("next_at"))["at"],
        retried=Deadline.objects.filter(next_at__isnull=False, attempts__gt=0).count(),
        stuck=open_stuck().count(),
    )


def open_stuck() -> QuerySet[StuckMark]:
    """Marks that could not fire and were not fired again since, oldest first, each with its deadline."""
    return StuckMark.objects.filter(settled_at__isnull=True).select_related("deadline").order_by("id")
