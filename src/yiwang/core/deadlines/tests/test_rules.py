"""What holds for every limit, calendar and mark; and a few runs as people reckon them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.calendars.rules import (
    ZONE,
    Limit,
    LimitKind,
    NaiveTime,
    Span,
    WorkCalendar,
    deadline,
    length,
    used,
    warning_at,
    work_calendar,
)
from yiwang.core.deadlines import rules
from yiwang.core.deadlines.rules import DEFAULT_MARKS, Mark, Run

OFFICE = work_calendar((("08:00", "12:00"), ("14:00", "18:00")), {})
SHORT = work_calendar((("09:00", "12:00"), ("14:00", "18:00")), {})
LATE = (*DEFAULT_MARKS, Mark("late", Fraction(2)))

moments = st.datetimes(datetime(2024, 6, 1), datetime(2026, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001
waits = st.timedeltas(timedelta(0), timedelta(days=20))
limits = st.builds(Limit, st.sampled_from(LimitKind), st.decimals(Decimal("0.01"), Decimal(60), places=2))
marks = st.lists(st.integers(1, 300), unique=True, max_size=5).map(
    lambda shares: tuple(Mark(f"at{n}", Fraction(n, 100)) for n in sorted(shares))
)
spans = st.sampled_from(
    [
        (Span(time(8), time(12)), Span(time(14), time(18))),
        (Span(time(9), time(12)), Span(time(14), time(17, 30))),
        (Span(time(0), time(0)),),
        (Span(time(6, 1), time(6, 2)),),
    ]
)
calendars = st.builds(
    WorkCalendar, spans, st.just(date(2025, 1, 1)), st.lists(st.booleans(), max_size=200).map(tuple)
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def hours(amount: str) -> Limit:
    return Limit(LimitKind.WORKING_HOUR, Decimal(amount))


def days(amount: str) -> Limit:
    return Limit(LimitKind.WORKING_DAY, Decimal(amount))


@given(limits, marks, moments, calendars)
def test_a_limit_is_due_and_yellow_when_the_calendar_says(
    limit: Limit, marks: tuple[Mark, ...], now: datetime, calendar: WorkCalendar
) -> None:
    run = rules.begin(limit, marks, now, calendar)
    assert run.due_at == deadline(now, limit, calendar)
    assert run.warn_at == warning_at(now, run.due_at, limit.kind, calendar)
    assert rules.left(run, now, calendar) == length(limit, calendar)
    assert rules.left(run, run.due_at, calendar) == timedelta(0)


@given(limits, marks, moments, calendars)
def test_marks_stand_in_order_at_their_shares(
    limit: Limit, marks: tuple[Mark, ...], now: datetime, calendar: WorkCalendar
) -> None:
    run = rules.begin(limit, marks, now, calendar)
    assert list(run.mark_at) == sorted(run.mark_at)
    assert run.next_at == (run.mark_at[0] if marks else None)
    whole = length(limit, calendar)
    for mark, at in zip(marks, run.mark_at, strict=True):
        assert used(now, at, limit.kind, calendar) == whole * mark.percent // 100
        if mark.share == 1:
            assert at == run.due_at


@given(limits, marks, moments, st.lists(st.tuples(waits, waits), max_size=4), calendars)
def test_stopping_and_going_on_loses_nothing(
    limit: Limit,
    marks: tuple[Mark, ...],
    now: datetime,
    parts: list[tuple[timedelta, timedelta]],
    calendar: WorkCalendar,
) -> None:
    run = rules.begin(limit, marks, now, calendar)
    worked = timedelta(0)
    for ran, stood in parts:
        stop = now + ran
        worked += used(now, stop, limit.kind, calendar)
        fired = rules.passed(run.mark_at, stop)
        rest = rules.left(run, stop, calendar)
        assert rest == length(limit, calendar) - worked
        now = stop + stood
        run = rules.gone_on(replace(run, fired=fired), rest, now, calendar)
        assert run.fired == fired
        assert rules.passed(run.mark_at, now) == fired or run.mark_at[fired] > stop
        assert list(run.mark_at) == sorted(run.mark_at)
        assert run.spent + run.allowed == length(limit, calendar)
    assert rules.left(run, now, calendar) == length(limit, calendar) - worked
    if run.allowed > timedelta(0):
        assert used(now, run.due_at, limit.kind, calendar) == run.allowed
    else:
        assert run.due_at <= now


@given(limits, limits, marks, moments, waits, calendars)
def test_a_mark_fires_again_only_when_it_lies_in_the_future_again(
    limit: Limit,
    by: Limit,
    marks: tuple[Mark, ...],
    now: datetime,
    ran: timedelta,
    calendar: WorkCalendar,
) -> None:
    run = rules.begin(limit, marks, now, calendar)
    later = now + ran
    run = replace(run, fired=rules.passed(run.mark_at, later))
    longer = rules.extended(run, by, later, calendar)
    assert longer.fired <= run.fired
    assert all(at <= later for at in longer.mark_at[: longer.fired])
    assert all(at > later for at in longer.mark_at[longer.fired : run.fired])
    assert all(new >= old for new, old in zip(longer.mark_at, run.mark_at, strict=True))
    if by.kind == limit.kind:
        assert longer.allowed == run.allowed + length(by, calendar)


@given(limits, limits, marks, moments, waits, waits, calendars)
def test_counting_again_by_the_same_calendar_changes_nothing(
    limit: Limit,
    by: Limit,
    marks: tuple[Mark, ...],
    now: datetime,
    ran: timedelta,
    stood: timedelta,
    calendar: WorkCalendar,
) -> None:
    first = rules.begin(limit, marks, now, calendar)
    stop = now + ran
    on = rules.gone_on(first, rules.left(first, stop, calendar), stop + stood, calendar)
    longer = rules.extended(on, by, stop + stood, calendar)
    for run in (first, on, longer):
        at = run.started_at + ran
        known = replace(run, fired=rules.passed(run.mark_at, at))
        assert rules.counted_again(known, at, calendar) == known


@given(limits, moments, calendars, calendars)
def test_counting_again_is_what_the_new_calendar_would_have_said(
    limit: Limit, now: datetime, old: WorkCalendar, new: WorkCalendar
) -> None:
    again = rules.counted_again(rules.begin(limit, LATE, now, old), now, new)
    expected = rules.begin(limit, LATE, now, new)
    assert replace(again, day=new.day_length) == expected


@given(moments, waits, waits)
def test_a_moment_needs_no_calendar(now: datetime, ahead: timedelta, stood: timedelta) -> None:
    run = rules.moment(now + ahead, rules.AT_THE_MOMENT, now)
    assert run.due_at == run.mark_at[0] == now + ahead
    again = rules.gone_on(run, rules.left(run, now, None), now + stood, None)
    assert again.due_at == now + ahead + (stood if ahead else timedelta(0))


def test_a_moment_that_is_past_is_due_when_it_was() -> None:
    now, then = local("2025-11-03 08:00"), local("2025-11-01 08:00")
    run = rules.moment(then, (Mark("half", Fraction(1, 2)), Mark("due", Fraction(1))), now)
    assert (run.due_at, run.mark_at, run.next_at) == (then, (then, then), then)


def test_rework_goes_on_with_what_was_left() -> None:
    run = rules.begin(days("1"), LATE, local("2025-11-03 08:00"), OFFICE)
    rest = rules.left(run, local("2025-11-03 15:00"), OFFICE)
    again = rules.gone_on(run, rest, local("2025-11-06 09:00"), OFFICE)
    assert rest == timedelta(hours=3)
    assert again.warn_at == local("2025-11-06 10:24")
    assert again.mark_at == (again.warn_at, local("2025-11-06 12:00"), local("2025-11-07 12:00"))


def test_what_had_run_over_stays_due_when_it_was_and_is_late_later() -> None:
    run = replace(rules.begin(hours("4"), LATE, local("2025-11-03 08:00"), OFFICE), fired=2)
    stop, later = local("2025-11-03 16:00"), local("2025-11-05 08:00")
    rest = rules.left(run, stop, OFFICE)
    again = rules.gone_on(run, rest, later, OFFICE)
    assert rest == timedelta(hours=-2)
    assert (again.due_at, again.fired) == (local("2025-11-03 12:00"), 2)
    assert again.next_at == local("2025-11-05 10:00")
    assert rules.left(again, local("2025-11-05 09:00"), OFFICE) == timedelta(hours=-3)


def test_a_mark_that_was_reached_but_not_fired_fires_when_it_goes_on() -> None:
    run = rules.begin(hours("5"), LATE, local("2025-11-03 08:00"), OFFICE)
    rest = rules.left(run, local("2025-11-03 14:30"), OFFICE)
    again = rules.gone_on(run, rest, local("2025-11-05 08:00"), OFFICE)
    assert again.next_at == local("2025-11-03 12:00")


@pytest.mark.parametrize(
    ("own", "kind", "amount", "due"),
    [
        ("working_hour", "working_hour", "4", "2025-11-10 12:00"),
        ("working_hour", "working_day", "1", "2025-11-10 18:00"),
        ("working_hour", "urgent_hour", "24", "2025-11-07 18:00"),  # a night and a Saturday: no working time
        ("working_hour", "natural_day", "3", "2025-11-10 18:00"),
        ("urgent_hour", "working_hour", "1", "2025-11-07 17:00"),
        ("natural_day", "working_day", "1", "2026-02-27 18:00"),
    ],
)
def test_more_time_of_another_kind_is_counted_from_the_deadline_on(
    own: str, kind: str, amount: str, due: str
) -> None:
    """Begun on a Friday at 08:00, when offices open."""
    limit = Limit(LimitKind(own), Decimal({"natural_day": "112"}.get(own, "8")))
    run = rules.begin(limit, DEFAULT_MARKS, local("2025-11-07 08:00"), OFFICE)
    longer = rules.extended(run, Limit(LimitKind(kind), Decimal(amount)), run.started_at, OFFICE)
    assert longer.due_at == local(due)


def test_two_working_days_stay_two_working_days_when_the_hours_change() -> None:
    run = rules.begin(days("2"), DEFAULT_MARKS, local("2025-11-03 09:00"), OFFICE)
    again = rules.counted_again(run, run.started_at, SHORT)
    assert again.due_at == local("2025-11-04 18:00")
    back = rules.counted_again(again, run.started_at, OFFICE)
    assert back == run


def test_hours_stay_hours() -> None:
    run = rules.begin(hours("16"), DEFAULT_MARKS, local("2025-11-03 09:00"), OFFICE)
    assert rules.counted_again(run, run.started_at, SHORT).due_at == local("2025-11-05 11:00")


def test_a_holiday_put_in_later_moves_what_is_ahead() -> None:
    holiday = work_calendar((("08:00", "12:00"), ("14:00", "18:00")), {date(2025, 11, 4): False})
    run = replace(rules.begin(days("2"), DEFAULT_MARKS, local("2025-11-03 08:00"), OFFICE), fired=1)
    now = local("2025-11-04 17:00")
    again = rules.counted_again(run, now, holiday)
    assert again.due_at == local("2025-11-05 18:00")
    assert (again.mark_at[0], again.fired) == (local("2025-11-05 14:48"), 0)


def test_working_time_needs_a_calendar() -> None:
    run = rules.begin(hours("1"), (), local("2025-11-03 08:00"), OFFICE)
    with pytest.raises(ValueError, match="needs a calendar"):
        rules.left(run, run.started_at, None)


@pytest.mark.parametrize("share", [Fraction(0), Fraction(-1), Fraction(2, 3), Fraction(101)])
def test_a_mark_stands_at_a_whole_per_cent(share: Fraction) -> None:
    with pytest.raises(ValueError, match="per cent"):
        Mark("x", share)


@pytest.mark.parametrize(
    "start",
    [
        lambda now: rules.begin(hours("1"), (), now, OFFICE),
        lambda now: rules.moment(now, (), now),
    ],
)
def test_a_time_without_a_zone_is_refused(start: Callable[[datetime], Run]) -> None:
    with pytest.raises(NaiveTime):
        start(datetime(2025, 11, 3, 8))  # noqa: DTZ001


def test_marks_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="each beyond the one before"):
        rules.begin(hours("1"), tuple(reversed(LATE)), local("2025-11-03 08:00"), OFFICE)
