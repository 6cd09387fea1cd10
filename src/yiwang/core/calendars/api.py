"""Working calendars over HTTP."""

from typing import Annotated, Any

from ninja import Status
from pydantic import Field

from yiwang.core.calendars import actions, notice, queries
from yiwang.core.calendars.declare import DeclaredDay
from yiwang.core.calendars.schemas import (
    CalendarIn,
    CalendarOut,
    Calendars,
    LocalDaysIn,
    NoticeIn,
    NoticeTextIn,
    OfficialNoticeOut,
    SpansIn,
)
from yiwang.core.clock import today
from yiwang.core.http.routes import SIGNED_IN, ActingRequest, Everywhere, Router

router = Router(tags=["calendars"])

# A calendar is the whole district's; which one a unit has is set for a part, too (core.accounts).
EDIT = Everywhere("calendars.edit_calendar")
Key = Annotated[str, Field(max_length=40)]
Year = Annotated[int, Field(ge=2000, le=2100)]


@router.get("/calendars", permission=SIGNED_IN, response=Calendars)
def list_calendars(request: ActingRequest) -> object:
    """All working calendars, and which of their years are provisional."""
    return {"items": queries.calendars()}


@router.post("/calendars", permission=EDIT, response={201: CalendarOut})
def create_calendar(request: ActingRequest, payload: CalendarIn) -> object:
    """Make a calendar with hours of its own, for units that work at other hours."""
    fields = payload.dict()
    actions.create_calendar(request.actor, actions.NewCalendar(**fields | {"base": payload.base or ""}))
    return Status(201, queries.calendar_year(payload.key, today().year))


@router.get("/calendars/{key}", permission=SIGNED_IN, response=CalendarOut)
def get_calendar(request: ActingRequest, key: Key, year: Year) -> object:
    """Working time and the exceptional days of a year."""
    return queries.calendar_year(key, year)


@router.put("/calendars/{key}/spans", permission=EDIT, response=CalendarOut)
def set_spans(request: ActingRequest, payload: SpansIn, key: Key) -> object:
    """Change the working hours; running limits are counted again from their start."""
    actions.set_spans(request.actor, key, payload.spans, expected_version=payload.expected_version)
    return queries.calendar_year(key, today().year)


@router.post("/calendars/{key}/days", permission=EDIT, response=CalendarOut)
def declare_days_locally(request: ActingRequest, payload: LocalDaysIn, key: Key) -> object:
    """Rule that single days are worked or not, or take that back."""
    actions.declare_locally(
        request.actor,
        key,
        [
            DeclaredDay(day.on, day.is_workday, day.name, day.name_en)
            for day in payload.days
            if day.is_workday is not None
        ],
        back=[day.on for day in payload.days if day.is_workday is None],
        source=payload.source,
        expected_version=payload.expected_version,
    )
    return queries.calendar_year(key, payload.days[0].on.year)


@router.post("/calendars/{key}/notice", permission=EDIT, response=OfficialNoticeOut)
def load_notice(request: ActingRequest, payload: NoticeTextIn, key: Key) -> object:
    """Read an official notice and make its days those of the year; with `dry_run` only say what that would change."""
    found = read_notice(payload)
    if payload.dry_run:
        effect = actions.notice_effect(key, found, payload.year)
    else:
        effect = actions.load_notice(
            request.actor,
            key,
            found,
            year=payload.year,
            source=payload.source,
            expected_version=payload.expected_version,
        )
    return {
        "year": payload.year,
        "rows": [row_out(row) for row in found.rows],
        "problems": [problem_out(problem) for problem in found.problems],
        "changed": [{"on": on, "is_workday": worked} for on, worked in sorted(effect.changed.items())],
        "applied": not payload.dry_run,
        "version": queries.calendar_year(key, payload.year)["version"],
    }


@router.post("/calendars/{key}/notices", permission=EDIT, response=CalendarOut)
def declare_days(request: ActingRequest, payload: NoticeIn, key: Key) -> object:
    """State the exceptional days of an official notice one by one."""
    days = [DeclaredDay(day.on, day.is_workday, day.name, day.name_en) for day in payload.days]
    actions.declare_days(request.actor, key, days, source=payload.source)
    return queries.calendar_year(key, payload.days[0].on.year)


def read_notice(payload: NoticeTextIn) -> notice.Notice:
    """The notice in the text, or in the rows where there are any."""
    if not payload.rows:
        return notice.read(payload.text, payload.year)
    rows = tuple(
        notice.Row(
            row.name,
            row.first_on,
            row.last_on or row.first_on,
            row.kind == "worked",
            row.name_en or notice.english(row.name),
        )
        for row in payload.rows
    )
    return notice.Notice(rows, tuple(notice.check(rows, payload.year)))


def row_out(row: notice.Row) -> dict[str, Any]:
    """A row on the wire."""
    kind = "worked" if row.is_workday else "off"
    return {
        "name": row.name,
        "name_en": row.name_en,
        "first_on": row.first_on,
        "last_on": row.last_on,
        "kind": kind,
    }


def problem_out(problem: notice.Problem) -> dict[str, Any]:
    """A problem on the wire."""
    return {"line": problem.line, "code": problem.code, "reason": problem.reason}
