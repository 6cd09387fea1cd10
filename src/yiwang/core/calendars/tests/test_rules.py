"""Working time as people state it: fixed examples on the calendar of 2025 and 2026."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from yiwang.core.calendars import rules
from yiwang.core.calendars.rules import Light, Limit, LimitKind, work_calendar

OFFICE = (("08:00", "12:00"), ("14:00", "18:00"))
# National Day 2025: 1 to 8 October off; 28 September and 11 October, a Sunday and a Saturday, worked instead.
NATIONAL_DAY = {date(2025, 10, day): False for day in range(1, 9)} | {
    date(2025, 9, 28): True,
    date(2025, 10, 11): True,
}
CALENDAR = work_calendar(OFFICE, NATIONAL_DAY, provisional=[2027])


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=rules.ZONE)


@pytest.mark.parametrize(
    ("start", "kind", "amount", "due"),
    [
        ("2025-11-03 09:00", "urgent_hour", "2", "2025-11-03 11:00"),
        ("2025-11-03 23:30", "urgent_hour", "2", "2025-11-04 01:30"),
        ("2025-10-01 03:00", "urgent_hour", "48", "2025-10-03 03:00"),
        ("2025-11-03 09:00", "working_hour", "2", "2025-11-03 11:00"),
        ("2025-11-03 11:00", "working_hour", "2", "2025-11-03 15:00"),
        ("2025-11-03 16:00", "working_hour", "4", "2025-11-04 10:00"),
        ("2025-11-03 10:00", "working_hour", "2", "2025-11-03 12:00"),
        ("2025-11-03 12:30", "working_hour", "4", "2025-11-03 18:00"),
        ("2025-11-03 19:00", "working_hour", "0.5", "2025-11-04 08:30"),
        ("2025-11-08 10:00", "working_hour", "1", "2025-11-10 09:00"),
        ("2025-11-03 09:30", "working_day", "1", "2025-11-04 09:30"),
        ("2025-11-03 08:00", "working_day", "1", "2025-11-03 18:00"),
        ("2025-11-07 17:00", "working_day", "2", "2025-11-11 17:00"),
        ("2025-09-30 15:00", "working_day", "2", "2025-10-10 15:00"),
        ("2025-09-27 10:00", "working_day", "1", "2025-09-28 18:00"),
        ("2025-11-03 09:30", "natural_day", "3", "2025-11-06 09:30"),
        ("2025-10-01 22:00", "natural_day", "1", "2025-10-02 22:00"),
    ],
)
def test_deadline(start: str, kind: str, amount: str, due: str) -> None:
    limit = Limit(LimitKind(kind), Decimal(amount))
    assert rules.deadline(local(start), limit, CALENDAR) == local(due)


def test_a_deadline_is_aware_and_in_utc() -> None:
    due = rules.deadline(local("2025-11-03 09:00"), Limit(LimitKind.WORKING_HOUR, Decimal(1)), CALENDAR)
    assert due == datetime(2025, 11, 3, 2, 0, tzinfo=UTC)
    assert due.tzinfo is UTC


def test_a_working_day_is_as_long_as_the_calendar_says() -> None:
    short = work_calendar((("09:00", "12:00"), ("14:00", "17:30")), {})
    assert short.day_length == timedelta(minutes=390)
    assert rules.length(Limit(LimitKind.WORKING_DAY, Decimal("1.5")), short) == timedelta(minutes=585)
    assert rules.length(Limit(LimitKind.WORKING_DAY, Decimal(1)), CALENDAR) == timedelta(minutes=480)
    assert rules.length(Limit(LimitKind.NATURAL_DAY, Decimal(1)), CALENDAR) == timedelta(days=1)


def test_used_minutes_counts_what_the_kind_counts() -> None:
    start, end = local("2025-09-30 17:00"), local("2025-10-09 08:30:59")
    assert rules.used_minutes(start, end, LimitKind.WORKING_HOUR, CALENDAR) == 90
    assert rules.used_minutes(start, end, LimitKind.WORKING_DAY, CALENDAR) == 90
    assert rules.used_minutes(start, end, LimitKind.URGENT_HOUR, CALENDAR) == 8 * 1440 + 930
    assert rules.used_minutes(end, start, LimitKind.WORKING_HOUR, CALENDAR) == -91


def test_remaining_turns_negative_when_overdue() -> None:
    due = local("2025-11-04 10:00")
    assert rules.remaining(local("2025-11-03 17:00"), due, LimitKind.WORKING_HOUR, CALENDAR) == timedelta(
        hours=3
    )
    assert rules.remaining(local("2025-11-04 19:00"), due, LimitKind.WORKING_HOUR, CALENDAR) == timedelta(
        hours=-6
    )
    assert rules.remaining(local("2025-11-04 19:00"), due, LimitKind.URGENT_HOUR, CALENDAR) == timedelta(
        hours=-9
    )


@pytest.mark.parametrize(
    ("share", "light"),
    [
        (Fraction(0), Light.GREEN),
        (Fraction(4, 5), Light.GREEN),
        (Fraction(800001, 1000000), Light.YELLOW),
        (Fraction(1), Light.YELLOW),
        (Fraction(1000001, 1000000), Light.RED),
    ],
)
def test_light(share: Fraction, light: Light) -> None:
    assert rules.light(share) is light


def test_used_share_follows_an_extended_deadline() -> None:
    start, at = local("2025-11-03 08:00"), local("2025-11-03 18:00")
    one_day, two_days = local("2025-11-03 18:00"), local("2025-11-04 18:00")
    assert rules.used_share(start, one_day, at, LimitKind.WORKING_DAY, CALENDAR) == 1
    assert rules.used_share(start, two_days, at, LimitKind.WORKING_DAY, CALENDAR) == Fraction(1, 2)
    assert rules.used_share(at, two_days, start, LimitKind.WORKING_DAY, CALENDAR) == 0


def test_used_share_of_a_clock_without_length_is_nothing_or_too_much() -> None:
    start = local("2025-11-03 12:30")
    due = local("2025-11-03 13:30")
    assert rules.used_share(start, due, due, LimitKind.WORKING_HOUR, CALENDAR) == 0
    late = rules.used_share(start, due, local("2025-11-03 13:31"), LimitKind.WORKING_HOUR, CALENDAR)
    assert rules.light(late) is Light.RED


def test_warning_at_is_the_last_instant_of_green() -> None:
    start, due, kind = local("2025-11-03 08:00"), local("2025-11-03 18:00"), LimitKind.WORKING_DAY
    warning = rules.warning_at(start, due, kind, CALENDAR)
    assert warning == local("2025-11-03 16:24")
    assert rules.light(rules.used_share(start, due, warning, kind, CALENDAR)) is Light.GREEN
    later = warning + timedelta(seconds=1)
    assert rules.light(rules.used_share(start, due, later, kind, CALENDAR)) is Light.YELLOW


def test_a_suspended_clock_goes_on_where_it_stood() -> None:
    start, stopped, resumed = local("2025-11-03 08:00"), local("2025-11-03 15:00"), local("2025-11-06 09:00")
    limit = rules.length(Limit(LimitKind.WORKING_DAY, Decimal(1)), CALENDAR)
    rest = limit - rules.used(start, stopped, LimitKind.WORKING_DAY, CALENDAR)
    assert rules.after(resumed, rest, LimitKind.WORKING_DAY, CALENDAR) == local("2025-11-06 12:00")


def test_days_outside_the_table_count_by_weekday() -> None:
    assert not CALENDAR.is_workday(date(2025, 10, 3))
    assert CALENDAR.is_workday(date(2025, 10, 11))
    assert CALENDAR.is_workday(date(2031, 3, 3))
    assert not CALENDAR.is_workday(date(2031, 3, 2))
    assert not CALENDAR.is_workday(date(1999, 12, 5))
    long_ago, now = local("1999-12-03 17:00"), local("1999-12-06 09:00")
    assert rules.used_minutes(long_ago, now, LimitKind.WORKING_HOUR, CALENDAR) == 120
    assert rules.after(long_ago, timedelta(hours=2), LimitKind.WORKING_HOUR, CALENDAR) == now


def test_a_calendar_without_days_has_weekdays_only() -> None:
    plain = work_calendar(OFFICE, {})
    assert rules.deadline(
        local("2025-10-03 17:00"), Limit(LimitKind.WORKING_HOUR, Decimal(2)), plain
    ) == local("2025-10-06 09:00")


def test_working_time_may_last_to_midnight() -> None:
    night = work_calendar((("18:00", "00:00"),), {})
    assert night.day_length == timedelta(hours=6)
    due = rules.after(local("2025-11-03 20:00"), timedelta(hours=4), LimitKind.WORKING_HOUR, night)
    assert due == local("2025-11-04 00:00")


def test_naive_times_are_refused() -> None:
    naive = datetime.combine(date(2025, 11, 3), time(9))
    with pytest.raises(rules.NaiveTime):
        rules.deadline(naive, Limit(LimitKind.URGENT_HOUR, Decimal(1)), CALENDAR)
    with pytest.raises(rules.NaiveTime):
        rules.used(local("2025-11-03 09:00"), naive, LimitKind.WORKING_HOUR, CALENDAR)


@pytest.mark.parametrize("amount", ["0", "-1", "3661", "NaN", "Infinity"])
def test_a_limit_is_positive_and_bounded(amount: str) -> None:
    with pytest.raises(ValueError, match="a limit is"):
        Limit(LimitKind.WORKING_DAY, Decimal(amount))


def test_a_clock_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="backwards"):
        rules.after(local("2025-11-03 09:00"), timedelta(-1), LimitKind.WORKING_HOUR, CALENDAR)


@pytest.mark.parametrize(
    ("spans", "message"),
    [
        ((), "needs working time"),
        ((("12:00", "08:00"),), "is empty"),
        ((("08:00", "12:00"), ("11:00", "18:00")), "overlaps"),
    ],
)
def test_spans_are_checked(spans: tuple[tuple[str, str], ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        work_calendar(spans, {})
