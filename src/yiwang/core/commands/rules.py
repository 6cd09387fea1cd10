"""When a command counts, and whether two are the same."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from yiwang.core.commands.declare import Doubt, Moment

# Networks and clocks that are set by them stay within this; more is a phone whose clock is wrong.
TOLERANCE = timedelta(minutes=2)
# What a phone may have kept; older claims are moved to this.
OLDEST = timedelta(days=7)
MOST_AT_ONCE = 50


def skew(sent_at: datetime, received_at: datetime) -> timedelta:
    """By how much the phone's clock is behind ours, as far as the time of travel lets us know."""
    return received_at - sent_at


def moment(claimed_at: datetime, sent_at: datetime, received_at: datetime) -> Moment:
    """When a command counts, of which the phone says `claimed_at` and that it sent it at `sent_at`.

    A clock that is wrong is put right by its difference at sending; nothing lies in the future, nothing further back
    than `OLDEST`.
    """
    behind = skew(sent_at, received_at)
    wrong = abs(behind) > TOLERANCE
    meant = claimed_at + behind if wrong else claimed_at
    at = max(min(meant, received_at), received_at - OLDEST)
    moved = abs(at - meant) > TOLERANCE
    doubt = Doubt.BOUNDED if moved else Doubt.CLOCK if wrong else Doubt.NONE
    return Moment(occurred_at=at, received_at=received_at, claimed_at=claimed_at, doubt=doubt)


def digest(kind: str, at: datetime, body: Mapping[str, Any]) -> bytes:
    """SHA-256 of what was sent: equal for equal content, whatever the order of its fields."""
    said = json.dumps([kind, at.isoformat(), body], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(said.encode()).digest()
