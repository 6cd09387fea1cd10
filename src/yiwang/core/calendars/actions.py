"""Stating which days are worked, and at which hours: the shipped table at first, the official notice when it comes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.calendars import queries
from yiwang.core.calendars.declare import SATURDAY, DeclaredDay
from yiwang.core.calendars.events import CalendarChanged
from yiwang.core.calendars.models import Calendar, CalendarDay
from yiwang.core.calendars.notice import Notice
from yiwang.core.calendars.rules import work_calendar
from yiwang.core.errors import Conflict, Invalid, NotFound
from yiwang.core.events import actions as events

MOST_DAYS = 400
MOST_SPANS = 6
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True, slots=True)
class NewCalendar:
    """What a new calendar is made of; `base` is the calendar whose days it follows, "" for none."""

    key: str
    name: str
    name_en: str
    spans: list[list[str]]
    base: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a notice comes to: the days that it writes, and those that count differently then (True: worked)."""

    days: tuple[DeclaredDay, ...]
    changed: dict[date, bool]


@transaction.atomic
def create_calendar(actor: Actor, new: NewCalendar) -> None:
    """Make a calendar with hours of its own and, as a rule, the days of another one.

    Records `calendars.create_calendar`. Raises: Conflict `calendar_exists`; Invalid `spans_wrong`, `base_has_base`;
    NotFound `calendar_missing` for the base.
    """
    check_spans(new.spans)
    base = _locked(new.base) if new.base else None
    if base is not None and base.base_id is not None:
        raise Invalid("base_has_base", "请选择有自己放假安排的日历。", field="base", calendar=new.base)
    if queries.calendar_exists(new.key):
        raise Conflict("calendar_exists", "已有这个键的工作日历。", field="key", calendar=new.key)
    Calendar.objects.create(key=new.key, name=new.name, name_en=new.name_en, spans=new.spans, base=base)
    _record(actor, "create_calendar", new.key, None, {"spans": new.spans, "base": new.base or None})


@transaction.atomic
def set_spans(actor: Actor, key: str, spans: list[list[str]], *, expected_version: int | None = None) -> None:
    """Change the working hours, of all days, past ones too: running limits are counted again by them.

    Publishes `calendar.changed` over all days, records `calendars.set_spans`; the same hours again change nothing.
    Raises: NotFound `calendar_missing`; Invalid `spans_wrong`; Conflict `calendar_changed`.
    """
    check_spans(spans)
    calendar = _locked(key, expected_version)
    if calendar.spans == spans:
        return
    before = calendar.spans
    Calendar.objects.filter(pk=calendar.pk).update(spans=spans, version=F("version") + 1)
    _record(actor, "set_spans", key, {"spans": before}, {"spans": spans})
    events.publish(CalendarChanged(calendar=key, first_on=FIRST_DAY, last_on=LAST_DAY))


def notice_effect(key: str, notice: Notice, year: int) -> Effect:
    """What loading a notice for `year` would come to; nothing is changed.

    Every day of the year is stated: those that the notice does not name, by their weekday.
    Raises: NotFound `calendar_missing`; Invalid `notice_belongs_to_base` for a calendar that follows another one.
    """
    calendar = Calendar.objects.select_related("base").filter(key=key).first()
    if calendar is None:
        raise _missing(key)
    return _effect(calendar, notice, year)


@transaction.atomic
def load_notice(
    actor: Actor, key: str, notice: Notice, *, year: int, source: str, expected_version: int | None = None
) -> Effect:
    """Make the days of `year` those of the official notice; calendars that follow this one follow in this too.

    It replaces what was shipped, provisional or in an earlier notice; days that were declared locally stand.
    Publishes `calendar.changed` where days count differently, records `calendars.load_notice`.
    Raises: as `notice_effect`; Invalid `no_days`, `notice_wrong` (with each line); Conflict `calendar_changed`.
    """
    if notice.problems:
        lines = tuple(
            Invalid(problem.code, f"第 {problem.line} 行：{problem.reason}", field="text", line=problem.line)
            for problem in notice.problems
        )
        raise Invalid("notice_wrong", "放假通知有误，请按行核对。", field="text", fields=lines)
    if not notice.rows:
        raise Invalid("no_days", "没有读到任何放假或上班的日期。", field="text")
    calendar = _locked(key, expected_version)
    effect = _effect(calendar, notice, year)
    store_days(calendar, effect.days, source)
    named = {str(day.on): day.is_workday for day in notice.declared()}
    _record(actor, "load_notice", key, None, {"year": year, "source": source, "days": named})
    announce(calendar, effect.changed)
    return effect


@transaction.atomic
def declare_days(actor: Actor, key: str, days: Iterable[DeclaredDay], *, source: str) -> int:
    """State days as the official notice does; returns how many rows changed.

    Every other provisional day of the same years is official from now on: the notice names the exceptions only.
    Publishes `calendar.changed` when a day counts differently than before, and records `calendars.declare_days`.
    Raises: NotFound `calendar_missing`; Invalid `no_days`, `too_many_days`, `day_twice`.
    """
    given = list(days)
    _check([day.on for day in given])
    calendar = _locked(key)
    before = _worked(calendar, [day.on for day in given])
    store_days(calendar, given, source)
    years = {day.on.year for day in given}
    calendar.days.filter(provisional=True, on__year__in=years).update(provisional=False, source=source)
    _record(actor, "declare_days", key, None, _stated(given, source))
    announce(calendar, _changed(calendar, before))
    return len(given)


@transaction.atomic
def declare_locally(
    actor: Actor,
    key: str,
    days: Sequence[DeclaredDay],
    *,
    back: Sequence[date] = (),
    source: str,
    expected_version: int | None = None,
) -> int:
    """Rule that single days are worked or not, whatever the notice says; `back`: what was ruled no longer holds.

    Returns how many days count differently. Publishes `calendar.changed`, records `calendars.declare_locally`.
    Raises: NotFound `calendar_missing`; Invalid `no_days`, `too_many_days`, `day_twice`; Conflict `calendar_changed`.
    """
    named = [day.on for day in days] + list(back)
    _check(named)
    calendar = _locked(key, expected_version)
    before = _worked(calendar, named)
    if back:
        calendar.days.filter(is_local=True, on__in=back).delete()
    store_days(calendar, days, source, is_local=True)
    record = _stated(days, source) | {"taken_back": [str(on) for on in sorted(back)]}
    _record(actor, "declare_locally", key, None, record)
    changed = _changed(calendar, before)
    announce(calendar, changed)
    return len(changed)


def store_days(
    calendar: Calendar, days: Iterable[DeclaredDay], source: str, *, is_local: bool = False
) -> None:
    """Write days over those that are there, and raise the versions; the caller holds the calendar's lock."""
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
            is_local=is_local,
        )
        for day in days
    ]
    CalendarDay.objects.bulk_create(
        rows,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["calendar", "on", "is_local"],
        update_fields=["is_workday", "kind", "name", "name_en", "provisional", "source"],
    )
    Calendar.objects.filter(pk=calendar.pk).update(version=F("version") + 1)
    Calendar.objects.filter(base=calendar).update(version=F("version") + 1)


def announce(calendar: Calendar, changed: Iterable[date]) -> None:
    """Tell the other rooms which days count differently, here and where this one's days are followed."""
    if days := sorted(changed):
        for key in (calendar.key, *calendar.dependents.order_by("key").values_list("key", flat=True)):
            events.publish(CalendarChanged(calendar=key, first_on=days[0], last_on=days[-1]))


def check_spans(spans: Sequence[Sequence[str]]) -> None:
    """Working time within a day, in order and not overlapping. Raises Invalid `spans_wrong`."""
    try:
        if len(spans) > MOST_SPANS:
            raise ValueError(f"at most {MOST_SPANS}")
        work_calendar(spans, {})
    except (ValueError, TypeError) as error:
        raise Invalid(
            "spans_wrong",
            "工作时段须按先后排列、互不重叠，写成 08:00–12:00。",
            field="spans",
            reason=str(error),
        ) from None


def _effect(calendar: Calendar, notice: Notice, year: int) -> Effect:
    if calendar.base is not None:
        raise Invalid(
            "notice_belongs_to_base",
            f"这个日历沿用“{calendar.base.name}”的放假安排，请在那里载入通知。",
            field="key",
            calendar=calendar.base.key,
        )
    stated = {day.on: day for day in notice.declared()}
    first, last = date(year, 1, 1), date(year, 12, 31)
    for n in range((last - first).days + 1):
        on = first + timedelta(days=n)
        stated.setdefault(on, DeclaredDay(on, on.weekday() < SATURDAY))
    days = tuple(stated[on] for on in sorted(stated))
    before = queries.worked_days(calendar, days[0].on, days[-1].on)
    local = set(calendar.days.filter(is_local=True, on__in=stated).values_list("on", flat=True))
    changed = {d.on: d.is_workday for d in days if d.on not in local and before[d.on] != d.is_workday}
    return Effect(days, changed)


def _locked(key: str, expected_version: int | None = None) -> Calendar:
    calendar = Calendar.objects.select_for_update(of=("self",)).select_related("base").filter(key=key).first()
    if calendar is None:
        raise _missing(key)
    if expected_version is not None and calendar.version != expected_version:
        raise Conflict(
            "calendar_changed", "日历刚被他人修改，请核对后重试。", calendar=key, version=calendar.version
        )
    return calendar


def _missing(key: str) -> NotFound:
    return NotFound("calendar_missing", "没有这个工作日历。", calendar=key)


def _check(named: Sequence[date]) -> None:
    if not named:
        raise Invalid("no_days", "请至少列出一天。", field="days")
    if len(named) > MOST_DAYS:
        raise Invalid("too_many_days", f"一次最多 {MOST_DAYS} 天。", field="days", limit=MOST_DAYS)
    if len(set(named)) < len(named):
        raise Invalid("day_twice", "有日期重复。", field="days")


def _worked(calendar: Calendar, days: Iterable[date]) -> dict[date, bool]:
    named = set(days)
    known = queries.worked_days(calendar, min(named), max(named))
    return {on: known[on] for on in named}


def _changed(calendar: Calendar, before: dict[date, bool]) -> list[date]:
    now = _worked(calendar, before)
    return [on for on, was in before.items() if now[on] != was]


def _stated(days: Iterable[DeclaredDay], source: str) -> dict[str, Any]:
    stated = {str(day.on): day.is_workday for day in sorted(days, key=lambda day: day.on)}
    return {"source": source, "days": stated}


def _record(actor: Actor, verb: str, key: str, before: Any, after: Any) -> None:
    audit.record(
        actor,
        action=f"calendars.{verb}",
        object_type="calendar",
        object_id=key,
        before=before,
        after=after,
    )
