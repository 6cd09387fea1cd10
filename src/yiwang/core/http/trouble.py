"""Which errors of the database pass by themselves: nothing is wrong with the request, and it may be sent again.

A write is one transaction. One that was called off left nothing; one whose commit was not heard of is either there
with its answer, or not there at all: sent again with the same `Idempotency-Key` it happens once in both cases.
"""

from django.db import InterfaceError, InternalError, OperationalError

from yiwang.core.errors import Unavailable

# SQLSTATE, appendix A of PostgreSQL's manual. What is a whole class stands as its two signs.
GAVE_WAY = {
    "40001": "serialization_failure",
    "40P01": "deadlock_detected",
    "55P03": "lock_not_available",
    "57014": "query_canceled",
    "25P03": "idle_in_transaction_session_timeout",
    "25P04": "transaction_timeout",
}
AWAY = ("08", "53", "57P")
# libpq's refusal of a statement that it never sent.
TOO_MANY_VALUES = "number of parameters must be"
# Those who met once do not meet again at the same moment; a server that restarts needs a little.
GAVE_WAY_RETRY_S, AWAY_RETRY_S = 1, 3


def trouble_of(error: BaseException) -> Unavailable | None:
    """The refusal by which an error of the database is told, or None for one that would come again.

    `database_busy` (deadlock, serialization failure, a lock or statement timeout; `params["cause"]` names it) or
    `database_unavailable` (the connection is lost, none is to be had, the server stops or is short of means).
    """
    if not isinstance(error, OperationalError | InterfaceError | InternalError):
        return None
    state = getattr(error.__cause__, "sqlstate", None)
    if state in GAVE_WAY:
        return Unavailable(
            "database_busy",
            "数据库正忙，这次操作没有生效，请稍后重试。",
            detail_en="The database was busy and nothing was changed. Please send it again in a moment.",
            cause=GAVE_WAY[state],
            retry_after_s=GAVE_WAY_RETRY_S,
        )
    if _is_away(error, state):
        return Unavailable(
            "database_unavailable",
            "暂时连不上数据库，请稍后重试。同一请求重复发送不会重复办理。",
            detail_en="The database cannot be reached just now. Please send it again; it will not be done twice.",
            retry_after_s=AWAY_RETRY_S,
        )
    return None


def _is_away(error: BaseException, state: str | None) -> bool:
    if state is not None:
        return state.startswith(AWAY)
    # Without a state the server has said nothing. Django may have another line by now, so only the words tell.
    if isinstance(error, OperationalError):
        return TOO_MANY_VALUES not in str(error)
    return isinstance(error, InterfaceError) and "closed" in str(error)
