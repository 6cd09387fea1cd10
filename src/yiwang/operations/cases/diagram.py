"""The lifecycle table as a page for people: a picture and the rows, derived and never drawn by hand.

`docs/lifecycle.md` and the picture beside it are this module's output for the shipped table; a test compares them.
Written anew by: python -m yiwang.operations.cases.diagram
"""

import json
from collections.abc import Iterator
from pathlib import Path

from yiwang.operations.cases.lifecycle import CHOSEN, HELD, Group, RequestPolicy, Table, Transition, parse
from yiwang.operations.cases.lifecycle.svg import svg
from yiwang.operations.cases.lifecycle.words import CONDITION_WORDS, EFFECT_WORDS, GUARD_WORDS, Words

REACHES = {"anywhere": "anywhere", "area": "the case's area", "unit": "the task's unit"}
DOCS = Path(__file__).resolve().parents[4] / "docs"
SHIPPED = Path(__file__).parent / "editions" / "lifecycle_2.json"
PICTURES = {"images/lifecycle.svg": "zh", "images/lifecycle.en.svg": "en"}


def page(table: Table) -> str:
    """The whole page, Markdown."""
    parts = (_head, _states, _rows, _requests, _limits, _names)
    return "\n".join(line for part in parts for line in part(table)) + "\n"


def write() -> None:
    """Write page and pictures of the shipped table."""
    table = parse(json.loads(SHIPPED.read_text(encoding="utf-8")))
    (DOCS / "lifecycle.md").write_text(page(table), encoding="utf-8")
    for name, language in PICTURES.items():
        (DOCS / name).write_text(svg(table, language), encoding="utf-8")


def _head(table: Table) -> Iterator[str]:
    yield "# The life of a case"
    yield ""
    yield (
        f"Version {table.version}, edition {table.edition}. This page and its pictures are derived from the shipped"
        " table (`src/yiwang/operations/cases/editions`) by `cases.diagram`; change the table, not the page."
        " A district edits the table on screen: [administration](guide/administration.md)."
    )
    yield ""
    yield "![The life of a case](images/lifecycle.en.svg)"
    yield ""
    yield "中文图：[lifecycle.svg](images/lifecycle.svg)"
    yield ""


def _states(table: Table) -> Iterator[str]:
    yield "## States"
    yield ""
    yield "| state | 中文 | English | group | limit of the stage |"
    yield "|---|---|---|---|---|"
    for state in table.states.values():
        limit = f"{state.limit.amount} {state.limit.kind}" if state.limit else "–"
        yield f"| `{state.key}` | {state.label['zh']} | {state.label['en']} | {state.group} | {limit} |"
    yield ""
    ends = ", ".join(f"`{key}`" for key, state in table.states.items() if state.group is not Group.OPEN)
    yield f"Without a limit of its own a stage runs by the clocks of its tasks. Ends: {ends}."
    yield ""


def _rows(table: Table) -> Iterator[str]:
    yield "## Steps"
    yield ""
    yield "| from | verb | 中文 | to | permission | reach | task | asks for | guards | effects |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    opened = [state.key for state in table.states.values() if state.group is Group.OPEN]
    for row in table.transitions:
        yield f"| {' | '.join(_cells(row, opened))} |"
    yield ""


def _cells(row: Transition, opened: list[str]) -> list[str]:
    wanted = [f"{f.name}{'' if f.required else ' (optional)'}" for f in row.fields]
    starts = "any open state" if list(row.start) == opened else ", ".join(f"`{state}`" for state in row.start)
    task = f"{row.task.kind}: {'/'.join(row.task.start)} → {row.task.end or 'stays'}" if row.task else "–"
    decided = f"level of `{row.request}`" if row.request and not row.permission else f"`{row.permission}`"
    return [
        starts or "–",
        f"`{row.verb}`",
        row.label["zh"],
        _to(row),
        decided,
        REACHES[row.reach],
        task,
        ", ".join(wanted) or "–",
        ", ".join(row.guards) or "–",
        ", ".join(row.effects) or "–",
    ]


def _to(row: Transition) -> str:
    names = {HELD: "where it was", CHOSEN: "as chosen: " + ", ".join(f"`{key}`" for key in row.choices)}
    told = [
        names.get(outcome.state, f"`{outcome.state}`") + (f" if {outcome.when}" if outcome.when else "")
        for outcome in row.outcomes
    ]
    return ", else ".join(told) or "stays"


def _requests(table: Table) -> Iterator[str]:
    yield "## Requests beside the state"
    yield ""
    yield "| request | 中文 | approvals | other steps wait | evidence | approved at most | only in time | longest |"
    yield "|---|---|---|---|---|---|---|---|"
    for policy in table.requests.values():
        yield f"| {' | '.join(_policy(policy))} |"
    yield ""


def _policy(policy: RequestPolicy) -> list[str]:
    def said(fulfilled: bool) -> str:
        return "yes" if fulfilled else "–"

    return [
        f"`{policy.kind}`",
        policy.label["zh"],
        ", then ".join(f"{level.label['en']} (`{level.permission}`)" for level in policy.approvals),
        said(policy.blocks),
        said(policy.evidence),
        "any number" if policy.most is None else str(policy.most),
        said(policy.before_due),
        f"{policy.longest_days} days" if policy.longest_days else "–",
    ]


def _limits(table: Table) -> Iterator[str]:
    yield "## Limits of tasks, and reminders"
    yield ""
    for stage, limit in table.limits.items():
        yield f"- `{stage}`: {limit.amount} {limit.kind}."
    yield "- `handle`: the limit of the case's condition ([categories](standards/categories.md))."
    for stage, marks in table.marks.items():
        named = ", ".join(f"{name} at {share} of the limit" for name, share in marks)
        yield f"- reminders of `{stage}`: {named}."
    yield ""


def _names(table: Table) -> Iterator[str]:
    yield "## What the table may name"
    yield ""
    yield "Guards, conditions and effects are Python functions of these names; an editor chooses them by their words."
    parts: tuple[tuple[str, Words], ...] = (
        ("guards", GUARD_WORDS),
        ("conditions of an outcome", CONDITION_WORDS),
        ("effects", EFFECT_WORDS),
    )
    for title, words in parts:
        yield ""
        yield f"### {title.capitalize()}"
        yield ""
        yield "| name | 中文 | English |"
        yield "|---|---|---|"
        for name, (zh, en) in words.items():
            yield f"| `{name}` | {zh} | {en} |"


if __name__ == "__main__":
    write()
