"""What holds for every calendar, start and limit."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.calendars import rules
from yiwang.core.calendars.rules import Light, Limit, LimitKind, Span, WorkCalendar

FIRST = date(2025, 1, 1)
WORKING = (LimitKind.WORKING_HOUR, LimitKind.WORKING_DAY)
ROUNDING = timedelta(microseconds=1)

moments = st.datetimes(datetime(2024, 6, 1), datetime(2026, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001
kinds = st.sampled_from(LimitKind)
limits = st.builds(Limit, kinds, st.decimals(Decimal("0.01"), Decimal(60), places=2))
durations = st.timedeltas(timedelta(0), timedelta(hours=400))


@st.composite
def spans(draw: st.DrawFn) -> tuple[Span, ...]:
    marks = sorted(draw(st.lists(st.integers(0, 1439), min_size=2, max_size=6, unique=True)))
    times = [time(mark // 60, mark % 60) for mark in marks]
    return tuple(Span(*pair) for pair in zip(times[::2], times[1::2], strict=False))


calendars = st.builds(WorkCalendar, spans(), st.just(FIRST), st.lists(st.booleans(), max_size=400).map(tuple))


@given(moments, limits, calendars)
def test_the_limit_is_used_up_at_the_deadline(start: datetime, limit: Limit, calendar: WorkCalendar) -> None:
    due = rules.deadline(start, limit, calendar)
    assert rules.used(start, due, limit.kind, calendar) == rules.length(limit, calendar)
    assert due > start


@given(moments, limits, calendars)
def test_the_deadline_is_the_first_such_instant(
    start: datetime, limit: Limit, calendar: WorkCalendar
) -> None:
    due = rules.deadline(start, limit, calendar)
    assert rules.used(start, due - ROUNDING, limit.kind, calendar) < rules.length(limit, calendar)


@given(moments, moments, limits, calendars)
def test_who_starts_later_is_due_no_earlier(
    one: datetime, other: datetime, limit: Limit, calendar: WorkCalendar
) -> None:
    earlier, later = sorted((one, other))
    assert rules.deadline(earlier, limit, calendar) <= rules.deadline(later, limit, calendar)


@given(moments, kinds, durations, durations, calendars)
def test_who_has_more_time_is_due_later(
    start: datetime, kind: LimitKind, base: timedelta, more: timedelta, calendar: WorkCalendar
) -> None:
    due = rules.after(start, base, kind, calendar)
    assert rules.after(start, base + more, kind, calendar) >= due
    if more:
        assert rules.after(start, base + more, kind, calendar) > due


@given(moments, st.sampled_from(WORKING), limits, calendars)
def test_working_limits_fall_due_in_working_time(
    start: datetime, kind: LimitKind, limit: Limit, calendar: WorkCalendar
) -> None:
    due = rules.deadline(start, Limit(kind, limit.amount), calendar).astimezone(rules.ZONE)
    passed = timedelta(hours=due.hour, minutes=due.minute, seconds=due.second, microseconds=due.microsecond)
    assert calendar.is_workday(due.date())
    assert any(span.start_offset < passed <= span.end_offset for span in calendar.spans)


@given(moments, moments, moments, kinds, calendars)
def test_used_time_adds_up(
    one: datetime, two: datetime, three: datetime, kind: LimitKind, calendar: WorkCalendar
) -> None:
    whole = rules.used(one, three, kind, calendar)
    assert whole == rules.used(one, two, kind, calendar) + rules.used(two, three, kind, calendar)
    assert rules.used(three, one, kind, calendar) == -whole


@given(moments, durations, durations, kinds, calendars)
def test_a_limit_may_be_counted_in_parts(
    start: datetime, first: timedelta, second: timedelta, kind: LimitKind, calendar: WorkCalendar
) -> None:
    at_once = rules.after(start, first + second, kind, calendar)
    in_parts = rules.after(rules.after(start, first, kind, calendar), second, kind, calendar)
    assert rules.used(at_once, in_parts, kind, calendar) == timedelta(0)
    if second:
        assert in_parts == at_once


@given(moments, moments, calendars)
def test_working_time_never_outruns_the_clock(one: datetime, other: datetime, calendar: WorkCalendar) -> None:
    earlier, later = sorted((one, other))
    assert timedelta(0) <= rules.used(earlier, later, LimitKind.WORKING_HOUR, calendar) <= later - earlier


@given(moments, moments, calendars)
def test_used_time_equals_a_count_day_by_day(one: datetime, other: datetime, calendar: WorkCalendar) -> None:
    earlier, later = sorted((one, other))
    counted, day = timedelta(0), earlier.astimezone(rules.ZONE).date()
    while day <= later.astimezone(rules.ZONE).date():
        midnight = datetime.combine(day, time(), rules.ZONE)
        for span in calendar.spans if calendar.is_workday(day) else ():
            begin, end = midnight + span.start_offset, midnight + span.end_offset
            counted += max(timedelta(0), min(end, later) - max(begin, earlier))
        day += timedelta(days=1)
    assert rules.used(earlier, later, LimitKind.WORKING_HOUR, calendar) == counted


@given(moments, limits, calendars)
def test_the_light_turns_at_the_warning_and_at_the_deadline(
    start: datetime, limit: Limit, calendar: WorkCalendar
) -> None:
    due = rules.deadline(start, limit, calendar)
    warning = rules.warning_at(start, due, limit.kind, calendar)

    def light(at: datetime) -> Light:
        return rules.light(rules.used_share(start, due, at, limit.kind, calendar))

    assert light(start) is Light.GREEN
    assert light(warning) is Light.GREEN
    assert light(due) is Light.YELLOW
    assert light(due + timedelta(days=3660)) is Light.RED
    assert start <= warning < due
