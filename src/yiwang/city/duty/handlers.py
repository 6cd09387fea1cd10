"""What this room does when units change: a successor has their shifts, places and coming days."""

from yiwang.city.duty import actions
from yiwang.core.accounts.events import UnitClosed, UnitMerged
from yiwang.core.events.declare import handles


@handles(UnitMerged)
def hand_rosters_over_after_merger(event: UnitMerged) -> None:
    """They are the unit's that it has become part of."""
    actions.hand_over(event.unit_id, event.successor_id)


@handles(UnitClosed)
def hand_rosters_over_after_closing(event: UnitClosed) -> None:
    """They are the successor's, where there is one."""
    if event.successor_id is not None:
        actions.hand_over(event.unit_id, event.successor_id)
