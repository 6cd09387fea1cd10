"""What is past its time goes, once a day, and the log says how much of what."""

from datetime import timedelta

from django.db import transaction

from yiwang.core import clock
from yiwang.core.accounts import actions as accounts
from yiwang.core.actor import system
from yiwang.core.audit import actions as audit
from yiwang.core.commands import actions as commands
from yiwang.core.http.once import forget_old_answers
from yiwang.core.parameters import queries as parameters
from yiwang.core.parameters.declare import Parameter
from yiwang.project.system.parameters import (
    KEEP_ANSWERS,
    KEEP_COMMANDS,
    KEEP_LINKS,
    KEEP_SESSIONS,
    KEEP_TRIES,
)

SWEEPS = {
    "tries": (KEEP_TRIES, accounts.forget_tries),
    "links": (KEEP_LINKS, accounts.forget_links),
    "sessions": (KEEP_SESSIONS, accounts.forget_sessions),
    "answers": (KEEP_ANSWERS, forget_old_answers),
    "commands": (KEEP_COMMANDS, commands.forget_old),
}


@transaction.atomic
def forget_old() -> dict[str, int]:
    """Delete what is older than its parameter says; returns how much of what."""
    gone = {name: forget(kept_for(parameter)) for name, (parameter, forget) in SWEEPS.items()}
    audit.record(
        system("schedule"),
        action="system.forget_old",
        object_type="retention",
        object_id=clock.today().isoformat(),
        before=None,
        after=gone,
    )
    return gone


def kept_for(parameter: Parameter) -> timedelta:
    """For how long something is kept."""
    return timedelta(days=parameters.number(parameter))
