"""The list of cases written out as a table. Nothing of a reporter stands in it: who may see that has the page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.codes.queries import Table, table
from yiwang.core.errors import Invalid
from yiwang.core.exports.declare import Cell, Column, ExportedList, Row, Wanted
from yiwang.operations.cases import access, queries
from yiwang.operations.cases.asking import CaseFilters
from yiwang.operations.cases.listing import Listed, shaped

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Words:
    """What is the same for all rows: the language, the moment, how sources are called."""

    language: str
    now: datetime
    sources: Table

    def either(self, zh: str, en: str) -> str:
        """The word in the person's language."""
        return zh if self.language == "zh" else en

    def source(self, code: str) -> str:
        """How a source is called; its code when the table knows it no more."""
        found = self.sources.find(code)
        return self.either(found.zh, found.en) if found else code


KINDS = {"component": ("部件", "Component"), "event": ("事件", "Event")}
LIGHTS = {"green": ("正常", "In time"), "yellow": ("即将超时", "Due soon"), "red": ("已超时", "Overdue")}


def _state(case: Listed, words: Words) -> Cell:
    label = queries.table(case.lifecycle_id).states[case.state].label
    return words.either(label["zh"], label["en"])


def _light(case: Listed, words: Words) -> Cell:
    light = queries.light(case, words.now) if case.group == "open" else None
    return words.either(*LIGHTS[light]) if light else None


def _request(case: Listed, words: Words) -> Cell:
    rules = queries.table(case.lifecycle_id).requests.get(case.pending_request)
    return words.either(rules.label["zh"], rules.label["en"]) if rules else None


CELLS: tuple[tuple[Column, Callable[[Listed, Words], Cell]], ...] = (
    (Column("number", "案件编号", "Number", 22), lambda case, words: case.number),
    (Column("state", "状态", "State", 12), _state),
    (Column("light", "时限", "Time limit", 10), _light),
    (Column("due_at", "截止时间", "Due", 19), lambda case, words: case.due_at),
    (
        Column("kind", "部件/事件", "Component or event", 10),
        lambda case, words: words.either(*KINDS[case.category_kind]),
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
    (Column("source", "来源", "Source", 12), lambda case, words: words.source(case.source)),
    (Column("reported_at", "上报时间", "Reported", 19), lambda case, words: case.reported_at),
    (Column("registered_at", "立案时间", "Registered", 19), lambda case, words: case.registered_at),
    (Column("ended_at", "结束时间", "Ended", 19), lambda case, words: case.ended_at),
    (Column("rework_count", "返工次数", "Reworks", 8), lambda case, words: case.rework_count),
    (Column("pending_request", "待审批申请", "Pending request", 14), _request),
)
BY_KEY = {column.key: cell for column, cell in CELLS}


def check(wanted: Wanted) -> None:
    """Raises Invalid for a query or an order that the list itself would refuse."""
    _filters(wanted)
    queries.named(_sort(wanted))


def count(actor: Actor, wanted: Wanted) -> int:
    """How many there are now."""
    return queries.filtered(actor, _filters(wanted)).count()


def rows(actor: Actor, wanted: Wanted) -> Iterator[Row]:
    """Every case of the list in its order, read through a cursor of the server."""
    words = Words(wanted.language, clock.now(), table("case_sources"))
    cells = [BY_KEY[key] for key in wanted.columns]
    found = shaped(queries.ordered(queries.filtered(actor, _filters(wanted)), _sort(wanted)), Listed)
    for values in found.iterator(chunk_size=CHUNK):
        case = Listed(*values)
        yield [cell(case, words) for cell in cells]


def _sort(wanted: Wanted) -> str:
    return wanted.sort or queries.NEWEST_FIRST


def _filters(wanted: Wanted) -> queries.Filters:
    try:
        return CaseFilters.model_validate(dict(wanted.query)).chosen()
    except ValidationError as error:
        field = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise Invalid("bad_filter", "筛选条件不对。", field=field) from error


EXPORTED = (
    ExportedList(
        key="cases.list",
        zh="案件列表",
        en="Cases",
        permission=access.VIEW,
        columns=tuple(column for column, _ in CELLS),
        check=check,
        count=count,
        rows=rows,
    ),
)
