"""Loads and saves a dossier, in few statements; and looks up for a step what the database knows."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from yiwang.core import prepared
from yiwang.core.accounts import queries as accounts
from yiwang.core.accounts.models import Unit
from yiwang.core.actor import Actor
from yiwang.core.calendars import queries as calendars
from yiwang.core.calendars.rules import WorkCalendar
from yiwang.core.deadlines import actions as deadlines
from yiwang.core.deadlines.models import Deadline
from yiwang.core.prepared import Prepared
from yiwang.operations.cases import access
from yiwang.operations.cases.categories import queries as category_queries
from yiwang.operations.cases.categories.queries import Rulebook
from yiwang.operations.cases.dossier import CASE, Dossier, rows_of
from yiwang.operations.cases.models import Answer, Approval, Case, CasePhoto, Request, Step, Task
from yiwang.operations.cases.rules import MainCase

# In this order, for the rows of later tables point to those of earlier ones.
WRITTEN: tuple[type[Model], ...] = (Task, Request, Approval, Answer, Step)
# What a step may change of a case; the rest stands from its opening.
MOVING = (
    "condition",
    "condition_snapshot",
    "state",
    "group",
    "version",
    "held_state",
    "pending_request",
    "main_case",
    "handling_unit",
    "units",
    "handlers",
    "rework_count",
    "round",
    "urged_count",
    "satisfaction",
    "exempt",
    "suspended_until",
    "warn_at",
    "due_at",
    "registered_at",
    "ended_at",
)
COLUMNS = {field.name: field.attname for field in Case._meta.concrete_fields if field.name in MOVING}
ANY = UUID(int=2**128 - 1)


def _case(case_id: UUID) -> QuerySet[Case]:
    return Case.objects.select_related("category", "handling_unit", "reporter").filter(pk=case_id)


CASE_ROW = Prepared(_case, ANY)
LOCKED_CASE = Prepared(lambda case_id: _case(case_id).select_for_update(of=("self",)), ANY)
TASKS = Prepared(lambda case_id: Task.objects.filter(case=case_id).select_related("unit"), ANY)
REQUESTS = Prepared(lambda case_id: Request.objects.filter(case=case_id), ANY)
CLOCKS = Prepared(
    lambda case_id: Deadline.objects.filter(owner_kind=CASE, owner_id=case_id).order_by("pk"), ANY
)
PHOTOS = Prepared(lambda case_id: CasePhoto.objects.filter(case=case_id).select_related("file"), ANY)
STEPS = Prepared(lambda case_id: Step.objects.filter(case=case_id), ANY)
APPROVALS = Prepared(lambda case_id: Approval.objects.filter(request__case=case_id), ANY)
ANSWERS = Prepared(
    lambda case_id: Answer.objects.filter(case=case_id).select_related("of_case").order_by("pk"), ANY
)
BOUND = Prepared(lambda case_id: Case.objects.filter(main_case=case_id).order_by("reported_at", "id"), ANY)


@dataclass(frozen=True, slots=True)
class Whole:
    """A case with everything that its page shows; `bound` are all cases that are bound to it, seen or not."""

    dossier: Dossier
    photos: list[CasePhoto]
    steps: list[Step]
    approvals: list[Approval]
    answers: list[Answer]
    bound: list[Case]


def load(case_id: UUID, *, lock: bool = False) -> Dossier | None:
    """A case with its tasks, clocks and requests; locked until the transaction ends when asked. None: no such case."""
    with prepared.at_once():
        cases = (LOCKED_CASE if lock else CASE_ROW).ask(case_id)
        tasks, clocks, requests = TASKS.ask(case_id), CLOCKS.ask(case_id), REQUESTS.ask(case_id)
        found = cases()
        if not found:
            return None
        return Dossier(found[0], tasks(), clocks(), requests(), stood=_standing(found[0]))


def lock_for(actor: Actor, case_id: UUID) -> Dossier:
    """One case that a person is about to change, locked; NotFound `case_not_found` whether missing or hidden."""
    dossier = load(case_id, lock=True)
    if dossier is None or not access.sees(actor, dossier):
        raise access.missing()
    return dossier


def lock_both(one: UUID, other: UUID) -> None:
    """Lock two cases in the order of their ids, so that two that are bound to each other at once do not wait in a
    circle; those that are not there are passed over."""
    rows = Case.objects.filter(pk__in=(one, other)).order_by("pk").select_for_update()
    list(rows.values_list("pk", flat=True))


def read_for(actor: Actor, case_id: UUID) -> Whole:
    """One case to be looked at by a person; NotFound `case_not_found` whether it is missing or hidden."""
    whole = read(case_id)
    if whole is None or not access.sees(actor, whole.dossier):
        raise access.missing()
    return whole


def read(case_id: UUID) -> Whole | None:
    """A whole case; None when there is no such."""
    with prepared.at_once():
        cases, tasks, clocks = CASE_ROW.ask(case_id), TASKS.ask(case_id), CLOCKS.ask(case_id)
        requests, approvals, answers = REQUESTS.ask(case_id), APPROVALS.ask(case_id), ANSWERS.ask(case_id)
        photos, taken, bound = PHOTOS.ask(case_id), STEPS.ask(case_id), BOUND.ask(case_id)
        found = cases()
        if not found:
            return None
        dossier = Dossier(found[0], tasks(), clocks(), requests())
        return Whole(dossier, photos(), taken(), approvals(), answers(), bound())


def save(dossier: Dossier, *, new_case: bool = False) -> None:
    """Write what a step has made and touched; the caller holds the case's lock."""
    with prepared.at_once():
        if new_case:
            prepared.insert([dossier.case])
        else:
            _save_moved(dossier)
        for model in WRITTEN:
            # What ends goes before what begins: a case has one open check, and the next begins in the same step.
            for row in rows_of(dossier.changed, model):
                prepared.update(row)
            prepared.insert(rows_of(dossier.new, model), keys=False)
        deadlines.keep(rows_of([*dossier.new, *dossier.changed], Deadline), learn=False)
    dossier.saved()


def _save_moved(dossier: Dossier) -> None:
    stands = _standing(dossier.case)
    if moved := [name for name in MOVING if stands[name] != dossier.stood[name]]:
        prepared.update(dossier.case, moved)
    dossier.stood = stands


def _standing(case: Case) -> dict[str, object]:
    """The moving columns as they are now; lists as tuples, so that one that is changed in place differs, too."""
    values = {name: getattr(case, column) for name, column in COLUMNS.items()}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}


class Live:
    """Looks up in the database, at the moment of a step; each calendar once."""

    def __init__(self) -> None:
        self.calendars: dict[str, WorkCalendar] = {}

    @cached_property
    def rulebook(self) -> Rulebook:
        """The classes as they hold today."""
        return category_queries.rulebook()

    def unit(self, unit_id: int) -> Unit | None:
        """A unit that handles cases today."""
        return accounts.handling_unit(unit_id)

    def calendar(self, unit_id: int | None) -> tuple[str, WorkCalendar]:
        """The key and the calendar by which a unit's clocks run."""
        key = accounts.calendar_key_of(unit_id)
        return key, self._calendar(key)

    def calendar_of(self, key: str) -> WorkCalendar | None:
        """A calendar by its key."""
        return self._calendar(key) if key else None

    def _calendar(self, key: str) -> WorkCalendar:
        if key not in self.calendars:
            self.calendars[key] = calendars.calendar_by_key(key)
        return self.calendars[key]

    def conditions(self, case: Case, condition_id: int | None) -> frozenset[int]:
        """The condition, when it is one of the case's own category."""
        if condition_id is None:
            return frozenset()
        return frozenset({condition_id} & self.rulebook.condition_ids(case.category))

    def snapshot(self, case: Case, condition_id: int) -> dict[str, Any]:
        """A filing condition with its limit and closing test as they stand today at the case's place."""
        return self.rulebook.snapshot(condition_id, case.category, case.place.get("area_class"))

    def person(self, user_id: UUID, permission: str, area_code: str) -> str | None:
        """The name of a person who holds a permission for a place."""
        found = accounts.holders(permission, area_code=area_code).filter(pk=user_id)
        return found.values_list("name", flat=True).first()

    def main_case(self, actor: Actor, case_id: UUID | None) -> MainCase | None:
        """The case that another shall be bound to, when the actor sees it; kept open until the step is done."""
        if case_id is None:
            return None
        rows = access.list_cases_for(actor).filter(pk=case_id).select_for_update(of=("self",))
        found = rows.values_list("group", "main_case_id").first()
        return MainCase(case_id, found[0] == "open", found[1] is not None) if found else None

    def bound(self, case_id: UUID) -> list[UUID]:
        """The cases that are bound to one."""
        return [case.pk for case in BOUND(case_id)]
