"""What can be brought in to this room from tables: cases of which a source tells the beginning and the end.

Each row is one case by the reduced way of the history door. The mapping declares the *ways* (`[options.ways]`): for
each, the verbs of the lifecycle table from the opening on. The first happened when the case was reported, the last
when it ended; those between are written as not known.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from yiwang.city.geo.queries import to_wgs84
from yiwang.core import clock
from yiwang.core.imports.declare import (
    BadMapping,
    Bringing,
    Fault,
    Kind,
    Outcome,
    Parsed,
    Target,
    TargetField,
    declare,
    shown,
)
from yiwang.operations.cases import history
from yiwang.operations.cases.history import Given, Loaded, PastCase, PastStep
from yiwang.operations.cases.history.memory import Memory
from yiwang.operations.cases.history.reduced import lands
from yiwang.operations.cases.lifecycle import Group, Table

KEY = "cases"
OPTIONS = {"ways", "area", "datum"}
DATUMS = ("wgs84", "gcj02", "bd09")
OPEN_WAY, ENDED_WAY = "open", "closed"
# What was looked up for one chunk of a run serves the next; of the last run only.
_memory: dict[UUID, Memory] = {}

FIELDS = (
    TargetField("category", required=True, longest=80, meaning="the key of a case class"),
    TargetField("description", required=True, longest=20_000, meaning="what was reported"),
    TargetField("source", required=True, longest=50, meaning="a code of the table case_sources"),
    TargetField("reported_at", Kind.MOMENT, required=True, meaning="when it was reported"),
    TargetField("occurred_at", Kind.MOMENT, meaning="when it happened"),
    TargetField("ended_at", Kind.MOMENT, meaning="when it ended"),
    TargetField("due_at", Kind.MOMENT, meaning="by when it was to end, where the source says so"),
    TargetField(
        "way", longest=30, meaning="which of the declared ways; by default closed or open, as it has ended"
    ),
    TargetField("answer", longest=20_000, meaning="what the reporter was told"),
    TargetField("told_at", Kind.MOMENT, meaning="when the reporter was told"),
    TargetField("lon", Kind.LONGITUDE, meaning="where, in the datum of the options"),
    TargetField("lat", Kind.LATITUDE, meaning="where, in the datum of the options"),
    TargetField("address", longest=300, meaning="where, in words"),
    TargetField("reporter_name", longest=50, meaning="who reported it"),
    TargetField("reporter_phone", longest=20, meaning="and under which number"),
    TargetField("said", longest=200, meaning="how the source itself classes it; kept with the first step"),
)


def prepare(options: Mapping[str, object]) -> None:
    """Check the options: ways, area, datum. Raises BadMapping."""
    for name in options:
        if name not in OPTIONS:
            raise BadMapping(f"{name!r} is not known here; there are: {', '.join(sorted(OPTIONS))}.")
    if options.get("datum", "wgs84") not in DATUMS:
        raise BadMapping(f"datum must be one of {', '.join(DATUMS)}.")
    area = options.get("area", "")
    if not isinstance(area, str) or (area and (not area.isdecimal() or len(area) not in (6, 9, 12))):
        raise BadMapping("area must be the code of a district (6), street (9) or community (12 digits).")
    ways = options.get("ways")
    if not isinstance(ways, dict) or not ways:
        raise BadMapping(
            'ways must say by which verbs of the lifecycle a case goes: closed = ["take_call", …].'
        )
    for name, verbs in ways.items():
        if not isinstance(verbs, list) or not verbs or not all(isinstance(verb, str) for verb in verbs):
            raise BadMapping(f"the way {name!r} must be a list of verbs.")


def bring(bringing: Bringing, rows: Sequence[Parsed]) -> Outcome:
    """One chunk through the history door."""
    memory = _memory_of(bringing.run_id)
    reader = _Reader(bringing.options, memory.table)
    lines = {row.key: row for row in rows}
    outcome = Outcome()
    past = []
    for row in rows:
        case = reader.case(row)
        if isinstance(case, Fault):
            outcome.faults.append(case)
        else:
            past.append(case)
    with history.uncollected():
        loaded: Loaded = history.load_chunk(
            past, source=bringing.source, actor=bringing.actor, run_id=bringing.run_id, memory=memory
        )
    outcome.made, outcome.present = loaded.made, loaded.known
    outcome.faults += [_fault(lines[fault.key], fault) for fault in loaded.faults]
    return outcome


def _memory_of(run_id: UUID) -> Memory:
    if run_id not in _memory:
        _memory.clear()
        _memory[run_id] = Memory()
    return _memory[run_id]


def _fault(row: Parsed, fault: history.CaseFault) -> Fault:
    place = {"at": "ended_at"}.get(fault.field, fault.field)
    return Fault(row.line, place, shown(row.values.get(place)), fault.code, fault.reason)


class _Reader:
    """Makes past cases of rows."""

    def __init__(self, options: Mapping[str, Any], table: Table) -> None:
        self._area = str(options.get("area", ""))
        self._datum = options.get("datum", "wgs84")
        self._ways: dict[str, list[str]] = options["ways"]
        self._ends = {name: way_end(table, name, verbs) for name, verbs in self._ways.items()}

    def case(self, row: Parsed) -> PastCase | Fault:
        """The case that a row tells of; the first thing that contradicts itself otherwise."""
        values: Any = row.values
        ended: datetime | None = values.get("ended_at")
        way = values.get("way") or (ENDED_WAY if ended else OPEN_WAY)
        if way not in self._ways:
            return Fault(row.line, "way", way, "unknown_way", f"映射没有说明“{way}”怎样办理。",
                f"在 [options.ways] 中写明，已有：{'、'.join(self._ways)}。")  # fmt: skip
        fault = self._contradiction(row, way, values["reported_at"], ended)
        if fault is not None:
            return fault
        lon, lat = values.get("lon"), values.get("lat")
        if lon is not None and lat is not None and self._datum != "wgs84":
            lon, lat = to_wgs84(lon, lat, self._datum)
        return PastCase(
            key=row.key,
            category=values["category"],
            description=values["description"],
            source=values["source"],
            steps=self._steps(way, values, ended),
            lon=lon if lat is not None else None,
            lat=lat if lon is not None else None,
            area=self._area,
            address=values.get("address") or "",
            occurred_at=values.get("occurred_at"),
            reporter_name=values.get("reporter_name") or "",
            reporter_phone=values.get("reporter_phone") or "",
            reduced=True,
            due_at=values.get("due_at"),
            told_at=values.get("told_at"),
            remarks=self._remarks(way, values, ended),
        )

    def _contradiction(self, row: Parsed, way: str, began: datetime, ended: datetime | None) -> Fault | None:
        if ended is not None and ended < began:
            return Fault(row.line, "ended_at", local(ended), "ends_before_it_begins",
                f"办结时间 {local(ended)} 早于上报时间 {local(began)}。", "核对两个时间，改正后重新导入。")  # fmt: skip
        if self._ends[way] is not Group.OPEN and len(self._ways[way]) > 1 and ended is None:
            return Fault(
                row.line, "ended_at", "", "no_end", "来源说已办结，但没有办结时间。", "补上办结时间。"
            )
        due = row.values.get("due_at")
        if isinstance(due, datetime) and due < began - timedelta(days=1):
            return Fault(row.line, "due_at", local(due), "due_before_it_begins",
                f"时限 {local(due)} 早于上报时间 {local(began)}。", "核对时限；不清楚就留空。")  # fmt: skip
        return None

    def _steps(self, way: str, values: Mapping[str, Any], ended: datetime | None) -> tuple[PastStep, ...]:
        verbs, began = self._ways[way], values["reported_at"]
        last = len(verbs) - 1
        steps = []
        for number, verb in enumerate(verbs):
            note = (values.get("answer") or "") if number == last and number > 0 else ""
            at = began if number == 0 else ended or began
            steps.append(PastStep(at, verb, given=Given(note=note), known=number in (0, last)))
        return tuple(steps)

    def _remarks(self, way: str, values: Mapping[str, Any], ended: datetime | None) -> dict[str, object]:
        """What the source says and a case has no place for."""
        remarks: dict[str, object] = {}
        if values.get("said"):
            remarks["said"] = values["said"]
        if ended is not None and self._ends[way] is Group.OPEN:
            remarks["said_ended_at"] = ended.isoformat()
        if values.get("lon") is not None and values.get("lat") is not None:
            remarks["said_place"] = [values["lon"], values["lat"], self._datum]
        return remarks


def way_end(table: Table, name: str, verbs: Sequence[str]) -> Group:
    """The group in which a way ends. Raises BadMapping when the table has no such way."""
    opening = next((t for t in table.openings() if t.verb == verbs[0]), None)
    state = lands(opening, "") if opening else ""
    for verb in verbs[1:] if state else ():
        row = table.find(state, verb)
        state = lands(row, state) if row else ""
        if not state:
            break
    if not state:
        raise BadMapping(f"[options.ways] {name}: the lifecycle has no way {' → '.join(verbs)}.")
    return table.states[state].group


def local(moment: datetime) -> str:
    """A moment as a clerk reads it."""
    return moment.astimezone(clock.LOCAL).strftime("%Y-%m-%d %H:%M:%S")


CASES = declare(
    Target(key=KEY, fields=FIELDS, bring=bring, prepare=prepare, folder=Path(__file__).parent / "mappings")
)
