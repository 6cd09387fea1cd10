"""Who is on duty, and who can do what: nothing is known of it yet."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID


def on_duty(
    at: datetime, *, users: Collection[UUID] | None = None, area_code: str | None = None
) -> dict[UUID, object]:
    """Stand-in."""
    return {}


def skills_of(users: Collection[UUID] | None = None) -> dict[UUID, tuple[str, ...]]:
    """Stand-in."""
    return {}
