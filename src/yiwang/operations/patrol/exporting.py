"""Which lists of this room are written out: the patrols of some days, and the results of an inspection."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from ninja import Schema

from yiwang.core.actor import Actor
from yiwang.core.exporting import Cell, Cells, Column, ExportedList, Words
from yiwang.operations.patrol import access
from yiwang.operations.patrol.inspections.queries import Result, results_of
from yiwang.operations.patrol.models import Item, Task
from yiwang.operations.patrol.runs import queries
from yiwang.operations.patrol.runs.api import asked
from yiwang.operations.patrol.runs.schemas import TaskFilters

STATES = {
    "planned": ("待巡查", "Planned"),
    "under_way": ("进行中", "Under way"),
    "done": ("已完成", "Done"),
    "missed": ("漏巡", "Missed"),
    "handed_over": ("已移交", "Handed over"),
    "cancelled": ("已取消", "Called off"),
}
ORDERS = {
    "ordered": ("待整改", "Ordered"),
    "reported": ("待复查", "To be rechecked"),
    "passed": ("复查通过", "Put right"),
    "failed": ("复查未通过", "Not right yet"),
}
PASSED = {"True": ("合格", "Passed"), "False": ("不合格", "Failed")}


class ResultFilters(Schema):
    """The inspection whose results are written out."""

    inspection: UUID


def _walked(task: Task, words: Words) -> Cell:
    return round(100 * task.covered_m / task.length_m) if task.length_m else None


TASKS: Cells = (
    (Column("day", "日期", "Day", 12), lambda task, words: task.day),
    (Column("name", "任务", "Task", 36), lambda task, words: task.name),
    (Column("unit", "单位", "Unit", 16), lambda task, words: task.unit.short_name),
    (
        Column("person", "执行人", "Who", 14),
        lambda task, words: task.person.name if task.person else task.team or None,
    ),
    (Column("starts_at", "开始", "From", 19), lambda task, words: task.starts_at),
    (Column("ends_at", "截止", "To", 19), lambda task, words: task.ends_at),
    (Column("state", "状态", "State", 12), lambda task, words: words.of(STATES, task.state)),
    (Column("stops", "点位数", "Places", 8), lambda task, words: task.stops_count),
    (Column("done", "已完成", "Done", 8), lambda task, words: task.done_count),
    (Column("walked", "路段覆盖（%）", "Walked (%)", 12), _walked),
    (Column("findings", "发现问题", "Findings", 10), lambda task, words: task.findings_count),
    (Column("note", "说明", "Note", 30), lambda task, words: task.note or None),
)


def _order(row: Result, words: Words) -> Cell:
    return words.of(ORDERS, row.rectification.state) if row.rectification else None


def _passed(row: Result, words: Words) -> Cell:
    known = row.stop.passed if row.stop else None
    return words.of(PASSED, str(known)) if known is not None else None


def _percent(row: Result, words: Words) -> Cell:
    percent = row.stop.filled.percent if row.stop and row.stop.filled else None
    return float(percent) if percent is not None else None


RESULTS: Cells = (
    (Column("drawn", "序号", "No.", 8), lambda row, words: row.item.drawn),
    (Column("name", "检查对象", "Place", 26), lambda row, words: row.item.name),
    (Column("address", "地址", "Address", 32), lambda row, words: row.item.address),
    (Column("grade", "等级", "Grade", 8), lambda row, words: row.item.grade),
    (
        Column("unit", "责任单位", "Unit", 16),
        lambda row, words: row.item.unit.short_name if row.item.unit else None,
    ),
    (Column("team", "检查组", "Team", 12), lambda row, words: row.stop.task.team if row.stop else None),
    (
        Column("filled_at", "检查时间", "Inspected", 19),
        lambda row, words: row.stop.filled.filled_at if row.stop and row.stop.filled else None,
    ),
    (Column("passed", "结果", "Result", 10), _passed),
    (Column("percent", "得分", "Score", 10), _percent),
    (Column("findings", "立案问题", "Cases", 10), lambda row, words: row.findings),
    (
        Column("demand", "整改要求", "To put right", 36),
        lambda row, words: row.rectification.demand if row.rectification else None,
    ),
    (
        Column("due_on", "整改期限", "Until", 12),
        lambda row, words: row.rectification.due_on if row.rectification else None,
    ),
    (Column("order", "整改状态", "State of it", 12), _order),
)


def find_tasks(actor: Actor, filters: TaskFilters, sort: str) -> QuerySet[Any, Any]:
    """The tasks of the list, the latest first."""
    return queries.filtered(actor, asked(filters)).order_by("-starts_at", "id")


def find_results(actor: Actor, filters: ResultFilters, sort: str) -> QuerySet[Any, Any]:
    """The sample of an inspection that the person may see, in the order of the draw."""
    seen = access.inspections_for(actor).filter(pk=filters.inspection).values("pk")
    return (
        Item.objects.filter(inspection__in=seen, drawn__isnull=False)
        .select_related("unit")
        .order_by("drawn", "id")
    )


def shown_results(actor: Actor, filters: ResultFilters, rows: list[Any]) -> Iterator[Result]:
    """As the page shows them."""
    yield from results_of(rows)


EXPORTED = (
    ExportedList("patrol.tasks", "巡查任务", "Patrols", access.VIEW, TASKS, TaskFilters, find_tasks),
    ExportedList(
        "patrol.results",
        "专项检查结果",
        "Results of an inspection",
        access.VIEW,
        RESULTS,
        ResultFilters,
        find_results,
        shown_results,
    ),
)
