"""Hourly work of the outbox."""

from yiwang.core.events import actions
from yiwang.core.jobs.declare import periodic


@periodic("17 * * * *")
def forget_delivered_events() -> int:
    """Clear away events that were delivered two weeks ago or longer."""
    return actions.forget_delivered()
