"""What happens when a clock of a case reaches a mark: whoever has the work in hand is told, a suspension ends.

`remind` acts on hundreds of marks at once, in the transaction that notes them as fired, with a fixed number of
statements. It locks no case: what needs one is published and done by the handlers below, each once in effect.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection

from yiwang.core.accounts.queries import Holding, holders_of, substitutes_of
from yiwang.core.actor import system
from yiwang.core.deadlines import queries as deadlines
from yiwang.core.deadlines.declare import Fired, on_marks
from yiwang.core.deadlines.events import DeadlineMoved
from yiwang.core.events import actions as events
from yiwang.core.events.declare import Event, handles
from yiwang.core.notify.actions import Word, notify_many
from yiwang.operations.cases import actions, queries
from yiwang.operations.cases.dossier import CASE, SUSPENDED
from yiwang.operations.cases.lifecycle import Label, Reach
from yiwang.operations.cases.models import Case, Task
from yiwang.operations.cases.rules import OPEN_TASK, Given

DUE = "due"
TIME_SHORT, OVERDUE = "case.time_short", "case.overdue"
RESUMED = "挂账期满，自动恢复办理。"
BY = system("时钟")


@dataclass(frozen=True, slots=True)
class SuspensionEnded(Event):
    """The last day of a suspension is over."""

    type: ClassVar[str] = "case.suspension_ended"

    case_id: str
    deadline_id: int

    @property
    def aggregate(self) -> str:
        """Events of one case come in order."""
        return f"case:{self.case_id}"


@dataclass(frozen=True, slots=True)
class OpenTask:
    """An open task, as far as it says who is to be told."""

    id: UUID
    kind: str
    unit_path: str
    assignee_id: UUID | None


@dataclass(slots=True)
class OpenCase:
    """A case, as far as a notice speaks of it."""

    number: str
    category: Label
    address: str
    area_code: str
    lifecycle: int
    tasks: list[OpenTask] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Whom:
    """Who is to be told of a mark: these people, and those who hold this."""

    people: frozenset[UUID] = frozenset()
    holdings: frozenset[Holding] = frozenset()


NOBODY = Whom()


@on_marks(CASE)
def remind(fired: list[Fired]) -> None:
    """Tell whoever has the work in hand; of several marks of one clock at once only the last."""
    ended = [mark for mark in fired if mark.stage == SUSPENDED and mark.mark == DUE]
    events.publish_many((SuspensionEnded(str(m.owner_id), m.deadline_id), events.NOBODY) for m in ended)
    last = {mark.deadline_id: mark for mark in fired if mark.stage != SUSPENDED}
    tell(last.values())


def tell(marks: Collection[Fired]) -> None:
    """Notices for these marks. Eight statements, however many they are."""
    cases = open_cases({mark.owner_id for mark in marks})
    meant = [(mark, case, whom_of(mark, case)) for mark in marks if (case := cases.get(mark.owner_id))]
    # Few units and posts have many clocks: each is looked up once.
    people = people_of({whom for _, _, whom in meant})
    notify_many(word_of(mark, case, people[whom]) for mark, case, whom in meant)


def people_of(wanted: Collection[Whom]) -> dict[Whom, frozenset[UUID]]:
    """The people who are to be told, substitutes for those who are away. Three statements."""
    holding = holders_of({holding for whom in wanted for holding in whom.holdings})
    instead = substitutes_of({person for whom in wanted for person in whom.people})
    return {
        whom: frozenset().union(
            *(instead.get(person, {person}) for person in whom.people),
            *(holding[one] for one in whom.holdings),
        )
        for whom in wanted
    }


def open_cases(ids: Collection[UUID]) -> dict[UUID, OpenCase]:
    """The open ones among these cases, with their open tasks. Two statements."""
    rows = Case.objects.filter(pk__in=ids, group="open").values_list(
        "pk", "number", "category__name_zh", "category__name_en", "address", "area_code", "lifecycle_id"
    )
    cases = {
        pk: OpenCase(number, {"zh": zh, "en": en}, address, area, version)
        for pk, number, zh, en, address, area, version in rows
    }
    tasks = Task.objects.filter(case__in=cases, state__in=OPEN_TASK).values_list(
        "case_id", "pk", "kind", "unit__path", "assignee_id"
    )
    for case_id, pk, kind, path, assignee in tasks:
        cases[case_id].tasks.append(OpenTask(pk, kind, path or "", assignee))
    return cases


def whom_of(mark: Fired, case: OpenCase) -> Whom:
    """A task's clock: the unit that has it, or the person. A stage's clock: those whose main step it waits for."""
    if mark.part_id is not None:
        task = next((task for task in case.tasks if task.id == mark.part_id), None)
        return _whom_of_task(task, case) if task else NOBODY
    table = queries.table(case.lifecycle)
    people: set[UUID] = set()
    holdings: set[Holding] = set()
    for row in table.leaving(mark.stage):
        if not row.is_main or row.request:
            continue
        tasks = [task for task in case.tasks if row.task and row.task.kind == task.kind]
        found = [_whom_of_task(task, case, row.verb) for task in tasks]
        if row.task is None:
            found = [Whom(holdings=frozenset({Holding(row.permission, area_code=case.area_code)}))]
        people.update(*(one.people for one in found))
        holdings.update(*(one.holdings for one in found))
    return Whom(frozenset(people), frozenset(holdings))


def _whom_of_task(task: OpenTask, case: OpenCase, verb: str = "") -> Whom:
    if not task.unit_path and task.assignee_id is not None:
        return Whom(people=frozenset({task.assignee_id}))
    return _holders(case.lifecycle, task.kind, verb, task.unit_path, case.area_code)


@lru_cache(maxsize=10_000)
def _holders(lifecycle: int, kind: str, verb: str, unit_path: str, area_code: str) -> Whom:
    """Who can do something with a task of this kind (`verb`: this); versions of the table never change."""
    steps = [row for row in queries.table(lifecycle).transitions if row.task and row.task.kind == kind]
    held = {
        row.permission
        for row in steps
        if (row.reach is Reach.UNIT) == bool(unit_path) and verb in ("", row.verb)
    }
    where = {"unit_path": unit_path} if unit_path else {"area_code": area_code}
    return Whom(holdings=frozenset(Holding(permission, **where) for permission in held))


def word_of(mark: Fired, case: OpenCase, people: frozenset[UUID]) -> Word:
    """The notice of a mark. `stage` is the state or task whose clock it is, `mark` its name in the table."""
    stage = stage_label(case.lifecycle, mark.stage)
    params: dict[str, Any] = {
        "number": case.number,
        "category": case.category,
        "address": case.address,
        "stage": stage,
        "mark": mark.mark,
        "due_at": mark.due_at.isoformat(),
    }
    kind = OVERDUE if mark.at >= mark.due_at else TIME_SHORT
    return Word(people, kind, params, f"/cases/{mark.owner_id}")


@lru_cache(maxsize=512)
def stage_label(lifecycle: int, stage: str) -> Label:
    """What a stage is called: a state, or a kind of task."""
    from yiwang.operations.cases.present import TASK_KINDS

    state = queries.table(lifecycle).states.get(stage)
    return state.label if state else TASK_KINDS.get(stage, {"zh": stage, "en": stage})


@handles(SuspensionEnded)
def resume(event: SuspensionEnded) -> None:
    """The case goes on, unless somebody has gone on with it or suspended it anew meanwhile."""
    case = Case.objects.filter(pk=event.case_id, state=SUSPENDED).first()
    if case is None:
        return
    its = deadlines.of_owners(CASE, [case.pk]).filter(pk=event.deadline_id, stopped_at__isnull=True)
    if not its.exists():
        return
    actions.advance(BY, case.pk, verb="resume", expected_version=case.version, given=Given(note=RESUMED))


@handles(DeadlineMoved)
def refresh_clocks(event: DeadlineMoved) -> None:
    """Cases show the nearest deadline of theirs: read again after a calendar has changed."""
    if event.owner_kind != CASE:
        return
    # Locked first, as in every step: no clock of theirs changes between reading and writing. Who waits too long gives
    # way and is delivered again: a step that holds one of these cases and wants another is not to be the victim.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '500ms'")
    cases = Case.objects.filter(pk__in=event.owner_ids, group="open").order_by("pk").select_for_update()
    ids = list(cases.values_list("pk", flat=True))
    running = deadlines.of_owners(CASE, ids).filter(stopped_at__isnull=True).exclude(stage=SUSPENDED)
    rows = running.order_by("-due_at").values_list("owner_id", "due_at", "warn_at")
    nearest = {owner: (due_at, warn_at) for owner, due_at, warn_at in rows}
    columns = [list(column) for column in zip(*((pk, *times) for pk, times in nearest.items()), strict=True)]
    if columns:
        with connection.cursor() as cursor:
            cursor.execute(_SHOW, columns)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = DEFAULT")


_SHOW = """
UPDATE cases_case AS c SET due_at = v.due_at, warn_at = v.warn_at
FROM unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[]) AS v(id, due_at, warn_at)
WHERE c.id = v.id AND (c.due_at, c.warn_at) IS DISTINCT FROM (v.due_at, v.warn_at)
"""
