"""First data of this room: the default calendar with the official days of every known year.

The days come from the library `chinesecalendar`, which carries the State Council's yearly holiday notices. The
year after the last notice is filled by weekday and marked provisional.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import chinese_calendar
from chinese_calendar.constants import holidays, workdays
from django.db import transaction

from yiwang.core.calendars import actions
from yiwang.core.calendars.declare import SATURDAY, DeclaredDay
from yiwang.core.calendars.models import DEFAULT_KEY, Calendar

OFFICE_HOURS = [["08:00", "12:00"], ["14:00", "18:00"]]
OFFICIAL_SOURCE = "国务院办公厅年度节假日安排（chinesecalendar）"
BY_WEEKDAY_SOURCE = "放假安排未公布，暂按周末推算"


@transaction.atomic
def load() -> dict[str, int]:
    """Fill in the default calendar; again changes nothing.

    A provisional day gives way to the official one of a newer library; a day that was declared is left alone.
    """
    calendar, made = Calendar.objects.select_for_update().get_or_create(
        key=DEFAULT_KEY,
        defaults={"name": "默认工作日历", "name_en": "Default calendar", "spans": OFFICE_HOURS},
    )
    known = {
        on: (worked, vague)
        for on, worked, vague in calendar.days.filter(is_local=False).values_list(
            "on", "is_workday", "provisional"
        )
    }
    official = [day for day in official_days() if known.get(day.on, (None, True))[1]]
    provisional = [day for day in provisional_days() if day.on not in known]
    if official:
        actions.store_days(calendar, official, OFFICIAL_SOURCE)
    if provisional:
        actions.store_days(calendar, provisional, BY_WEEKDAY_SOURCE)
    actions.announce(calendar, [d.on for d in official if d.on in known and known[d.on][0] != d.is_workday])
    return {"calendars": int(made), "calendar_days": len(official) + len(provisional)}


def official_days() -> Iterator[DeclaredDay]:
    """Every day of the years whose notice the library knows."""
    return map(_official_day, _year_days(min(holidays).year, max(holidays).year))


def provisional_days() -> Iterator[DeclaredDay]:
    """Every day of the year that follows them, by weekday."""
    year = max(holidays).year + 1
    return (DeclaredDay(day, day.weekday() < SATURDAY, provisional=True) for day in _year_days(year, year))


def _year_days(first: int, last: int) -> Iterator[date]:
    start, end = date(first, 1, 1), date(last + 1, 1, 1)
    return (start + timedelta(days=index) for index in range((end - start).days))


def _official_day(day: date) -> DeclaredDay:
    is_workday = bool(chinese_calendar.is_workday(day))
    festival = workdays.get(day) if is_workday else holidays.get(day)
    if festival is None:
        return DeclaredDay(day, is_workday)
    holiday = chinese_calendar.Holiday(festival)
    return DeclaredDay(day, is_workday, name=holiday.chinese, name_en=holiday.value)
