"""One step of a case in memory: decided by the rules, followed by its effects. The live door and a replay of the
past both come through here; neither asks the database from here on.
"""

from dataclasses import dataclass
from typing import Any

from yiwang.core import clock
from yiwang.core.actor import Actor, Scope
from yiwang.operations.cases import rules
from yiwang.operations.cases.clocks import stage_limit
from yiwang.operations.cases.dossier import Dossier
from yiwang.operations.cases.effects import EFFECTS, Occasion, Work
from yiwang.operations.cases.lifecycle import HELD, Decision, Group, Transition
from yiwang.operations.cases.models import Approval, Case, Request, Step, Task
from yiwang.operations.cases.rules import Chosen, Given

ENDED = frozenset({"done", "failed", "unable", "cancelled"})


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken: its row of the table, the state before, the row of the history, by which assignment."""

    row: Transition
    from_state: str
    step: Step
    scope: Scope | None = None


def begin(dossier: Dossier, occasion: Occasion, row: Transition, given: Given) -> Taken:
    """The first step: the case enters the table by an opening."""
    scope = occasion.actor.scope_for(row.permission)
    work = Work(dossier, occasion, given, Chosen(row, scope=scope))
    for effect in row.effects:
        EFFECTS[effect](work)
    _enter(work, row.outcomes[0].state, is_back=False)
    return _finish(work, from_state="")


def take(dossier: Dossier, occasion: Occasion, verb: str, given: Given) -> Taken:
    """Decide and follow one step; raises what `rules.decide` raises, and what a lookup finds wrong.

    After a refusal the dossier is to be thrown away: it may have changed in part.
    """
    actor, lookups = occasion.actor, occasion.lookups
    facts = dossier.facts(
        occasion.now,
        today=occasion.now.astimezone(clock.LOCAL).date(),
        conditions=lookups.conditions(dossier.case, given.condition_id),
        main_case=lookups.main_case(actor, given.main_case_id),
    )
    chosen = rules.decide(occasion.table, facts, actor, verb, given)
    return follow(dossier, occasion, chosen, given)


def follow(dossier: Dossier, occasion: Occasion, chosen: Chosen, given: Given) -> Taken:
    """What a decided step does: to its task, to its request, by its effects, to the state."""
    work = Work(dossier, occasion, given, chosen)
    from_state, row = dossier.case.state, chosen.row
    _step_task(work)
    _step_request(work)
    if row.decision is not Decision.APPROVE or work.granted:
        for effect in row.effects:
            EFFECTS[effect](work)
    state = from_state
    if row.outcomes:
        state = rules.lands(row, dossier.facts(occasion.now, granted=work.granted), given)
    if state != from_state:
        work.clocks.stop_stage()
        _enter(work, state, is_back=any(outcome.state == HELD for outcome in row.outcomes))
    return _finish(work, from_state)


def _step_task(work: Work) -> None:
    """The task goes into its next state, by the one who acts."""
    wanted, task = work.chosen.row.task, work.task
    if wanted is None or wanted.end is None or task is None:
        return
    if wanted.end in ENDED:
        work.end_task(task, wanted.end)
    task.state = wanted.end
    if wanted.end != Task.State.CANCELLED:
        task.started_at = task.started_at or work.now
        task.assignee_id, task.assignee_name = work.actor.user_id, work.actor.name
    work.dossier.touch(task)


def _step_request(work: Work) -> None:
    """The request is made, gets a decision, or is taken back."""
    row, asked = work.chosen.row, work.chosen.asked
    if row.decision is Decision.ASK:
        work.request = _ask(work)
        return
    if asked is None:
        return
    request = next(item for item in work.dossier.requests if item.pk == asked.id)
    work.request = request
    if row.decision is Decision.APPROVE:
        request.level += 1
        request.hands = [*request.hands, *work.hands]
        work.granted = request.level >= len(work.table.requests[request.kind].approvals)
        _decided(work, request, Request.State.APPROVED if work.granted else None)
    elif row.decision is Decision.REFUSE:
        _decided(work, request, Request.State.REFUSED)
    else:
        request.state, request.ended_at = Request.State.WITHDRAWN, work.now
    work.dossier.touch(request)
    work.data["request"] = {"kind": request.kind, "level": request.level, "state": request.state}


def _ask(work: Work) -> Request:
    task = work.task
    request = Request(
        case=work.case,
        task=task,
        kind=work.chosen.row.request,
        # Of the step that asks: the version goes up with it, and the count is one ahead.
        seq=work.case.version + 2,
        reason=work.given.note.strip(),
        until=work.given.until,
        asked_by=work.actor.user_id,
        hands=work.hands,
        asked_by_name=work.actor.name,
        asked_at=work.now,
    )
    work.dossier.add(request)
    work.data["request"] = {"kind": request.kind, "level": 0, "state": request.state}
    if request.until:
        work.data["request"]["until"] = request.until.isoformat()
    return request


def _decided(work: Work, request: Request, state: Request.State | None) -> None:
    approved = state is not Request.State.REFUSED
    work.dossier.add(
        Approval(
            request=request,
            level=request.level if approved else request.level + 1,
            approved=approved,
            by_id=work.actor.user_id,
            by_name=work.actor.name,
            at=work.now,
            note=work.given.note.strip(),
        )
    )
    if state is not None:
        request.state, request.ended_at = state, work.now


def _enter(work: Work, state_key: str, *, is_back: bool) -> None:
    """The case is in a new state, whose own clock starts when it has one; back where it was held, it goes on."""
    state, case = work.table.states[state_key], work.case
    case.state = state.key
    case.group = state.group
    if is_back:
        case.held_state = ""
    if state.limit is None or state.group is not Group.OPEN:
        return
    goes_on = is_back and work.clocks.go_on(work.dossier.last_clock(None, stage=state.key))
    if not goes_on:
        work.clocks.start(state.key, stage_limit(state.limit))


def _finish(work: Work, from_state: str) -> Taken:
    """The case shows what is pending and due, and its history has one row more."""
    case, dossier, row = work.case, work.dossier, work.chosen.row
    dossier.show()
    if from_state:
        case.version += 1
    else:
        case.version = 0
    step = step_of(
        case,
        work.actor,
        work.chosen.scope,
        verb=row.verb,
        from_state=from_state,
        task=work.task,
        at=work.now,
        note=work.given.note.strip(),
        data=work.data,
    )
    dossier.add(step)
    return Taken(row, from_state, step, work.chosen.scope)


def step_of(case: Case, actor: Actor, scope: Scope | None, **what: Any) -> Step:
    """The row of the history at the case's version: who, on which assignment (None: the platform itself), and `what`
    else the row holds."""
    return Step(
        case=case,
        seq=case.version + 1,
        to_state=case.state,
        actor_id=actor.user_id,
        actor_name=actor.name,
        post=scope.post if scope else "",
        unit_name=scope.unit_name if scope else "",
        on_behalf_of=scope.on_behalf_of.name if scope and scope.on_behalf_of else "",
        **what,
    )
