"""Positions whose time is over, and partitions for days to come."""

from datetime import datetime, time, timedelta

from django.db import transaction

from yiwang.core import clock
from yiwang.core.actor import system
from yiwang.core.audit import actions as audit
from yiwang.core.parameters import queries as parameters
from yiwang.sensing.fleet import partitions
from yiwang.sensing.fleet.models import LastPosition
from yiwang.sensing.fleet.parameters import KEEP

AHEAD = 3


@transaction.atomic
def turn_over() -> dict[str, int]:
    """Make the partitions of the next days, drop those that are past their time, and last positions as old; how many
    of each. What is dropped is on the record.
    """
    today = clock.today()
    made = partitions.ensure([today + timedelta(days=n) for n in range(AHEAD + 1)])
    first = today - timedelta(days=parameters.number(KEEP))
    dropped = partitions.drop_before(first)
    old = LastPosition.objects.filter(at__lt=datetime.combine(first, time(), clock.LOCAL))
    last, _ = old.delete()
    if dropped or last:
        audit.record(
            system("schedule"),
            action="fleet.forget_positions",
            object_type="retention",
            object_id=today.isoformat(),
            before=None,
            after={"days": dropped, "last": last},
        )
    return {"made": made, "dropped": dropped, "last": last}
