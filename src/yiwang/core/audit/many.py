"""Many entries at once, for acts that come by the thousand; none of them mentions a personal value."""

from collections.abc import Mapping, Sequence
from typing import Any

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.audit.entries import entry_of, require_transaction
from yiwang.core.copying import copy_in


def record_many(
    actor: Actor, *, action: str, object_type: str, acts: Sequence[tuple[str, Mapping[str, Any]]]
) -> None:
    """Append one entry for each act, an object's id and what it became, in the caller's transaction.

    Raises RuntimeError outside a transaction.
    """
    require_transaction()
    now = clock.now()
    copy_in(
        [
            entry_of(
                actor,
                now,
                action=action,
                object_type=object_type,
                object_id=object_id,
                after=dict(after),
            )
            for object_id, after in acts
        ]
    )
