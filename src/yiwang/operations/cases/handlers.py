"""What this room does when it hears its own news: whoever is next is told, and whoever waits for word."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from yiwang.core.accounts.events import UnitClosed, UnitMerged
from yiwang.core.accounts.queries import at_work, holders
from yiwang.core.events.declare import handles
from yiwang.core.notify import actions as notify
from yiwang.operations.cases import queries, reorganisation, rules, store
from yiwang.operations.cases.dossier import Dossier
from yiwang.operations.cases.events import CaseAdvanced, CaseOpened
from yiwang.operations.cases.lifecycle import Decision, Label, Reach, Table
from yiwang.operations.cases.models import Request, Step, Task
from yiwang.operations.cases.present import TASK_KINDS
from yiwang.operations.cases.rules import Chosen, Facts

REMINDING = {"urge": "case.urged", "supervise": "case.supervised"}
LOOKING = {Task.Kind.VERIFY, Task.Kind.CHECK}


@handles(CaseOpened)
def tell_first(event: CaseOpened) -> None:
    """Those who take a new case on are told."""
    tell_next(UUID(event.case_id), event.version)


@handles(CaseAdvanced)
def tell_following(event: CaseAdvanced) -> None:
    """Those who have the next step are told, and those who are urged or whose request was decided."""
    tell_next(UUID(event.case_id), event.version)


@handles(UnitMerged)
def hand_over_after_merger(event: UnitMerged) -> None:
    """The successor has the open tasks of a unit that became part of it."""
    reorganisation.hand_over(event.unit_id)


@handles(UnitClosed)
def hand_over_after_closing(event: UnitClosed) -> None:
    """The successor has the open tasks of a unit that was closed."""
    reorganisation.hand_over(event.unit_id)


def tell_next(case_id: UUID, version: int) -> None:
    """Notices that follow from a step; none when the case has moved on since."""
    dossier = store.load(case_id)
    if dossier is None or dossier.case.version != version:
        return
    step = Step.objects.get(case=case_id, seq=version + 1)
    table = queries.table_of(dossier.case)
    facts = dossier.facts(step.at)
    _tell_takers(dossier, table, facts, step)
    _tell_urged(dossier, step)
    _tell_asker(dossier, table, step)


def _tell_takers(dossier: Dossier, table: Table, facts: Facts, step: Step) -> None:
    """A notice for each main step that this one has made possible, to everybody who can take it."""
    told: set[UUID] = set()
    for way in ways(table, facts):
        if _is_news(dossier, table, way, step):
            people = takers(table, facts, way) - told
            told |= people
            _notify(dossier, people, "case.your_turn", verb=_to_do(way), after=step.verb)


def _to_do(way: Chosen) -> Label:
    """What to call a step that is still to be taken: who is sent to look is not told what to find."""
    kind = way.row.task.kind if way.row.task else ""
    return TASK_KINDS[kind] if kind in LOOKING else way.row.label


def ways(table: Table, facts: Facts) -> list[Chosen]:
    """The main steps that somebody could take now."""
    return [
        way
        for row in table.leaving(facts.state)
        if row.is_main
        for way in rules.candidates(row, facts)
        if rules.blocking(table, way, facts) is None
    ]


def _is_news(dossier: Dossier, table: Table, way: Chosen, step: Step) -> bool:
    if step.from_state != step.to_state:
        return True
    row = table.find(step.from_state, step.verb)
    if way.asked is not None:
        return row is not None and row.request == way.asked.kind
    if row is not None and row.request:
        return False  # what is asked beside the state, or answered, gives the unit nothing new to do
    task = next((task for task in dossier.tasks if way.task and task.pk == way.task.id), None)
    return task is not None and (task.opened_at == step.at or step.task_id == task.pk)


def takers(table: Table, facts: Facts, way: Chosen) -> set[UUID]:
    """The people whose authority covers a step: the one who is named, where somebody is."""
    task = way.task
    if task is not None and task.assignee_id and task.state == "waiting":
        return at_work({task.assignee_id})
    if way.asked is not None:
        approval = table.requests[way.asked.kind].approvals[way.asked.level]
        return _ids(holders(approval.permission, area_code=facts.area_code))
    if way.row.reach is Reach.UNIT:
        paths = [task.unit_path] if task else [t.unit_path for t in facts.tasks if t.is_open and t.unit_path]
        return {person for path in paths for person in _ids(holders(way.row.permission, unit_path=path))}
    return _ids(holders(way.row.permission, area_code=facts.area_code))


def _tell_urged(dossier: Dossier, step: Step) -> None:
    """The units that are at work hear that they are urged or supervised."""
    kind = REMINDING.get(step.verb)
    if kind is None:
        return
    paths = {task.unit.path for task in dossier.open_tasks("handle") if task.unit}
    people = {person for path in paths for person in _ids(holders("cases.handle_case", unit_path=path))}
    _notify(dossier, people, kind, by=step.actor_name, note=step.note[:200])


def _tell_asker(dossier: Dossier, table: Table, step: Step) -> None:
    """Who asked hears the answer, once it is final."""
    row = table.find(step.from_state, step.verb)
    if row is None or row.decision not in (Decision.APPROVE, Decision.REFUSE):
        return
    for request in dossier.requests:
        if request.kind == row.request and request.ended_at == step.at and request.asked_by:
            _notify(
                dossier,
                {request.asked_by},
                "case.request_decided",
                request=table.requests[request.kind].label,
                approved=request.state == Request.State.APPROVED,
            )


def _notify(dossier: Dossier, people: Iterable[UUID], kind: str, **params: Any) -> None:
    case = dossier.case
    known = {
        "number": case.number,
        "category": {"zh": case.category.name_zh, "en": case.category.name_en},
        "address": case.address,
    }
    told = sorted(set(people))
    if told:
        notify.notify(told, kind=kind, params={**known, **params}, link=f"/cases/{case.pk}")


def _ids(people: Any) -> set[UUID]:
    return set(people.values_list("pk", flat=True))
