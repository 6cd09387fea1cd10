"""The reduced way: a source that tells only of a case's beginning and end.

The table still says which steps there were, and that each follows from the one before; nothing is decided, because
nothing is known that could be. Who took a step, what was given and by when it was due stay unknown.
"""

from yiwang.core.deadlines import actions as deadlines
from yiwang.core.errors import Refused
from yiwang.operations.cases.dossier import CASE, Dossier
from yiwang.operations.cases.history import PastCase, PastStep
from yiwang.operations.cases.lifecycle import CHOSEN, HELD, Group, Table, Transition
from yiwang.operations.cases.models import Answer, Step
from yiwang.operations.cases.rules import HANDLE


def begin(dossier: Dossier, table: Table, past: PastCase, step: PastStep) -> None:
    """The opening: the first that takes the case's source, or the one that is named."""
    ways = [t for t in table.openings() if past.source in t.sources or not t.sources]
    row = next((t for t in ways if not step.verb or t.verb == step.verb), None)
    if row is None:
        raise Refused("action_not_possible", "案件流程里没有这种登记方式。", verb=step.verb)
    _enter(dossier, table, row, past, step)
    if past.due_at is not None:
        clock = deadlines.until(
            owner_kind=CASE,
            owner_id=dossier.case.pk,
            part_id=None,
            stage=HANDLE,
            until=past.due_at,
            now=step.at,
        )
        dossier.add(clock)
    dossier.show()


def take(dossier: Dossier, table: Table, past: PastCase, step: PastStep) -> None:
    """One more step along the table. Raises Refused `action_not_possible`."""
    case = dossier.case
    row = table.find(case.state, step.verb)
    if row is None:
        raise Refused("action_not_possible", "案件当前状态不能做这个操作。", verb=step.verb, state=case.state)
    case.version += 1
    _enter(dossier, table, row, past, step)
    if case.group != Group.OPEN:
        case.ended_at = step.at
        for clock in dossier.clocks:
            deadlines.stop(clock, None, step.at)
        if "answer_reporters" in row.effects:
            dossier.add(_answer(dossier, row, past, step))
    dossier.show()


def _enter(dossier: Dossier, table: Table, row: Transition, past: PastCase, step: PastStep) -> None:
    case = dossier.case
    before = case.state
    case.state = lands(row, case.state)
    case.group = table.states[case.state].group
    imported: dict[str, object] = {"known": step.known, **(past.remarks if not before else {})}
    dossier.add(
        Step(
            case=case, seq=case.version + 1, verb=row.verb, from_state=before, to_state=case.state,
            actor_id=step.actor.user_id, actor_name=step.actor.name, post=step.actor.post, at=step.at,
            note=step.given.note.strip(), data={"imported": imported},
        )
    )  # fmt: skip


def lands(row: Transition, state: str) -> str:
    """Where the row leads when nothing is known: its last outcome, which holds where no other does."""
    outcome = row.outcomes[-1].state if row.outcomes else state
    if outcome in (HELD, CHOSEN):
        raise Refused("action_not_possible", "这一步通向哪里，来源没有说明。", verb=row.verb)
    return outcome


def _answer(dossier: Dossier, row: Transition, past: PastCase, step: PastStep) -> Answer:
    case = dossier.case
    told = past.told_at is not None
    return Answer(
        case_id=case.pk, of_case_id=case.pk, outcome=row.verb, text=step.given.note.strip(), at=step.at,
        told_at=past.told_at, told_by_name=step.actor.name if told else "",
    )  # fmt: skip
