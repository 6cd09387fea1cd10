"""What this room says and hears over HTTP."""

from datetime import date
from typing import Annotated

from ninja import Schema
from pydantic import Field

from yiwang.core.http.schemas import Label

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]


class DayOut(Schema):
    """A day that is not what its weekday says: a festival, or a weekend day that is worked."""

    on: date
    is_workday: bool
    kind: str
    name: Label


class CalendarOut(Schema):
    """A calendar's working time and the exceptional days of one year. `provisional`: no official notice yet."""

    key: str
    name: Label
    spans: list[list[str]]
    version: int
    year: int
    provisional: bool
    days: list[DayOut]


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
