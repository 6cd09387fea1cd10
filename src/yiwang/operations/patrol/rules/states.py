"""What may happen to a task: one table."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from yiwang.core.errors import Conflict


class State(StrEnum):
    """How far a task is."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    MISSED = "missed"
    HANDED_OVER = "handed_over"
    CANCELLED = "cancelled"


OPEN = frozenset({State.PLANNED, State.UNDER_WAY})
UNSETTLED = OPEN | {State.HANDED_OVER}
ENDED = frozenset({State.DONE, State.MISSED, State.CANCELLED})
# A phone that was offline tells late what happened in time: a missed task takes it, and is missed no more. What was
# over is settled by the clock: nobody took it, or nobody said that it was done.
MOVES: Mapping[str, Mapping[State, State]] = {
    "start": {  # of a team each begins
        State.PLANNED: State.UNDER_WAY,
        State.UNDER_WAY: State.UNDER_WAY,
        State.MISSED: State.UNDER_WAY,
    },
    "work": {
        State.PLANNED: State.UNDER_WAY,
        State.UNDER_WAY: State.UNDER_WAY,
        State.MISSED: State.UNDER_WAY,
    },
    "finish": {State.PLANNED: State.DONE, State.UNDER_WAY: State.DONE, State.MISSED: State.DONE},
    "miss": dict.fromkeys((State.PLANNED, State.UNDER_WAY, State.HANDED_OVER), State.MISSED),
    "settle": dict.fromkeys((State.PLANNED, State.UNDER_WAY, State.HANDED_OVER), State.DONE),
    "hand_over": {State.PLANNED: State.HANDED_OVER, State.UNDER_WAY: State.HANDED_OVER},
    "take_over": {State.HANDED_OVER: State.PLANNED, State.MISSED: State.PLANNED},
    "cancel": dict.fromkeys((State.PLANNED, State.UNDER_WAY, State.HANDED_OVER), State.CANCELLED),
    "reassign": {State.PLANNED: State.PLANNED, State.HANDED_OVER: State.PLANNED},
}


def after(verb: str, state: str) -> State:
    """The state after a verb. Raises Conflict `task_not_open` naming the state when it cannot be."""
    found = MOVES[verb].get(State(state))
    if found is None:
        raise not_open(verb, state)
    return found


def not_open(verb: str, state: str) -> Conflict:
    """What is said of a verb that a state does not take."""
    return Conflict(
        "task_not_open", "这个任务当前的状态不能这样操作，请刷新后查看。", state=str(state), verb=verb
    )


def on_site(verb: str, state: str, *, before_end: bool, closed: bool) -> State:
    """The state after what somebody did on site: `start`, `work` or `finish`.

    What happened before the task ended stays with a task that is done, and does not move it; where all is `closed`
    (its inspection is reported), with one that is missed, too. Raises Conflict `task_not_open`.
    """
    kept = {State.DONE, State.MISSED} if closed else {State.DONE}
    if before_end and State(state) in kept:
        return State(state)
    if closed:
        raise not_open(verb, state)
    return after(verb, state)


def before_end(occurred_at: datetime, ended_at: datetime | None, ends_at: datetime, grace: timedelta) -> bool:
    """Whether something happened before a task ended; one that the clock ended takes what is within the grace."""
    if ended_at is None:
        return False
    return occurred_at < ended_at or (ended_at == ends_at and counts_late(occurred_at, ends_at, grace))


def counts_late(occurred_at: datetime, ends_at: datetime, grace: timedelta) -> bool:
    """Whether what happened then still counts for a task whose time was over then."""
    return occurred_at <= ends_at + grace
