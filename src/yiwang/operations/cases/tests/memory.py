"""A case without a database: the real table, the real rules and effects, and people and units made up in memory."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib.gis.geos import Point

from yiwang.core.accounts.models import Unit
from yiwang.core.actor import Actor, Scope
from yiwang.core.calendars.rules import WorkCalendar, work_calendar
from yiwang.operations.cases import rules, steps
from yiwang.operations.cases.dossier import Dossier
from yiwang.operations.cases.effects import Occasion
from yiwang.operations.cases.lifecycle import Table, Transition
from yiwang.operations.cases.models import Case, Category
from yiwang.operations.cases.rules import Chosen, Given, MainCase, Photo

GRID = "420117001001001"
CONDITION = 7
CALENDAR = work_calendar([("08:00", "12:00"), ("14:00", "18:00")], {})
# A Tuesday, 10:00 in the district.
MORNING = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)
UNITS = {n: Unit(pk=n, path=f"1.{n}.", short_name=f"单位{n}", handles_cases=True) for n in range(4, 90)}
MAIN = MainCase(uuid4(), is_open=True, is_bound=False)


@dataclass
class Memory:
    """Knows what a step looks up, without a database."""

    bound_cases: list[UUID] = field(default_factory=list)

    def unit(self, unit_id: int) -> Unit | None:
        """A handling unit."""
        return UNITS.get(unit_id)

    def calendar(self, unit_id: int | None) -> tuple[str, WorkCalendar]:
        """Five days a week."""
        return "default", CALENDAR

    def calendar_of(self, key: str) -> WorkCalendar | None:
        """The same."""
        return CALENDAR if key else None

    def conditions(self, case: Case, condition_id: int | None) -> frozenset[int]:
        """One condition."""
        return frozenset({CONDITION})

    def snapshot(self, case: Case, condition_id: int) -> dict[str, Any]:
        """Four working hours."""
        return {"limit": {"kind": "working_hour", "amount": "4"}}

    def person(self, user_id: UUID, permission: str, area_code: str) -> str | None:
        """Anybody."""
        return "李四"

    def main_case(self, actor: Actor, case_id: UUID | None) -> MainCase | None:
        """The one that is there."""
        return MAIN if case_id == MAIN.id else None

    def bound(self, case_id: UUID) -> list[UUID]:
        """None, unless a test says so."""
        return self.bound_cases


def actor(
    *permissions: str, areas: tuple[str, ...] = ("420117",), unit_path: str = "", user_id: UUID | None = None
) -> Actor:
    """Somebody with one assignment."""
    scope = Scope(
        role="r", post="p", unit_id=1, unit_name="u", unit_path=unit_path, areas=areas,
        permissions=frozenset(permissions),
    )  # fmt: skip
    return Actor(user_id=user_id or uuid4(), name="甲", assignments=(scope,))


def all_permissions(table: Table) -> set[str]:
    """Every permission that the table names."""
    levels = {a.permission for policy in table.requests.values() for a in policy.approvals}
    return {row.permission for row in table.transitions if row.permission} | levels


@dataclass
class Walk:
    """One case carried through the real steps in memory; time passes by hand."""

    table: Table
    now: datetime = MORNING
    memory: Memory = field(default_factory=Memory)
    dossier: Dossier = field(init=False)

    def __post_init__(self) -> None:
        case = Case(
            number="1", category=Category(key="event.x"), description="x", location=Point(114.8, 30.8),
            area_code=GRID, source="hotline_12345", lifecycle_id=self.table.version, occurred_at=self.now,
        )  # fmt: skip
        self.dossier = Dossier(case)

    @property
    def case(self) -> Case:
        return self.dossier.case

    def open(self, row: Transition, who: Actor) -> "Walk":
        """The first step."""
        steps.begin(self.dossier, self.occasion(who), row, Given())
        return self

    def occasion(self, who: Actor) -> Occasion:
        return Occasion(who, self.table, self.now, self.memory)

    def facts(self) -> rules.Facts:
        return self.dossier.facts(
            self.now, today=self.now.date(), conditions=frozenset({CONDITION}), main_case=MAIN
        )

    def take(self, verb: str, who: Actor, **given: Any) -> steps.Taken:
        """One step."""
        return steps.take(self.dossier, self.occasion(who), verb, Given(**given))

    def ways(self, who: Actor) -> tuple[Chosen, ...]:
        """The buttons."""
        return rules.allowed(self.table, self.facts(), who)

    def later(self, **span: float) -> "Walk":
        """Time passes."""
        self.now += timedelta(**span)
        return self


def complete(chosen: Chosen, walk: Walk) -> dict[str, Any]:
    """All that a row asks for, with what would be accepted."""
    wanted = {f.name: f for f in chosen.row.fields}
    busy = {t.unit_id for t in walk.dossier.open_tasks("handle", "sign")}
    free = [n for n in UNITS if n not in busy]
    values: dict[str, Any] = {
        "note": "说明",
        "unit_id": free[0] if free else None,
        "assist_ids": tuple(free[1:2]),
        "condition_id": CONDITION,
        "main_case_id": MAIN.id,
        "user_id": uuid4(),
        "until": walk.now.date() + timedelta(days=30),
        "score": 4,
    }
    given = {name: value for name, value in values.items() if name in wanted}
    for name in ("to_state", "kind"):
        if name in wanted:
            given[name] = wanted[name].options[0][0]
    if "photos" in wanted:
        given["photos"] = (Photo(uuid4(), str(wanted["photos"].slot)),)
    if chosen.task is not None:
        given["task_id"] = chosen.task.id
    return given
