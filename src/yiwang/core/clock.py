"""The one clock: every room asks here for the present moment, so that time can be held still."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")

_held: ContextVar[datetime | None] = ContextVar("held_clock", default=None)


def now() -> datetime:
    """The present moment, aware, UTC; the held moment inside `frozen`."""
    return _held.get() or datetime.now(UTC)


def today() -> date:
    """Today in the district."""
    return now().astimezone(LOCAL).date()


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock at `at` (aware) for the code inside: replays of the past, and tests."""
    if at.tzinfo is None:
        raise ValueError("the clock is held at an aware time only")
    token = _held.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _held.reset(token)
