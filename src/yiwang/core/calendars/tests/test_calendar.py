"""The seeded calendar, official notices over it, and the copy that a process keeps."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from yiwang.core.actor import system
from yiwang.core.audit.models import Entry
from yiwang.core.calendars import actions, queries, seed
from yiwang.core.calendars.declare import DeclaredDay
from yiwang.core.calendars.models import Calendar, CalendarDay
from yiwang.core.calendars.rules import ZONE
from yiwang.core.errors import Invalid, NotFound
from yiwang.core.events.models import OutboxEvent

pytestmark = pytest.mark.django_db

TESTER = system("tests")
NOTICE = "国办发明电（测试）"
NEXT_YEAR = max(seed.holidays).year + 1
NEW_YEAR = date(NEXT_YEAR, 1, 1)


@pytest.fixture
def calendar() -> Calendar:
    seed.load()
    return Calendar.objects.get(key="default")


def changes() -> list[dict[str, str]]:
    rows = OutboxEvent.objects.filter(type="calendar.changed").order_by("pk")
    return [row.payload for row in rows]


def test_loading_again_changes_nothing(calendar: Calendar) -> None:
    assert seed.load() == {"calendars": 0, "calendar_days": 0}
    assert Calendar.objects.get(pk=calendar.pk).version == calendar.version
    assert changes() == []


def test_every_day_of_every_known_year_is_there(calendar: Calendar) -> None:
    first, last = date(2004, 1, 1), date(NEXT_YEAR, 12, 31)
    assert calendar.days.count() == (last - first).days + 1
    assert set(calendar.days.filter(provisional=True).values_list("on__year", flat=True)) == {NEXT_YEAR}


@pytest.mark.parametrize(
    ("on", "is_workday", "kind", "name"),
    [
        (date(2026, 2, 14), True, "adjusted_workday", "春节"),
        (date(2026, 2, 17), False, "public_holiday", "春节"),
        (date(2026, 3, 3), True, "workday", ""),
        (date(2026, 3, 7), False, "weekend", ""),
        (date(2026, 10, 1), False, "public_holiday", "国庆节"),
    ],
)
def test_days_are_the_official_ones(
    calendar: Calendar, on: date, is_workday: bool, kind: str, name: str
) -> None:
    day = calendar.days.get(on=on)
    assert (day.is_workday, day.kind, day.name, day.provisional) == (is_workday, kind, name, False)


def test_the_default_calendar_is_the_official_one(calendar: Calendar) -> None:
    work = queries.default_calendar()
    assert work.day_length == timedelta(hours=8)
    assert not work.is_workday(date(2026, 10, 1))
    assert work.provisional == {NEXT_YEAR}
    start = datetime(2026, 9, 30, 17, tzinfo=ZONE)
    assert work.instant(work.position(start) + timedelta(hours=2)) == datetime(2026, 10, 8, 9, tzinfo=ZONE)


def test_a_process_reads_the_days_once_per_version(
    calendar: Calendar, django_assert_num_queries: object
) -> None:
    queries.default_calendar()
    with django_assert_num_queries(1):  # type: ignore[operator]
        again = queries.default_calendar()
    assert again is queries.default_calendar()
    actions.declare_days(TESTER, "default", [DeclaredDay(date(2026, 3, 3), False, "测试日")], source=NOTICE)
    assert not queries.default_calendar().is_workday(date(2026, 3, 3))


def test_a_notice_makes_the_year_official_and_is_announced(calendar: Calendar) -> None:
    assert queries.default_calendar().is_workday(NEW_YEAR) is (NEW_YEAR.weekday() < 5)
    days = [DeclaredDay(NEW_YEAR, False, "元旦", "New Year's Day"), DeclaredDay(date(NEXT_YEAR, 1, 3), True)]
    assert actions.declare_days(TESTER, "default", days, source=NOTICE) == 2
    assert not calendar.days.filter(provisional=True).exists()
    assert calendar.days.get(on=NEW_YEAR).source == NOTICE
    assert queries.default_calendar().provisional == frozenset()
    (payload,) = changes()
    assert payload["first_on"] == NEW_YEAR.isoformat()
    assert Entry.objects.get(action="calendars.declare_days").object_id == "default"


def test_a_notice_that_changes_no_day_is_not_announced(calendar: Calendar) -> None:
    actions.declare_days(TESTER, "default", [DeclaredDay(date(2026, 3, 3), True)], source=NOTICE)
    assert changes() == []


def test_a_newer_library_replaces_provisional_days_and_nothing_else(
    calendar: Calendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = DeclaredDay(date(2026, 5, 6), False, "测试日")
    actions.declare_days(TESTER, "default", [declared], source=NOTICE)
    newer = [DeclaredDay(NEW_YEAR, False, "元旦"), DeclaredDay(date(2026, 5, 6), True)]
    monkeypatch.setattr(seed, "official_days", lambda: iter(newer))
    assert seed.load() == {"calendars": 0, "calendar_days": 1}
    assert not calendar.days.get(on=NEW_YEAR).provisional
    assert not calendar.days.get(on=date(2026, 5, 6)).is_workday
    assert changes()[-1]["last_on"] == NEW_YEAR.isoformat()


@pytest.mark.parametrize(
    ("days", "refusal"),
    [
        ([], "no_days"),
        ([DeclaredDay(NEW_YEAR, False), DeclaredDay(NEW_YEAR, True)], "day_twice"),
        ([DeclaredDay(NEW_YEAR + timedelta(n), True) for n in range(401)], "too_many_days"),
    ],
)
def test_a_notice_is_checked(calendar: Calendar, days: list[DeclaredDay], refusal: str) -> None:
    with pytest.raises(Invalid, match=refusal):
        actions.declare_days(TESTER, "default", days, source=NOTICE)


def test_an_unknown_calendar_is_said_so() -> None:
    for ask in (
        queries.default_calendar,
        lambda: queries.calendar_year("default", 2026),
        lambda: actions.declare_days(TESTER, "nothing", [DeclaredDay(NEW_YEAR, True)], source=NOTICE),
    ):
        with pytest.raises(NotFound, match="calendar_missing"):
            ask()


def test_the_database_refuses_a_kind_that_contradicts_the_day(calendar: Calendar) -> None:
    days = CalendarDay.objects.filter(calendar=calendar, on=date(2026, 10, 1))
    with pytest.raises(IntegrityError, match="calendars_kind_fits_workday"), transaction.atomic():
        days.update(is_workday=True)
