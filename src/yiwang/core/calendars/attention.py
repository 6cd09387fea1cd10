"""What may want attention in the working calendars."""

from collections.abc import Iterator

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.calendars.setup import missing_notices
from yiwang.core.setup import Attention, Item


def notices(actor: Actor) -> Iterator[Item]:
    """Official notices that are due and not loaded; this year's urgently."""
    years = missing_notices()
    urgent = clock.today().year in years
    yield Item("calendars.notices", len(years), "/admin/calendars", urgent, {"years": years})


ATTENTION = (Attention("calendars.edit_calendar", notices),)
