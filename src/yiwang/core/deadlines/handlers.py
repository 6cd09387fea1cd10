"""What this room does when days are worked that were not, or at other hours."""

from datetime import datetime, time, timedelta

from yiwang.core.calendars.events import CalendarChanged
from yiwang.core.calendars.rules import ZONE
from yiwang.core.deadlines.tasks import count_again
from yiwang.core.events.declare import handles

# A limit that another transaction began by the old calendar may not be there yet when the first job looks.
LOOK_AGAIN = timedelta(minutes=2)


@handles(CalendarChanged)
def have_limits_counted_again(event: CalendarChanged) -> None:
    """Every running limit that began before the end of the changed days may be due at another time."""
    end = datetime.combine(event.last_on + timedelta(days=1), time(), ZONE)
    arguments = {"calendar": event.calendar, "started_before": end.isoformat()}
    count_again.defer(**arguments)
    count_again.configure(schedule_in={"seconds": LOOK_AGAIN.total_seconds()}).defer(**arguments)
