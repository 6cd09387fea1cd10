"""The reference cases in the data folder: 200 durations and deadlines on the official days since 2004."""

import csv
import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from yiwang.core.calendars import rules
from yiwang.core.calendars.rules import LimitKind, WorkCalendar, work_calendar
from yiwang.core.calendars.seed import official_days


@pytest.fixture(scope="module")
def folder(data_dir: Path) -> Path:
    return data_dir / "calendar"


@pytest.fixture(scope="module")
def table(folder: Path) -> dict[date, bool]:
    with (folder / "cn_days.csv").open() as lines:
        return {date.fromisoformat(row["date"]): row["is_workday"] == "1" for row in csv.DictReader(lines)}


@pytest.fixture(scope="module")
def calendar(folder: Path, table: dict[date, bool]) -> WorkCalendar:
    shifts = json.loads((folder / "work_clock_rules.json").read_text())["shifts"]
    return work_calendar([shift.split("-") for shift in shifts], table)


def test_all_reference_cases_are_exact(folder: Path, calendar: WorkCalendar) -> None:
    cases = [json.loads(line) for line in (folder / "work_clock_cases.jsonl").read_text().splitlines()]
    assert [case["id"] for case in cases if not exact(case, calendar)] == []
    assert len(cases) == 200


def exact(case: dict[str, Any], calendar: WorkCalendar) -> bool:
    start, kind = datetime.fromisoformat(case["start"]), LimitKind.WORKING_HOUR
    if case["op"] == "elapsed":
        end = datetime.fromisoformat(case["end"])
        return rules.used(start, end, kind, calendar) == timedelta(minutes=case["expected_working_minutes"])
    due = rules.after(start, timedelta(minutes=case["working_minutes"]), kind, calendar)
    return due == datetime.fromisoformat(case["expected"])


def test_the_seeded_days_are_the_official_ones(table: dict[date, bool]) -> None:
    seeded = {day.on: day.is_workday for day in official_days() if day.on in table}
    assert seeded == table
