"""The classes of cases with their conditions and limits written out as a table: a line for each condition."""

from collections.abc import Iterable
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from yiwang.core.actor import Actor
from yiwang.core.exporting import Cell, Cells, Column, Computed, ExportedList, Words
from yiwang.core.http.routes import SIGNED_IN
from yiwang.operations.cases.categories import present
from yiwang.operations.cases.categories.queries import current_categories

KINDS = {"component": ("部件", "Component"), "event": ("事件", "Event")}
LIMITS = {
    "urgent_hour": ("{n} 紧急工作时", "{n} urgent h"),
    "working_hour": ("{n} 工作时", "{n} working h"),
    "working_day": ("{n} 个工作日", "{n} working d"),
    "natural_day": ("{n} 天", "{n} d"),
}
Line = tuple[dict[str, Any], dict[str, Any]]


class CategoryQuery(Schema):
    """The words and the kind that the screen narrows classes by."""

    q: str = Field("", max_length=80)
    show: Literal["all", "event", "component", "local"] = "all"


def said(limit: dict[str, str], words: Words) -> str:
    """A limit in words."""
    return words.either(*LIMITS[limit["kind"]]).format(n=limit["amount"])


def _area_limits(line: Line, words: Words) -> Cell:
    limits = sorted(line[1].get("area_limits", {}).items())
    return words.either("；", "; ").join(f"{area}: {said(limit, words)}" for area, limit in limits)


def _text(line: Line, name: str, words: Words) -> Cell:
    text = line[1].get(name)
    return words.label(text) if text else None


def _origin(line: Line, words: Words) -> Cell:
    return words.either("本地", "Local") if line[0]["version"] else line[0]["edition"]


CELLS: Cells = (
    (Column("code", "代码", "Code", 10), lambda line, words: line[0]["code"]),
    (
        Column("kind", "部件/事件", "Component or event", 10),
        lambda line, words: words.of(KINDS, line[0]["kind"]),
    ),
    (
        Column("major", "大类", "Major class", 18),
        lambda line, words: words.label(line[0]["major"]),
    ),
    (Column("name", "小类", "Class", 20), lambda line, words: words.label(line[0])),
    (Column("origin", "版本", "Version", 10), _origin),
    (Column("no", "序号", "No.", 6), lambda line, words: line[1].get("no")),
    (Column("condition", "立案条件", "Filing condition", 40), lambda line, words: _text(line, "text", words)),
    (
        Column("limit", "处置时限", "Limit", 16),
        lambda line, words: said(line[1]["limit"], words) if line[1] else None,
    ),
    (Column("area_limits", "分区域时限", "Limits by area", 30), _area_limits),
    (Column("handling", "处置要求", "Handling", 30), lambda line, words: _text(line, "handling", words)),
    (Column("closing", "结案条件", "Closing", 30), lambda line, words: _text(line, "closing", words)),
    (Column("source", "依据", "Source", 30), lambda line, words: line[1].get("source")),
)


def find(actor: Actor, asked: CategoryQuery, sort: str) -> Computed:
    """Every class that can be chosen today, in the order of the screen; one without a condition has a line, too."""
    return Computed(lambda: _lines(asked))


def _lines(asked: CategoryQuery) -> list[Line]:
    classes = (present.described(row) for row in current_categories())
    return [(one, line) for one in classes if _fits(one, asked) for line in one["conditions"] or [{}]]


def _fits(one: dict[str, Any], asked: CategoryQuery) -> bool:
    if asked.show == "local" and not one["version"]:
        return False
    if asked.show in ("event", "component") and one["kind"] != asked.show:
        return False
    words: Iterable[str] = (
        one["zh"],
        one["en"],
        one["major"]["zh"],
        one["major"]["en"],
        one["code"] or "",
        one["search"],
    )
    q = asked.q.strip().lower()
    return any(q in word.lower() for word in words)


LISTED = ExportedList(
    "categories.list", "案件类别与时限", "Categories and limits", SIGNED_IN, CELLS, CategoryQuery, find
)
