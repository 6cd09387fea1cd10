"""Hourly work of this room."""

from yiwang.core.accounts.sessions import SessionStore
from yiwang.core.jobs.declare import periodic


@periodic("7 * * * *")
def forget_ended_sessions() -> None:
    """Delete sessions whose time is over."""
    SessionStore.clear_expired()
