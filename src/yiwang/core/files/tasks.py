"""Sweeping, by the hour and by the day."""

from yiwang.core.files import sweeping
from yiwang.core.jobs.declare import periodic


@periodic("29 * * * *")
def forget_unclaimed_files() -> int:
    """Cut-off uploads and files that nobody claimed."""
    return sweeping.forget_drafts() + sweeping.forget_unclaimed()


@periodic("53 19 * * *")
def forget_orphaned_content() -> int:
    """Content without a file; a walk over the whole store, so once in the night."""
    return sweeping.forget_orphans()
