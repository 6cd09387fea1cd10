"""Sweeping, by the hour and by the day."""

import time

from yiwang.core.files import resuming, sweeping
from yiwang.core.files.models import KEPT_FOR
from yiwang.core.jobs.declare import periodic


@periodic("29 * * * *")
def forget_unclaimed_files() -> int:
    """Cut-off uploads and files that nobody claimed."""
    return sweeping.forget_drafts() + sweeping.forget_unclaimed() + resuming.forget_uploads()


@periodic("53 19 * * *")
def forget_orphaned_content() -> int:
    """Content without a file; a walk over the whole store, so once in the night."""
    long_ago = time.time() - 2 * KEPT_FOR.total_seconds()
    return sweeping.forget_orphans() + resuming.forget_lost_parts(long_ago)
