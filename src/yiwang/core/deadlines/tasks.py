"""Counting again in the background."""

from datetime import datetime

from django.db import transaction

from yiwang.core.deadlines import recount
from yiwang.core.jobs.declare import task

# So many batches in one job; then the rest is deferred, so that a job that is cut off has little to do again.
BATCHES = 20


@task()
def count_again(calendar: str, started_before: str, after_id: int = 0) -> int:
    """Count the running limits of a calendar again (`started_before`: ISO, aware); returns the batches done."""
    before, last = datetime.fromisoformat(started_before), after_id
    for done in range(BATCHES):
        with transaction.atomic():
            found = recount.count_again(calendar, started_before=before, after_id=last)
            if found is None:
                return done + 1
            last = found
            if done == BATCHES - 1:
                count_again.defer(calendar=calendar, started_before=started_before, after_id=last)
    return BATCHES
