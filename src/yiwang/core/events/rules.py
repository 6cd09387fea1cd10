"""Who hears of an event, and how long a failed delivery waits."""

from datetime import timedelta

from yiwang.core.actor import Actor, Scope
from yiwang.core.events.declare import Audience

MOST_ATTEMPTS = 8
LONGEST_WAIT = timedelta(minutes=5)


def visible(actor: Actor, audience: Audience) -> bool:
    """Whether the actor is among the audience: named in it, or with authority over its place or its units.

    Where a permission is asked for, a named person needs it too, in whatever place.
    """
    permission = audience.permission
    scopes = actor.assignments if permission is None else actor.scopes(permission)
    if actor.user_id is not None and actor.user_id in audience.user_ids:
        return permission is None or bool(scopes)
    return any(_covers(scope, audience) for scope in scopes)


def _covers(scope: Scope, audience: Audience) -> bool:
    area, subtree = audience.area_code, scope.unit_path
    over_place = bool(area) and any(prefix and str(area).startswith(prefix) for prefix in scope.areas)
    over_unit = bool(subtree) and any(path.startswith(subtree) for path in audience.unit_paths)
    return over_place or over_unit


def backoff(attempts: int) -> timedelta:
    """How long to wait after the given number of failed attempts (1 or more): 1 s, 2 s, 4 s … at most 5 min."""
    return min(timedelta(seconds=2 ** min(attempts - 1, 16)), LONGEST_WAIT)
