"""What may want attention among notices on their way out."""

from collections.abc import Iterator

from yiwang.core.actor import Actor
from yiwang.core.notify import queries
from yiwang.core.setup import Attention, Item


def dead(actor: Actor) -> Iterator[Item]:
    """Messages that could not be sent, or of which nobody knows."""
    yield Item("notify.dead", queries.dead_deliveries().count(), "/system/health")


ATTENTION = (Attention("system.view_state", dead),)
