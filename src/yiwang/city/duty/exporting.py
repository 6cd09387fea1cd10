"""The attendance of a month written out as a table: a row for each person, a column for each day."""

from datetime import date
from typing import Any

from ninja import Schema

from yiwang.city.duty import access, sheets
from yiwang.city.duty.schemas import Day, Id
from yiwang.core.actor import Actor
from yiwang.core.exporting import Cell, Cells, Column, Computed, ExportedList, Words

OUTCOMES = {
    "none": ("", ""),
    "rest": ("休", "rest"),
    "leave": ("假", "leave"),
    "planned": ("", ""),
    "running": ("在岗", "on duty"),
    "present": ("√", "√"),
    "missing_in": ("缺上班卡", "no clock-in"),
    "missing_out": ("缺下班卡", "no clock-out"),
    "absent": ("旷工", "absent"),
}


class MonthQuery(Schema):
    """A unit, a day of the month."""

    unit_id: Id
    month: Day


def _day(number: int) -> Any:
    def cell(row: sheets.MonthRow, words: Words) -> Cell:
        if number > len(row.days):
            return None
        one = row.days[number - 1]
        said = [words.of(OUTCOMES, one.day.outcome.value) or ""]
        if one.day.late_min:
            said.append(words.either(f"迟{one.day.late_min}", f"late {one.day.late_min}"))
        if one.day.early_min:
            said.append(words.either(f"早退{one.day.early_min}", f"early {one.day.early_min}"))
        return " ".join(part for part in (one.mark, *said) if part) or None

    return cell


CELLS: Cells = (
    (Column("name", "姓名", "Name"), lambda row, words: row.user.name),
    (Column("due", "应出勤（天）", "Due (days)", 12), lambda row, words: row.totals.due),
    (Column("present", "出勤（天）", "Present", 10), lambda row, words: row.totals.present),
    (Column("late", "迟到（次）", "Late", 10), lambda row, words: row.totals.late),
    (Column("early", "早退（次）", "Early", 10), lambda row, words: row.totals.early),
    (Column("missing", "缺卡（次）", "Missing", 10), lambda row, words: row.totals.missing),
    (Column("absent", "旷工（天）", "Absent", 10), lambda row, words: row.totals.absent),
    (Column("leave", "请假（天）", "Leave", 10), lambda row, words: row.totals.leave),
    (Column("hours", "班内工时", "Hours", 10), lambda row, words: round(row.totals.minutes / 60, 1)),
    *((Column(f"d{n:02}", f"{n}日", f"{n}", 10), _day(n)) for n in range(1, 32)),
)


def find(actor: Actor, asked: MonthQuery, sort: str) -> Computed:
    """The sheet of the screen."""
    unit = access.get_unit_for(actor, asked.unit_id, access.REVIEW)
    first: date = asked.month.replace(day=1)
    return Computed(lambda: sheets.month(unit, first))


EXPORTED = (
    ExportedList("duty.attendance", "考勤月表", "Attendance", access.REVIEW, CELLS, MonthQuery, find),
)
