"""What this room does when a unit becomes part of another: the areas that it managed are managed by that one."""

from yiwang.city.geo.models import ManagingBody
from yiwang.core.accounts.events import UnitClosed, UnitMerged
from yiwang.core.events.declare import handles


@handles(UnitMerged)
def manage_after_merger(event: UnitMerged) -> None:
    """The successor manages."""
    ManagingBody.objects.filter(unit=event.unit_id).update(unit=event.successor_id)


@handles(UnitClosed)
def manage_after_closing(event: UnitClosed) -> None:
    """The successor manages, where there is one."""
    if event.successor_id is not None:
        ManagingBody.objects.filter(unit=event.unit_id).update(unit=event.successor_id)
