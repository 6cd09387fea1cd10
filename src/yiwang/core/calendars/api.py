"""Working calendars over HTTP."""

from ninja import Path, Query

from yiwang.core.calendars import actions, queries
from yiwang.core.calendars.declare import DeclaredDay
from yiwang.core.calendars.schemas import CalendarOut, NoticeIn
from yiwang.core.http.routes import SIGNED_IN, ActingRequest, Router

router = Router(tags=["calendars"])


@router.get("/calendars/{key}", permission=SIGNED_IN, response=CalendarOut)
def get_calendar(
    request: ActingRequest, year: int = Query(..., ge=2000, le=2100), key: str = Path(..., max_length=40)
) -> object:
    """Working time and the exceptional days of a year."""
    return queries.calendar_year(key, year)


@router.post("/calendars/{key}/notices", permission="calendars.edit_calendar", response=CalendarOut)
def declare_days(request: ActingRequest, payload: NoticeIn, key: str = Path(..., max_length=40)) -> object:
    """Load an official holiday notice; running deadlines over the days that change are computed again."""
    days = [DeclaredDay(day.on, day.is_workday, day.name, day.name_en) for day in payload.days]
    actions.declare_days(request.actor, key, days, source=payload.source)
    return queries.calendar_year(key, payload.days[0].on.year)
