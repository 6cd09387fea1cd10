"""The lifecycle table as a page for people: a diagram and the rows, derived and never drawn by hand.

`docs/lifecycle.md` is this module's output for the shipped table; a test compares the two.
"""

from collections.abc import Iterator

from yiwang.operations.cases.lifecycle import Group, Table, Transition

REACHES = {"anywhere": "anywhere", "area": "the case's area", "unit": "the handling unit"}


def page(table: Table) -> str:
    """The whole page, Markdown with a Mermaid state diagram."""
    return "\n".join([*_head(table), *_diagram(table), "", *_states(table), "", *_rows(table), ""])


def _head(table: Table) -> Iterator[str]:
    yield "# The life of a case"
    yield ""
    yield (
        f"Version {table.version}, edition {table.edition}. This page is derived from the shipped table"
        " (`src/yiwang/operations/cases/editions`) by `cases.diagram`; change the table, not the page."
    )
    yield ""


def _diagram(table: Table) -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    for state in table.states.values():
        yield f"    {state.key}: {state.label['zh']} {state.label['en']}"
    for row in table.transitions:
        for start in row.start or ("[*]",):
            yield f"    {start} --> {row.end or start}: {row.label['zh']} {row.verb}"
    for state in table.states.values():
        if state.group is not Group.OPEN:
            yield f"    {state.key} --> [*]"
    yield "```"


def _states(table: Table) -> Iterator[str]:
    yield "| state | 中文 | group | limit of the stage |"
    yield "|---|---|---|---|"
    for state in table.states.values():
        limit = f"{state.limit.amount} {state.limit.kind}" if state.limit else "–"
        yield f"| `{state.key}` | {state.label['zh']} | {state.group} | {limit} |"


def _rows(table: Table) -> Iterator[str]:
    yield "| from | verb | 中文 | to | permission | reach | asks for | guards | effects |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for row in table.transitions:
        yield f"| {' | '.join(_cells(row))} |"


def _cells(row: Transition) -> list[str]:
    wanted = [f"{f.name}{'' if f.required else ' (optional)'}" for f in row.fields]
    return [
        ", ".join(f"`{state}`" for state in row.start) or "–",
        f"`{row.verb}`",
        row.label["zh"],
        f"`{row.end}`" if row.end else "stays",
        f"`{row.permission}`",
        REACHES[row.reach],
        ", ".join(wanted) or "–",
        ", ".join(row.guards) or "–",
        ", ".join(row.effects) or "–",
    ]
