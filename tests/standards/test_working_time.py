"""Working time as a district gets it: a calendar made over HTTP, the official days, and limits that run on both.

The reference cases are 200 durations and deadlines with working hours of their own.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from yiwang.core.accounts.tests.people import Browser, person
from yiwang.core.calendars import queries, rules, seed
from yiwang.core.calendars.rules import Limit, LimitKind, WorkCalendar
from yiwang.core.deadlines import rules as limits

WORKED = LimitKind.WORKING_HOUR


@pytest.fixture(scope="module")
def spans(data_dir: Path) -> list[list[str]]:
    """The reference's working hours."""
    shifts = json.loads((data_dir / "calendar" / "work_clock_rules.json").read_text())["shifts"]
    return [shift.split("-") for shift in shifts]


@pytest.fixture(scope="module")
def calendar(spans: list[list[str]]) -> WorkCalendar:
    """These hours over the official days."""
    return rules.work_calendar(spans, {day.on: day.is_workday for day in seed.official_days()})


@pytest.fixture
def made(db: None, spans: list[list[str]]) -> WorkCalendar:
    """The same, made as an administrator makes it."""
    seed.load()
    editor = Browser(person("editor", "calendars.edit_calendar"))
    answer = editor.post(
        "/calendars", {"key": "reference", "name": "参照", "name_en": "Reference", "spans": spans}
    )
    assert answer.status_code == 201, answer.content
    return queries.calendar_by_key("reference")


def cases(data_dir: Path, op: str) -> Iterator[dict[str, Any]]:
    for line in (data_dir / "calendar" / "work_clock_cases.jsonl").read_text().splitlines():
        case = json.loads(line)
        if case["op"] == op:
            yield case


def at(case: dict[str, Any], name: str) -> datetime:
    return datetime.fromisoformat(case[name])


def exceptional(calendar: WorkCalendar, first: date, last: date) -> bool:
    """Whether a day in between is not what its weekday says: a holiday in the week, or a weekend day worked."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return any(calendar.is_workday(day) != (day.weekday() < 5) for day in days)


def test_every_reference_case_is_exact(data_dir: Path, made: WorkCalendar) -> None:
    over_holidays, wrong = 0, []
    for case in cases(data_dir, "elapsed"):
        minutes = rules.used_minutes(at(case, "start"), at(case, "end"), WORKED, made)
        over_holidays += exceptional(made, at(case, "start").date(), at(case, "end").date())
        if minutes != case["expected_working_minutes"]:
            wrong.append(case["id"])
    for case in cases(data_dir, "deadline"):
        due = rules.after(at(case, "start"), timedelta(minutes=case["working_minutes"]), WORKED, made)
        over_holidays += exceptional(made, at(case, "start").date(), at(case, "expected").date())
        if due != at(case, "expected"):
            wrong.append(case["id"])
    assert wrong == []
    assert over_holidays > 50


def test_limits_run_by_it_and_stop_and_go_on_without_losing_a_minute(
    data_dir: Path, calendar: WorkCalendar
) -> None:
    """Stopped half way and gone on with at once, a limit is due when it would have been."""
    seen = 0
    for case in cases(data_dir, "deadline"):
        hours = Decimal(case["working_minutes"]) / 60
        if hours != round(hours, 2):
            continue
        seen += 1
        start, expected = at(case, "start"), at(case, "expected")
        run = limits.begin(Limit(WORKED, hours), limits.DEFAULT_MARKS, start, calendar)
        assert run.due_at == expected, case["id"]
        half = start + (expected - start) / 2
        again = limits.gone_on(run, limits.left(run, half, calendar), half, calendar)
        assert again.due_at == expected, case["id"]
        assert again.mark_at[0] == run.mark_at[0], case["id"]
    assert seen > 50


def test_over_the_spring_festival_and_its_worked_weekends(calendar: WorkCalendar) -> None:
    """2026: 15 to 23 February off, Saturday 14 and Saturday 28 worked instead."""
    start = datetime(2026, 2, 13, 16, 30, tzinfo=rules.ZONE)
    hours = Limit(WORKED, Decimal("8.5"))
    assert rules.deadline(start, hours, calendar) == datetime(2026, 2, 24, 10, 0, tzinfo=rules.ZONE)
    days = Limit(LimitKind.WORKING_DAY, Decimal(5))
    friday = datetime(2026, 2, 27, 9, 0, tzinfo=rules.ZONE)
    assert rules.deadline(friday, days, calendar) == datetime(2026, 3, 4, 17, 30, tzinfo=rules.ZONE)
