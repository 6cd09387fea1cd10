"""Sweeping, by the hour."""

from yiwang.core.drafts import actions
from yiwang.core.jobs.declare import periodic


@periodic("37 * * * *")
def forget_old_drafts() -> int:
    """Drafts that nobody touched for a month."""
    return actions.forget_old()
