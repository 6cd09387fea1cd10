"""Many entries at once, for acts that come by the thousand; none of them mentions a personal value."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.audit.models import Entry
from yiwang.core.copying import copy_in


def record_many(
    actor: Actor, *, action: str, object_type: str, acts: Sequence[tuple[str, Mapping[str, Any]]]
) -> None:
    """Append one entry for each act, an object's id and what it became, in the caller's transaction.

    Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an audit entry is written in the transaction of the act that it tells of")
    now = clock.now()
    copy_in(
        [
            Entry(
                at=now,
                actor_id=actor.user_id,
                actor_name=actor.name,
                post=actor.post,
                ip=actor.ip,
                via=actor.via,
                action=action,
                object_type=object_type,
                object_id=object_id,
                after=dict(after),
            )
            for object_id, after in acts
        ]
    )
