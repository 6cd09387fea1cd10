"""The calendar that counts for a unit, as the pure value that `rules` reckon with."""

from yiwang.core.calendars.models import DEFAULT_KEY, Calendar, CalendarDay
from yiwang.core.calendars.rules import WorkCalendar, work_calendar
from yiwang.core.errors import NotFound

_kept: dict[str, tuple[int, WorkCalendar]] = {}


def calendar_for_unit(unit_id: int | None = None) -> WorkCalendar:
    """The calendar by which a unit's clocks run.

    Every unit has the default calendar so far; `unit_id` stands in the signature because limits are counted "over
    the unit's calendar", and callers shall not change when units get their own.
    Costs one small query; the days are read again only when the calendar's version has changed.
    Raises: NotFound `calendar_missing` when nothing is seeded.
    """
    return calendar_by_key(DEFAULT_KEY)


def calendar_by_key(key: str) -> WorkCalendar:
    """One calendar, from this process's memory while its version holds. Raises: NotFound `calendar_missing`."""
    version = Calendar.objects.filter(key=key).values_list("version", flat=True).first()
    if version is None:
        raise NotFound("calendar_missing", "没有这个工作日历，请先载入初始数据。", calendar=key)
    kept_version, kept = _kept.get(key, (None, None))
    if kept is None or kept_version != version:
        kept = _read(key)
        _kept[key] = (version, kept)
    return kept


def _read(key: str) -> WorkCalendar:
    calendar = Calendar.objects.get(key=key)
    rows = list(calendar.days.values_list("on", "is_workday", "provisional"))
    days = {on: is_workday for on, is_workday, _ in rows}
    return work_calendar(calendar.spans, days, {on.year for on, _, provisional in rows if provisional})


def calendar_year(key: str, year: int) -> dict[str, object]:
    """A calendar with the exceptional days of one year, as the console shows it. Raises: NotFound."""
    calendar = Calendar.objects.filter(key=key).first()
    if calendar is None:
        raise NotFound("calendar_missing", "没有这个工作日历。", calendar=key)
    days = calendar.days.filter(on__year=year).order_by("on")
    exceptions = days.filter(kind__in=[CalendarDay.Kind.PUBLIC_HOLIDAY, CalendarDay.Kind.ADJUSTED_WORKDAY])
    return {
        "key": calendar.key,
        "name": {"zh": calendar.name, "en": calendar.name_en},
        "spans": calendar.spans,
        "version": calendar.version,
        "year": year,
        "provisional": days.filter(provisional=True).exists() or not days.exists(),
        "days": [
            {
                "on": day.on,
                "is_workday": day.is_workday,
                "kind": day.kind,
                "name": {"zh": day.name, "en": day.name_en},
            }
            for day in exceptions
        ],
    }
