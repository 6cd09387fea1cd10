"""Decisions about signing in, pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# Level-3 protection practice (GB/T 22239-2019, 8.1.4.1 b asks for a limit on failed tries; the numbers are ours).
MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a name stands before the next try: locked until a moment, or with tries left."""

    locked_until: datetime | None
    tries_left: int


def standing(failures: Sequence[datetime], now: datetime) -> Standing:
    """From the failed tries since the last success, newest first: five within fifteen minutes lock the name.

    The lock runs from the newest failure. Tries made while locked are not recorded, so a lock ends by itself.
    """
    recent = [at for at in failures if at > now - LOCKED_FOR]
    if len(recent) >= MOST_FAILURES:
        return Standing(locked_until=recent[0] + LOCKED_FOR, tries_left=0)
    return Standing(locked_until=None, tries_left=MOST_FAILURES - len(recent))
