"""What this room does when units change: a successor has the views that were shared in a unit."""

from yiwang.core.accounts.events import UnitClosed, UnitMerged
from yiwang.core.bookmarks import actions
from yiwang.core.events.declare import handles


@handles(UnitMerged)
def hand_views_over_after_merger(event: UnitMerged) -> None:
    """They are shared in the unit that it has become part of."""
    actions.hand_over(event.unit_id, event.successor_id)


@handles(UnitClosed)
def hand_views_over_after_closing(event: UnitClosed) -> None:
    """They are shared in the successor; without one they stay with the unit that is no more."""
    if event.successor_id is not None:
        actions.hand_over(event.unit_id, event.successor_id)
