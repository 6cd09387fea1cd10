"""Working calendars as the pure value that `rules` reckon with, and as screens show them."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Case, QuerySet, When

from yiwang.core.calendars.declare import SATURDAY
from yiwang.core.calendars.models import DEFAULT_KEY, Calendar, CalendarDay
from yiwang.core.calendars.rules import WorkCalendar, work_calendar
from yiwang.core.errors import NotFound
from yiwang.core.prepared import Prepared

# By key: the row and version that were read, and what they gave.
_kept: dict[str, tuple[tuple[int, int], WorkCalendar]] = {}
# Read at every step of every case.
ROW = Prepared(lambda key: Calendar.objects.filter(key=key), "\uffff")
EXCEPTIONAL = (CalendarDay.Kind.PUBLIC_HOLIDAY, CalendarDay.Kind.ADJUSTED_WORKDAY)


def default_calendar() -> WorkCalendar:
    """The district's own calendar; a unit's is `accounts.queries.calendar_key_of`. Raises: NotFound."""
    return calendar_by_key(DEFAULT_KEY)


def calendar_by_key(key: str) -> WorkCalendar:
    """One calendar, from this process's memory while its version holds. Raises: NotFound `calendar_missing`.

    Costs one small query; the days are read again only when the version has changed.
    """
    row = ROW.first(key)
    if row is None:
        raise NotFound("calendar_missing", "没有这个工作日历，请先载入初始数据。", calendar=key)
    version = (row.pk, row.version)
    kept_version, kept = _kept.get(key, (None, None))
    if kept is None or kept_version != version:
        kept = _read(Calendar.objects.select_related("base").get(key=key))
        _kept[key] = (version, kept)
    return kept


def calendar_exists(key: str) -> bool:
    """Whether there is a calendar of this key."""
    return Calendar.objects.filter(key=key).exists()


def _read(calendar: Calendar) -> WorkCalendar:
    rows = _layers(calendar).values_list("on", "is_workday", "provisional")
    days = {on: (is_workday, provisional) for on, is_workday, provisional in rows}
    provisional_years = {on.year for on, (_, provisional) in days.items() if provisional}
    worked = {on: is_workday for on, (is_workday, _) in days.items()}
    return work_calendar(calendar.spans, worked, provisional_years)


def _layers(calendar: Calendar) -> QuerySet[CalendarDay]:
    """The days of a calendar and its base, each one that counts after those that it overrides."""
    known = [pk for pk in (calendar.base_id, calendar.pk) if pk is not None]
    is_own = Case(When(calendar=calendar, then=1), default=0)
    return CalendarDay.objects.filter(calendar_id__in=known).order_by(is_own, "is_local")


def calendars() -> list[dict[str, Any]]:
    """All calendars, the default one first, then by key. Four queries however many there are."""
    rows = list(Calendar.objects.select_related("base").order_by("key"))
    vague: dict[int, set[int]] = {}
    found = CalendarDay.objects.filter(provisional=True).values_list("calendar_id", "on__year").distinct()
    for calendar_id, year in found:
        vague.setdefault(calendar_id, set()).add(year)
    last = dict(
        CalendarDay.objects.filter(provisional=False)
        .order_by("calendar_id", "-on")
        .distinct("calendar_id")
        .values_list("calendar_id", "on__year")
    )
    rows.sort(key=lambda row: row.key != DEFAULT_KEY)
    return [
        {
            **_head(row),
            "provisional_years": sorted(vague.get(row.base_id or row.pk, set())),
            "official_until": last.get(row.base_id or row.pk),
        }
        for row in rows
    ]


def calendar_year(key: str, year: int) -> dict[str, Any]:
    """A calendar with the exceptional days of one year, as the console shows it. Raises: NotFound."""
    calendar = Calendar.objects.select_related("base").filter(key=key).first()
    if calendar is None:
        raise NotFound("calendar_missing", "没有这个工作日历。", calendar=key)
    days = {day.on: day for day in _layers(calendar).filter(on__year=year)}
    return {
        **_head(calendar),
        "year": year,
        "provisional": not days or any(day.provisional for day in days.values()),
        "days": [_day(days[on]) for on in sorted(days) if days[on].is_local or days[on].kind in EXCEPTIONAL],
    }


def _head(calendar: Calendar) -> dict[str, Any]:
    return {
        "key": calendar.key,
        "name": {"zh": calendar.name, "en": calendar.name_en},
        "spans": calendar.spans,
        "version": calendar.version,
        "base": calendar.base.key if calendar.base else None,
    }


def _day(day: CalendarDay) -> dict[str, Any]:
    return {
        "on": day.on,
        "is_workday": day.is_workday,
        "kind": day.kind,
        "name": {"zh": day.name, "en": day.name_en or day.name},
        "source": day.source,
        "is_local": day.is_local,
    }


def worked_days(calendar: Calendar, first: date, last: date) -> dict[date, bool]:
    """Which days from `first` to `last` are worked, one by one."""
    stated = dict(_layers(calendar).filter(on__range=(first, last)).values_list("on", "is_workday"))
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return {on: stated.get(on, on.weekday() < SATURDAY) for on in days}
