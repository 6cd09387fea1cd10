"""What may want a leader's attention: clockings to be settled, swaps to be decided."""

from collections.abc import Iterator

from yiwang.city.duty import access
from yiwang.city.duty.models import Clocking, Swap
from yiwang.core.actor import Actor
from yiwang.core.setup import Attention, Item


def clockings(actor: Actor) -> Iterator[Item]:
    """Those that wait in the units whose attendance one settles."""
    rows = Clocking.objects.filter(access.in_scope(actor, access.REVIEW, "unit__"), state="waiting")
    yield Item("duty.clockings", rows.exclude(user=actor.user_id).count(), "/duty/attendance?state=waiting")


def swaps(actor: Actor) -> Iterator[Item]:
    """Those that both have agreed to, in the units whose rosters one makes."""
    rows = Swap.objects.filter(access.in_scope(actor, access.EDIT, "unit__"), state="agreed")
    yield Item("duty.swaps", rows.count(), "/duty/swaps?state=agreed")


ATTENTION = (
    Attention(access.REVIEW, clockings, everywhere=False),
    Attention(access.EDIT, swaps, everywhere=False),
)
