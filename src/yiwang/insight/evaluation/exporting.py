"""The figures of the board by day, street and unit, and the cases behind a figure, written out as tables."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet

from yiwang.core.actor import Actor
from yiwang.core.exporting import Cell, Cells, Column, Computed, ExportedList, Words
from yiwang.insight.evaluation import present, queries
from yiwang.insight.evaluation.access import BOARD
from yiwang.insight.evaluation.indicators import INDICATORS, Indicator, Kind
from yiwang.insight.evaluation.queries import Board, Figures
from yiwang.insight.evaluation.rules import Figure
from yiwang.insight.evaluation.schemas import BoardFilters, CountedFilters
from yiwang.operations.cases.access import VIEW

PartRow = tuple[Any, Figures]
UNITS = {Kind.COUNT: ("", ""), Kind.RATE: ("（%）", " (%)"), Kind.MEAN_TIME: ("（小时）", " (h)")}
HOUR_S = 3600


def amount(kind: Kind, figure: Figure) -> float | None:
    """As the screen shows it: a count, per cent or hours with one decimal, half up; None where nothing was due."""
    if kind is Kind.COUNT:
        return figure.value
    if not figure.of:
        return None
    scale, of = (100, figure.of) if kind is Kind.RATE else (1, figure.of * HOUR_S)
    return (20 * scale * figure.value + of) // (2 * of) / 10


def _column(one: Indicator) -> tuple[Column, Callable[[PartRow, Words], Cell]]:
    zh, en = UNITS[one.kind]
    column = Column(one.key, one.name["zh"] + zh, one.name["en"] + en, 16)
    return column, lambda row, words: amount(one.kind, row[1][one.key])


def _no_unit(name: str, words: Words) -> str:
    return name or words.either("暂无单位", "No unit yet")


FIGURES: Cells = tuple(_column(one) for one in INDICATORS)
BY_DAY: Cells = tuple(_column(one) for one in INDICATORS if not one.is_standing)
DAYS: Cells = ((Column("name", "日期", "Day"), lambda row, words: row[0]), *BY_DAY)
STREETS: Cells = ((Column("name", "街道", "Street", 18), lambda row, words: row[0]), *FIGURES)
UNIT_ROWS: Cells = (
    (Column("name", "单位", "Unit", 18), lambda row, words: _no_unit(row[0], words)),
    *FIGURES,
)


def _days(board: Board) -> Iterable[PartRow]:
    return sorted(board.days.items())


def _streets(board: Board) -> Iterable[PartRow]:
    return [(queries.street_name(code), board.streets[code]) for code in sorted(board.streets)]


def _units(board: Board) -> Iterable[PartRow]:
    names = queries.unit_names(board.units)
    keys = sorted(board.units, key=lambda unit: (unit is None, unit))
    return [(names.get(key, "") if key else "", board.units[key]) for key in keys]


def sorted_by(rows: list[PartRow], sort: str) -> list[PartRow]:
    """In the order of a column of the screen; what says nothing comes last."""
    key, down = sort.removeprefix("-"), sort.startswith("-")
    if key in ("", "name"):
        return sorted(rows, key=lambda row: row[0], reverse=down) if key else rows
    kind = queries.indicator_of(key).kind
    said = [(value, row) for row in rows if (value := exact(kind, row[1][key])) is not None]
    said.sort(key=lambda pair: pair[0], reverse=down)
    return [row for _, row in said] + [row for row in rows if exact(kind, row[1][key]) is None]


def exact(kind: Kind, figure: Figure) -> float | None:
    """A figure to be put in order by."""
    return figure.value if kind is Kind.COUNT else figure.value / figure.of if figure.of else None


def _parts(of: Callable[[Board], Iterable[PartRow]]) -> Callable[[Actor, BoardFilters, str], Computed]:
    def find(actor: Actor, asked: BoardFilters, sort: str) -> Computed:
        wanted = asked.wanted()
        return Computed(lambda: sorted_by(list(of(queries.board(actor, wanted))), sort))

    return find


# The cases behind a figure

YES_NO = {True: ("是", "Yes"), False: ("否", "No")}
COUNTED: Cells = (
    (Column("number", "案件编号", "Number", 22), lambda row, words: row["number"]),
    (Column("state", "状态", "State", 12), lambda row, words: words.label(row["state_label"])),
    (Column("category", "类别", "Category", 18), lambda row, words: words.label(row["category"])),
    (Column("description", "问题描述", "Description", 48), lambda row, words: row["description"]),
    (Column("street", "街道", "Street", 14), lambda row, words: row["street"]),
    (Column("community", "社区", "Community", 16), lambda row, words: row["community"]),
    (Column("address", "地址", "Address", 30), lambda row, words: row["address"]),
    (Column("unit", "处置单位", "Unit", 16), lambda row, words: row["unit"]),
    (Column("at", "计入时间", "Counted at", 19), lambda row, words: row["at"]),
    (Column("due_at", "截止时间", "Due", 19), lambda row, words: row["due_at"]),
    (Column("done_at", "办完时间", "Done", 19), lambda row, words: row["done_at"]),
    (
        Column("hit", "是否达标", "In the rate", 10),
        lambda row, words: None if row["is_hit"] is None else words.either(*YES_NO[row["is_hit"]]),
    ),
)


def find_counted(actor: Actor, asked: CountedFilters, sort: str) -> QuerySet[Any, Any]:
    """Exactly what a figure counts, the latest first."""
    indicator = queries.indicator_of(asked.indicator)
    facts = queries.counted(actor, asked.wanted(), indicator, asked.part)
    return facts.order_by(*queries.latest_first(indicator))


def show_counted(actor: Actor, asked: CountedFilters, facts: list[Any]) -> Iterable[dict[str, Any]]:
    """As the screen shows them; without the cases that one may not see."""
    rows = queries.rows_of(actor, queries.indicator_of(asked.indicator), facts)
    return (present.row(row) for row in rows)


def _part_list(key: str, zh: str, en: str, cells: Cells, of: Callable[[Board], Any]) -> ExportedList:
    sorts = frozenset(column.key for column, _ in cells)
    return ExportedList(f"evaluation.{key}", zh, en, BOARD, cells, BoardFilters, _parts(of), sorts=sorts)


EXPORTED = (
    _part_list("days", "考核评价（按日）", "Evaluation by day", DAYS, _days),
    _part_list("streets", "考核评价（按街道）", "Evaluation by street", STREETS, _streets),
    _part_list("units", "考核评价（按单位）", "Evaluation by unit", UNIT_ROWS, _units),
    ExportedList(
        "evaluation.cases",
        "指标案件",
        "Cases of a figure",
        VIEW,
        COUNTED,
        CountedFilters,
        find_counted,
        show_counted,
    ),
)
