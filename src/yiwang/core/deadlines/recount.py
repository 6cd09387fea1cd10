"""Count running limits again when their calendar has changed: batch by batch, each a transaction of its own.

Counting again by the same calendar changes nothing, so it may be cut off and done again as often as need be.
"""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yiwang.core import clock
from yiwang.core.calendars import queries as calendars
from yiwang.core.calendars.rules import WorkCalendar
from yiwang.core.deadlines import rows as stored
from yiwang.core.deadlines import rules
from yiwang.core.deadlines.events import DeadlineMoved
from yiwang.core.deadlines.models import Deadline
from yiwang.core.events import actions as events

AT_ONCE = 500


@transaction.atomic
def count_again(calendar_key: str, *, started_before: datetime, after_id: int = 0) -> int | None:
    """Count the next limits on a calendar again, from `after_id` on; returns the last one's id, None at the end.

    Limits that began at or after `started_before` know nothing of the change. Publishes `deadline.moved` with the
    owners of those that moved. Raises NotFound `calendar_missing`.
    """
    calendar, now = calendars.calendar_by_key(calendar_key), clock.now()
    running = Deadline.objects.filter(
        calendar=calendar_key,
        stopped_at__isnull=True,
        pk__gt=after_id,
        started_at__lt=started_before,
        limit_kind__in=rules.WORKING_KINDS,
    )
    batch = list(running.order_by("pk").select_for_update()[:AT_ONCE])
    moved = [row for row in batch if _move(row, calendar, now)]
    stored.keep(moved)
    owners: dict[str, set[UUID]] = defaultdict(set)
    for row in moved:
        owners[row.owner_kind].add(row.owner_id)
    events.publish_many(
        (DeadlineMoved(kind, tuple(sorted(ids))), events.NOBODY) for kind, ids in sorted(owners.items())
    )
    return batch[-1].pk if len(batch) == AT_ONCE else None


def _move(row: Deadline, calendar: WorkCalendar, now: datetime) -> bool:
    """Count one again; whether anything of it has changed."""
    before = stored.run_of(row)
    after = rules.counted_again(before, now, calendar)
    if after == before:
        return False
    stored.write(row, after)
    row.reached = rules.passed(after.mark_at, now)
    return True
