"""When a command counts, and whether two are the same."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from yiwang.core.commands.declare import Doubt, Moment

# Networks and clocks that are set by them stay within this; more is a phone whose clock is wrong.
TOLERANCE = timedelta(minutes=2)
# What a phone may have kept; older claims are moved to this.
OLDEST = timedelta(days=7)
MOST_AT_ONCE = 50
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def skew(sent_at: datetime, received_at: datetime) -> timedelta:
    """By how much the phone's clock is behind ours, as far as the time of travel lets us know."""
    return received_at - _sane(sent_at)


def _sane(at: datetime) -> datetime:
    """A moment that can be reckoned with: phones without a battery begin in 1970, and people set odd years."""
    return min(max(at, EARLIEST), LATEST)


def moment(claimed_at: datetime, sent_at: datetime, received_at: datetime) -> Moment:
    """When a command counts, of which the phone says `claimed_at` and that it sent it at `sent_at`.

    A clock that is wrong is put right by its difference at sending; nothing lies in the future, nothing further back
    than `OLDEST`.
    """
    claimed, behind = _sane(claimed_at), skew(sent_at, received_at)
    wrong = abs(behind) > TOLERANCE
    meant = claimed + behind if wrong else claimed
    at = max(min(meant, received_at), received_at - OLDEST)
    moved = abs(at - meant) > TOLERANCE
    doubt = Doubt.BOUNDED if moved else Doubt.CLOCK if wrong else Doubt.NONE
    return Moment(occurred_at=at, received_at=received_at, claimed_at=claimed_at, doubt=doubt)


def storable(body: Mapping[str, Any]) -> Any:
    """What was sent, such that the database can keep it: a phone whose field cut a sign in half must not be stopped.

    Half of a pair that makes one sign is U+FFFD, what is no number is null.
    """
    said = json.dumps(body, ensure_ascii=False)
    whole = said.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return json.loads(whole, parse_constant=lambda _: None)


def digest(kind: str, at: datetime, body: Mapping[str, Any]) -> bytes:
    """SHA-256 of what was sent: equal for equal content, whatever the order of its fields."""
    said = json.dumps([kind, at.isoformat(), body], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(said.encode()).digest()
