"""The steps by which an installation is made ready for work: declared by rooms, judged by pure rules.

A room's `setup.py` names its steps in `STEPS`; `registry.in_rooms` finds them, and the room that shows them knows none
by name. Its `attention.py` names in `ATTENTION` what may want somebody's attention later, day by day.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from yiwang.core.actor import Actor


class Finding(StrEnum):
    """What real data say of a step.

    MISSING: nothing is there yet. LOOK: it is there, but a person has to see whether it is right. WELL: it is done.
    """

    MISSING = "missing"
    LOOK = "look"
    WELL = "well"


class State(StrEnum):
    """How a step stands on screen."""

    TODO = "todo"
    LOOK = "look"
    DONE = "done"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with the figures for its words. `mark` is what a person confirms: with another it no longer holds."""

    finding: Finding
    facts: Mapping[str, Any] = field(default_factory=dict)
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `key` is `room.noun`, worded by the client; `page` is where it is done in the console ("": outside)."""

    key: str
    order: int
    page: str
    look: Callable[[], Found]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about a step: looked through (with the mark that they saw), or put off."""

    later: bool
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far all steps are. `next` is the key of the first open one; `finished`: no required one is open."""

    done: int
    total: int
    next: str | None
    finished: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that wants attention, `n` of it; `key` is worded by the client, `page` is where to see to it."""

    key: str
    n: int
    page: str
    urgent: bool = False
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attention:
    """What a room looks at, for those who may open its page: who holds the permission, `everywhere` or anywhere.

    `look` gets the actor, so that it counts what is theirs only.
    """

    permission: str
    look: Callable[[Actor], Iterable[Item]]
    everywhere: bool = True

    def is_for(self, actor: Actor) -> bool:
        """Whether the actor may open the page."""
        return actor.can_everywhere(self.permission) if self.everywhere else actor.can(self.permission)


def state_of(found: Found, decision: Decision | None, *, optional: bool) -> State:
    """What is well is done whatever was decided; what is missing cannot be confirmed; only what is optional waits."""
    if found.finding is Finding.WELL:
        return State.DONE
    if decision is not None and decision.later and optional:
        return State.LATER
    if found.finding is Finding.MISSING:
        return State.TODO
    confirmed = decision is not None and not decision.later and decision.mark == found.mark
    return State.DONE if confirmed else State.LOOK


def progress(states: Sequence[tuple[Step, State]]) -> Progress:
    """Over steps in their order. What was put off counts as neither done nor open."""
    open_ones = [step for step, state in states if state in (State.TODO, State.LOOK)]
    return Progress(
        done=sum(state is State.DONE for _, state in states),
        total=len(states),
        next=open_ones[0].key if open_ones else None,
        finished=all(step.optional for step in open_ones),
    )


def attention(declared: Iterable[Attention], actor: Actor) -> Iterator[Item]:
    """What wants this person's attention, what is urgent first; each room's order stays."""
    found = [item for one in declared if one.is_for(actor) for item in one.look(actor) if item.n > 0]
    yield from sorted(found, key=lambda item: not item.urgent)
