"""The list of cases written out as a table. Nothing of a reporter stands in it: who may see that has the page."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.codes.queries import table
from yiwang.core.exporting import Cell, Cells, Column, ExportedList, Words
from yiwang.operations.cases import access, queries
from yiwang.operations.cases.asking import CaseFilters
from yiwang.operations.cases.categories import exporting as categories
from yiwang.operations.cases.listing import Listed, shaped

KINDS = {"component": ("部件", "Component"), "event": ("事件", "Event")}
LIGHTS = {"green": ("正常", "In time"), "yellow": ("即将超时", "Due soon"), "red": ("已超时", "Overdue")}


def _state(case: Listed, words: Words) -> Cell:
    label = queries.table(case.lifecycle_id).states[case.state].label
    return words.either(label["zh"], label["en"])


def _light(case: Listed, words: Words) -> Cell:
    light = queries.light(case, words.once("now", clock.now)) if case.group == "open" else None
    return words.of(LIGHTS, light)


def _request(case: Listed, words: Words) -> Cell:
    rules = queries.table(case.lifecycle_id).requests.get(case.pending_request)
    return words.either(rules.label["zh"], rules.label["en"]) if rules else None


def _source(case: Listed, words: Words) -> Cell:
    found = words.once("sources", lambda: table("case_sources")).find(case.source)
    return words.either(found.zh, found.en) if found else case.source


CELLS: Cells = (
    (Column("number", "案件编号", "Number", 22), lambda case, words: case.number),
    (Column("state", "状态", "State", 12), _state),
    (Column("light", "时限", "Time limit", 10), _light),
    (Column("due_at", "截止时间", "Due", 19), lambda case, words: case.due_at),
    (
        Column("kind", "部件/事件", "Component or event", 10),
        lambda case, words: words.of(KINDS, case.category_kind),
    ),
    (
        Column("category", "类别", "Category", 18),
        lambda case, words: words.either(case.category_zh, case.category_en),
    ),
    (Column("description", "问题描述", "Description", 48), lambda case, words: case.description),
    (Column("street", "街道", "Street", 14), lambda case, words: case.street),
    (Column("community", "社区", "Community", 16), lambda case, words: case.community),
    (Column("address", "地址", "Address", 30), lambda case, words: case.address),
    (Column("lon", "经度", "Longitude", 12), lambda case, words: round(case.lon, 6)),
    (Column("lat", "纬度", "Latitude", 12), lambda case, words: round(case.lat, 6)),
    (Column("unit", "处置单位", "Unit", 16), lambda case, words: case.unit_name),
    (Column("source", "来源", "Source", 12), _source),
    (Column("reported_at", "上报时间", "Reported", 19), lambda case, words: case.reported_at),
    (Column("registered_at", "立案时间", "Registered", 19), lambda case, words: case.registered_at),
    (Column("ended_at", "结束时间", "Ended", 19), lambda case, words: case.ended_at),
    (Column("rework_count", "返工次数", "Reworks", 8), lambda case, words: case.rework_count),
    (Column("pending_request", "待审批申请", "Pending request", 14), _request),
)


def find(actor: Actor, asked: CaseFilters, sort: str) -> QuerySet[Any, Any]:
    """Every case of the list in its order."""
    return shaped(
        queries.ordered(queries.filtered(actor, asked.chosen()), sort or queries.NEWEST_FIRST), Listed
    )


def shown(actor: Actor, asked: CaseFilters, rows: list[Any]) -> Iterator[Listed]:
    """As a list shows them."""
    return (Listed(*values) for values in rows)


EXPORTED = (
    ExportedList(
        "cases.list",
        "案件列表",
        "Cases",
        access.VIEW,
        CELLS,
        CaseFilters,
        find,
        shown,
        sorts=frozenset(queries.SORTS),
        most_sorts=queries.MOST_SORTS,
    ),
    categories.LISTED,
)
