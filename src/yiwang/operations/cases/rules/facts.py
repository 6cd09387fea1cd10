"""What the rules know: what was given, and the facts of a case and its tasks, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from yiwang.core.actor import Actor, Scope
from yiwang.operations.cases.lifecycle import Reach, Transition

HANDLE, CHECK, VERIFY, SIGN, SUPERVISE = "handle", "check", "verify", "sign", "supervise"
OPEN_TASK = frozenset({"waiting", "running"})


@dataclass(frozen=True, slots=True)
class Photo:
    """A stored file in a slot (near, far, reference, before, after, check, evidence)."""

    file_id: UUID
    slot: str


@dataclass(frozen=True, slots=True)
class Given:
    """What a person gives with an action; which of it is asked for stands in the table's row."""

    note: str = ""
    task_id: UUID | None = None
    unit_id: int | None = None
    assist_ids: tuple[int, ...] = ()
    condition_id: int | None = None
    main_case_id: UUID | None = None
    user_id: UUID | None = None
    until: date | None = None
    to_state: str = ""
    score: int | None = None
    kind: str = ""
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskFact:
    """What the table needs to know of one task. `overdue`: its clock has run over; `had` at any time."""

    id: UUID
    kind: str
    state: str
    is_main: bool = False
    unit_id: int | None = None
    unit_path: str = ""
    round: int = 0
    overdue: bool = False
    assignee_id: UUID | None = None

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state in OPEN_TASK


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that waits for its next decision; `level` counts the approvals that it has.

    `hands`: who asked and who approved.
    """

    id: UUID
    kind: str
    task_id: UUID | None
    level: int = 0
    hands: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class MainCase:
    """The case that another is to be bound to."""

    id: UUID
    is_open: bool
    is_bound: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What the table needs to know of a case.

    `approved`: how many requests of a kind were approved for a task (None: for the case). `granted`: the step
    that is being taken has given a request its last approval. `today`: the local day.
    """

    state: str
    area_code: str
    case_id: UUID | None = None
    round: int = 0
    held_state: str = ""
    tasks: tuple[TaskFact, ...] = ()
    asked: tuple[Asked, ...] = ()
    approved: Mapping[tuple[str, UUID | None], int] = field(default_factory=dict)
    handlers: frozenset[UUID] = frozenset()
    category_conditions: frozenset[int] = frozenset()
    registered: bool = False
    ran_over: bool = False
    main_case: MainCase | None = None
    granted: bool = False
    today: date | None = None

    def task(self, task_id: UUID | None) -> TaskFact | None:
        """One task by its id."""
        return next((task for task in self.tasks if task.id == task_id), None)

    def of_kind(self, kind: str) -> tuple[TaskFact, ...]:
        """The tasks of a kind in the case's present round."""
        return tuple(task for task in self.tasks if task.kind == kind and task.round == self.round)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A row of the table together with the task and the request that it is taken for.

    `scope`, once it is decided, is the assignment by which the actor takes it (None: the platform itself).
    """

    row: Transition
    task: TaskFact | None = None
    asked: Asked | None = None
    scope: Scope | None = None


def reaches_area(scope: Scope, area_code: str) -> bool:
    """Whether a place lies in one of the scope's areas; an area without digits reaches nothing."""
    return any(area_code.startswith(area) for area in scope.areas if area)


def reaches_task(scope: Scope, task: TaskFact) -> bool:
    """Whether a task belongs to the scope's unit subtree."""
    return bool(scope.unit_path) and task.unit_path.startswith(scope.unit_path)


def units_tasks(facts: Facts) -> tuple[TaskFact, ...]:
    """The tasks by which units reach a case: the open ones, and when there are none those that were handled."""
    opened = tuple(task for task in facts.tasks if task.unit_path and task.is_open)
    return opened or tuple(task for task in facts.of_kind(HANDLE) if task.state == "done")


def reaches(scope: Scope, reach: Reach, facts: Facts, task: TaskFact | None = None) -> bool:
    """Whether a scope stretches to a case: by place, or by a task (this one, when one is meant) of its units."""
    if reach is Reach.ANYWHERE:
        return True
    if reach is Reach.AREA:
        return reaches_area(scope, facts.area_code)
    return any(reaches_task(scope, item) for item in ([task] if task else units_tasks(facts)))


def covering(
    actor: Actor, permission: str, reach: Reach, facts: Facts, task: TaskFact | None = None
) -> Scope | None:
    """The assignment that covers something for this case; one's own before that of somebody absent."""
    return actor.scope_for(permission, lambda scope: reaches(scope, reach, facts, task))


def holds(actor: Actor, permission: str, reach: Reach, facts: Facts, task: TaskFact | None = None) -> bool:
    """Whether the actor's authority covers something for this case."""
    return actor.is_system or covering(actor, permission, reach, facts, task) is not None
