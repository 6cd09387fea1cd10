"""A code table written out as it holds today."""

from ninja import Schema
from pydantic import Field

from yiwang.core.actor import Actor
from yiwang.core.codes import queries
from yiwang.core.codes.queries import Code
from yiwang.core.exporting import Cell, Cells, Column, Computed, ExportedList, Words
from yiwang.core.http.routes import SIGNED_IN


class CodeQuery(Schema):
    """Which table, and what the screen narrows it by."""

    table: str = Field(max_length=60)
    q: str = Field("", max_length=80)
    only_local: bool = False


def _origin(code: Code, words: Words) -> Cell:
    return words.either("本地", "Local") if code.local else words.either("标准版", "Shipped")


CELLS: Cells = (
    (Column("code", "代码", "Code", 24), lambda code, words: code.code),
    (Column("zh", "中文名称", "Name in Chinese", 24), lambda code, words: code.zh),
    (Column("en", "英文名称", "Name in English", 30), lambda code, words: code.en),
    (Column("parent", "上级代码", "Above it", 24), lambda code, words: code.parent),
    (Column("origin", "来源", "Origin", 10), _origin),
    (
        Column("active", "状态", "State", 10),
        lambda code, words: words.either("启用", "In use") if code.active else words.either("停用", "Off"),
    ),
)


def find(actor: Actor, asked: CodeQuery, sort: str) -> Computed:
    """The codes of a table in their order. Raises NotFound `code_table_missing`."""
    queries.require_table(asked.table)
    return Computed(lambda: _rows(asked))


def _rows(asked: CodeQuery) -> list[Code]:
    q = asked.q.strip().lower()
    return [
        code
        for code in queries.table(asked.table).items
        if (code.local or not asked.only_local)
        and any(q in said.lower() for said in (code.zh, code.en, code.code))
    ]


EXPORTED = (ExportedList("codes.table", "数据字典", "Dictionary", SIGNED_IN, CELLS, CodeQuery, find),)
