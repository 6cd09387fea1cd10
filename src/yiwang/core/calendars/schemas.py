"""What this room says and hears over HTTP."""

from datetime import date
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from yiwang.core.http.schemas import Label

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
Year = Annotated[int, Field(ge=2001, le=2100)]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Spans = Annotated[
    list[Annotated[list[Clock], Field(min_length=2, max_length=2)]], Field(min_length=1, max_length=6)
]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{1,39}$")]
Source = Annotated[str, Field(min_length=2, max_length=100)]
Version = Annotated[int | None, Field(ge=0)]


class DayOut(Schema):
    """A day that is not what its weekday says, or was ruled locally: a festival, or a weekend day that is worked."""

    on: date
    is_workday: bool
    kind: str
    name: Label
    source: str
    is_local: bool


class CalendarHead(Schema):
    """A calendar: its hours, and the calendar whose days it follows, if any."""

    key: str
    name: Label
    spans: list[list[str]]
    version: int
    base: str | None


class CalendarLine(CalendarHead):
    """A calendar in the list. `provisional_years` have no official notice; `official_until` is the last with one."""

    provisional_years: list[int]
    official_until: int | None


class Calendars(Schema):
    """All calendars, the district's own first."""

    items: list[CalendarLine]


class CalendarOut(CalendarHead):
    """A calendar with the exceptional days of one year. `provisional`: no official notice yet."""

    year: int
    provisional: bool
    days: list[DayOut]


class CalendarIn(Schema):
    """A new calendar; `base` is the calendar whose days it follows, null for one that is stated from scratch."""

    key: Key
    name: str = Field(min_length=1, max_length=50)
    name_en: str = Field(min_length=1, max_length=80)
    spans: Spans
    base: str | None = Field("default", max_length=40)


class SpansIn(Schema):
    """The working hours of every working day; 00:00 as an end is midnight."""

    spans: Spans
    expected_version: Version = None


class DayIn(Schema):
    """A day as the notice states it."""

    on: Day
    is_workday: bool
    name: str = Field("", max_length=50)
    name_en: str = Field("", max_length=80)


class NoticeIn(Schema):
    """The exceptional days of an official notice, and the notice's title and number."""

    source: str = Field(min_length=2, max_length=100)
    days: list[DayIn] = Field(min_length=1, max_length=400)


class LocalDayIn(Schema):
    """A day as it is ruled here; `is_workday` null takes back what was ruled before."""

    on: Day
    is_workday: bool | None
    name: str = Field("", max_length=50)
    name_en: str = Field("", max_length=80)


class LocalDaysIn(Schema):
    """Days that count here otherwise than the notice says, and by which decision."""

    source: Source
    days: list[LocalDayIn] = Field(min_length=1, max_length=400)
    expected_version: Version = None


class NoticeRow(Schema):
    """Days from `first_on` to `last_on`, both included, `off` or `worked` in exchange; `last_on` null: one day."""

    name: str = Field("", max_length=50)
    name_en: str = Field("", max_length=80)
    first_on: Day
    last_on: Day | None = None
    kind: Literal["off", "worked"]


class NoticeTextIn(Schema):
    """An official notice: its `text` as published, or a table (name, first, last, 放假 or 上班 a line), or `rows`.

    `dry_run` reads it and says what would change.
    """

    year: Year
    source: Source
    text: str = Field("", max_length=20_000)
    rows: list[NoticeRow] = Field(default_factory=list, max_length=100)
    dry_run: bool = False
    expected_version: Version = None


class NoticeProblem(Schema):
    """What is wrong with a line of the text (or with a row), from 1."""

    line: int
    code: str
    reason: str


class ChangedDay(Schema):
    """A day that counts differently after the notice: worked then, or not."""

    on: date
    is_workday: bool


class OfficialNoticeOut(Schema):
    """The notice as it was read, what is wrong with it, and what it changes; `applied`: it holds now."""

    year: int
    rows: list[NoticeRow]
    problems: list[NoticeProblem]
    changed: list[ChangedDay]
    applied: bool
    version: int
