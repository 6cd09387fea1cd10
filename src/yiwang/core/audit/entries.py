"""An entry before it is written: who acted and when, in the transaction of the act that it tells of."""

from datetime import datetime
from typing import Any

from django.db import connection

from yiwang.core.actor import Actor
from yiwang.core.audit.models import Entry


def require_transaction() -> None:
    """Raises RuntimeError outside a transaction: an entry stands or falls with what it tells of."""
    if not connection.in_atomic_block:
        raise RuntimeError("an audit entry is written in the transaction of the act that it tells of")


def entry_of(actor: Actor, at: datetime, **what: Any) -> Entry:
    """An entry by this actor; `what` are the other columns."""
    return Entry(
        at=at,
        actor_id=actor.user_id,
        actor_name=actor.name,
        post=actor.post,
        ip=actor.ip,
        via=actor.via,
        **what,
    )
