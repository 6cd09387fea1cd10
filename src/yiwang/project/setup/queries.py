"""Where the steps stand, and what wants attention now."""

from functools import cache
from typing import Any

from yiwang.core import clock
from yiwang.core.accounts import access
from yiwang.core.accounts import queries as accounts
from yiwang.core.accounts.models import Installation
from yiwang.core.actor import Actor
from yiwang.core.errors import NotFound
from yiwang.core.registry import in_rooms
from yiwang.core.setup import Attention, Decision, Found, State, Step, attention, progress, state_of
from yiwang.project.backup import shelf
from yiwang.project.setup import demo_instead
from yiwang.project.setup.models import StepDecision
from yiwang.project.system import backups
from yiwang.project.system.permissions import VIEW


@cache
def steps() -> tuple[Step, ...]:
    """The steps of all rooms, in the order in which they are done."""
    found = [step for declared in in_rooms("setup", "STEPS") for step in declared]
    return tuple(sorted(found, key=lambda step: step.order))


@cache
def looked_at() -> tuple[Attention, ...]:
    """What all rooms look at."""
    return tuple(one for declared in in_rooms("attention", "ATTENTION") for one in declared)


def get_step(key: str) -> Step:
    """The step of a key. Raises NotFound `step_not_found`."""
    step = next((step for step in steps() if step.key == key), None)
    if step is None:
        raise NotFound("step_not_found", "没有这个步骤。")
    return step


def overview() -> dict[str, Any]:
    """Every step with its state, and how far they are."""
    decided = {row.step: row for row in StepDecision.objects.all()}
    looked = [(step, step.look(), decided.get(step.key)) for step in steps()]
    states = [(step, state(step, found, row)) for step, found, row in looked]
    said = progress(states)
    installation = accounts.installation()
    return {
        "kind": installation.kind if installation else Installation.Kind.REAL,
        "district": installation.district_name if installation else "",
        "steps": [
            present(step, found, row, one)
            for (step, found, row), (_, one) in zip(looked, states, strict=True)
        ],
        "done": said.done,
        "total": said.total,
        "next": said.next,
        "finished": said.finished,
        "demo": demo_instead.offer(),
    }


def state(step: Step, found: Found, row: StepDecision | None) -> State:
    """How a step stands by what was found and what was decided."""
    decision = Decision(row.later, row.mark) if row else None
    return state_of(found, decision, optional=step.optional)


def present(step: Step, found: Found, row: StepDecision | None, one: State) -> dict[str, Any]:
    """A step on the wire; a decision that no longer counts is left out."""
    counts = row is not None and (one is State.LATER or (one is State.DONE and row.mark == found.mark))
    return {
        "key": step.key,
        "page": step.page,
        "optional": step.optional,
        "state": one,
        "facts": dict(found.facts),
        "mark": found.mark,
        "decided_by": row.by_name if row and counts else "",
        "decided_at": row.at if row and counts else None,
    }


def wanted(actor: Actor) -> dict[str, Any]:
    """What wants this person's attention; how many of those whom they administer are signed in, and when the last
    backup was made (None: not theirs to know, or none)."""
    sees_people = actor.can(access.MANAGE_USERS)
    sees_platform = actor.can_everywhere(VIEW)
    last = next(iter(shelf.listed(backups.folder())), None) if sees_platform else None
    return {
        "checked_at": clock.now(),
        "items": list(attention(looked_at(), actor)),
        "signed_in": access.list_sessions_for(actor).values("user_id").distinct().count()
        if sees_people
        else None,
        "backup_at": last.made_at if last else None,
    }
