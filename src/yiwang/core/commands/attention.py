"""What may want attention: conflicts that nobody has seen to for a day."""

from collections.abc import Iterator
from datetime import timedelta

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.commands import access
from yiwang.core.setup import Attention, Item

LEFT_LYING = timedelta(days=1)


def left_lying(actor: Actor) -> Iterator[Item]:
    """Commands of one's people that were refused a day ago or longer, and are still in the box."""
    old = access.conflicts_for(actor, others=True).filter(received_at__lt=clock.now() - LEFT_LYING)
    yield Item("commands.left_lying", old.count(), "/field/conflicts")


ATTENTION = (Attention(access.VIEW, left_lying, everywhere=False),)
