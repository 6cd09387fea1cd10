"""Working calendars over HTTP."""

from typing import Annotated

from pydantic import Field

from yiwang.core.calendars import actions, queries
from yiwang.core.calendars.declare import DeclaredDay
from yiwang.core.calendars.schemas import CalendarOut, NoticeIn
from yiwang.core.http.routes import SIGNED_IN, ActingRequest, Router

router = Router(tags=["calendars"])

Key = Annotated[str, Field(max_length=40)]
Year = Annotated[int, Field(ge=2000, le=2100)]


@router.get("/calendars/{key}", permission=SIGNED_IN, response=CalendarOut)
def get_calendar(request: ActingRequest, key: Key, year: Year) -> object:
    """Working time and the exceptional days of a year."""
    return queries.calendar_year(key, year)


@router.post("/calendars/{key}/notices", permission="calendars.edit_calendar", response=CalendarOut)
def declare_days(request: ActingRequest, payload: NoticeIn, key: Key) -> object:
    """Load an official holiday notice; other rooms hear which days count differently now."""
    days = [DeclaredDay(day.on, day.is_workday, day.name, day.name_en) for day in payload.days]
    actions.declare_days(request.actor, key, days, source=payload.source)
    return queries.calendar_year(key, payload.days[0].on.year)
