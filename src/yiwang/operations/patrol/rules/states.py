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
ENDED = frozenset({State.DONE, State.MISSED, State.CANCELLED})
# A phone that was offline tells late what happened in time: a missed task takes it, and is missed no more.
MOVES: Mapping[str, Mapping[State, State]] = {
    "start": {State.PLANNED: State.UNDER_WAY, State.MISSED: State.UNDER_WAY},
    "work": {
        State.PLANNED: State.UNDER_WAY,
        State.UNDER_WAY: State.UNDER_WAY,
        State.MISSED: State.UNDER_WAY,
    },
    "finish": {State.PLANNED: State.DONE, State.UNDER_WAY: State.DONE, State.MISSED: State.DONE},
    "miss": {State.PLANNED: State.MISSED, State.UNDER_WAY: State.MISSED},
    "hand_over": {State.PLANNED: State.HANDED_OVER, State.UNDER_WAY: State.HANDED_OVER},
    "take_over": {State.HANDED_OVER: State.PLANNED},
    "cancel": dict.fromkeys((State.PLANNED, State.UNDER_WAY, State.HANDED_OVER), State.CANCELLED),
    "reassign": {State.PLANNED: State.PLANNED, State.HANDED_OVER: State.PLANNED},
}


def after(verb: str, state: str) -> State:
    """The state after a verb. Raises Conflict `task_not_open` naming the state when it cannot be."""
    found = MOVES[verb].get(State(state))
    if found is None:
        raise Conflict(
            "task_not_open", "这个任务当前的状态不能这样操作，请刷新后查看。", state=str(state), verb=verb
        )
    return found


def counts_late(occurred_at: datetime, ends_at: datetime, grace: timedelta) -> bool:
    """Whether what happened then still counts for a task whose time was over then."""
    return occurred_at <= ends_at + grace
