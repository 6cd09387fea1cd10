"""Stating which days are worked: the shipped table at first, the official notice when it comes."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.calendars.declare import DeclaredDay
from yiwang.core.calendars.events import CalendarChanged
from yiwang.core.calendars.models import Calendar, CalendarDay
from yiwang.core.errors import Invalid, NotFound
from yiwang.core.events import actions as events

MOST_DAYS = 400


@transaction.atomic
def declare_days(actor: Actor, key: str, days: Iterable[DeclaredDay], *, source: str) -> int:
    """State days as the official notice does; returns how many rows changed.

    Every other provisional day of the same years is official from now on: the notice names the exceptions only.
    Publishes `calendar.changed` when a day counts differently than before, and records `calendars.declare_days`.
    Raises: NotFound `calendar_missing`; Invalid `no_days`, `too_many_days`, `day_twice`.
    """
    given = list(days)
    stated = {day.on: day for day in given}
    _check(given, stated)
    calendar = Calendar.objects.select_for_update().filter(key=key).first()
    if calendar is None:
        raise NotFound("calendar_missing", "没有这个工作日历。", calendar=key)
    changed = _changed(calendar, stated.values())
    store_days(calendar, stated.values(), source)
    years = {on.year for on in stated}
    calendar.days.filter(provisional=True, on__year__in=years).update(provisional=False, source=source)
    audit.record(
        actor,
        action="calendars.declare_days",
        object_type="calendar",
        object_id=key,
        before=None,
        after={"source": source, "days": {str(on): day.is_workday for on, day in sorted(stated.items())}},
    )
    announce(calendar, changed)
    return len(stated)


def store_days(calendar: Calendar, days: Iterable[DeclaredDay], source: str) -> None:
    """Write days over those that are there, and raise the calendar's version; the caller holds its lock."""
    rows = [
        CalendarDay(
            calendar=calendar,
            on=day.on,
            is_workday=day.is_workday,
            kind=day.kind,
            name=day.name,
            name_en=day.name_en,
            provisional=day.provisional,
            source=source,
        )
        for day in days
    ]
    CalendarDay.objects.bulk_create(
        rows,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["calendar", "on"],
        update_fields=["is_workday", "kind", "name", "name_en", "provisional", "source"],
    )
    calendar.version += 1
    calendar.save(update_fields=["version"])


def announce(calendar: Calendar, changed: Iterable[date]) -> None:
    """Tell the other rooms which days count differently; nothing when none does."""
    if days := sorted(changed):
        events.publish(CalendarChanged(calendar=calendar.key, first_on=days[0], last_on=days[-1]))


def _check(given: list[DeclaredDay], stated: dict[date, DeclaredDay]) -> None:
    if not given:
        raise Invalid("no_days", "请至少列出一天。", field="days")
    if len(given) > MOST_DAYS:
        raise Invalid("too_many_days", f"一次最多 {MOST_DAYS} 天。", field="days", limit=MOST_DAYS)
    if len(stated) < len(given):
        raise Invalid("day_twice", "有日期重复。", field="days")


def _changed(calendar: Calendar, days: Iterable[DeclaredDay]) -> list[date]:
    known = dict(calendar.days.values_list("on", "is_workday"))
    by_weekday = {day.on: day.on.weekday() < 5 for day in days}
    return [day.on for day in days if known.get(day.on, by_weekday[day.on]) != day.is_workday]
