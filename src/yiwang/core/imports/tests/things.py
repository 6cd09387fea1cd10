"""A target of the tests' own: things with a name, a moment and a place, kept in a list."""

from collections.abc import Sequence
from typing import Any

from yiwang.core.ids import uuid7
from yiwang.core.imports import actions
from yiwang.core.imports.declare import Bringing, Kind, Outcome, Parsed, Target, TargetField, declare
from yiwang.core.imports.faults import BadMapping, Fault

kept: list[Parsed] = []


def bring(bringing: Bringing, rows: Sequence[Parsed]) -> Outcome:
    """Keeps each thing; one called 坏 is refused."""
    known = actions.claim("things", bringing.source, [row.key for row in rows])
    outcome = Outcome(present=set(known))
    for row in rows:
        if row.key in known:
            continue
        if row.values["name"] == "坏":
            outcome.faults.append(Fault(row.line, "name", "坏", "refused", "It is bad."))
            continue
        outcome.made[row.key] = uuid7()
        kept.append(row)
    actions.remember("things", bringing.source, outcome.made, bringing.run_id)
    return outcome


def prepare(options: Any) -> None:
    if "colour" in options:
        raise BadMapping("'colour' is not known")


THINGS = declare(
    Target(
        key="things",
        fields=(
            TargetField("name", required=True, longest=20),
            TargetField("at", Kind.MOMENT),
            TargetField("lon", Kind.LONGITUDE),
            TargetField("lat", Kind.LATITUDE),
            TargetField("count", Kind.INTEGER),
            TargetField("kind"),
        ),
        bring=bring,
        prepare=prepare,
    )
)


def document(**changes: Any) -> dict[str, Any]:
    """A mapping's document."""
    return {
        "target": "things",
        "source": "tests",
        "key": {"columns": ["编号"]},
        "fields": {"name": {"column": ["名称", "name"]}, "at": "时间"},
        **changes,
    }
