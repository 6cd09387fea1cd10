"""What a person may hear of."""

from yiwang.core.actor import Actor
from yiwang.core.events.queries import Change
from yiwang.core.events.rules import visible


def may_hear(actor: Actor, change: Change) -> bool:
    """Whether the actor is among the audience of a change."""
    return visible(actor, change.audience)
