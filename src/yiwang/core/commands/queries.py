"""Which commands there are, and what lies in conflict boxes."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID

from yiwang.core.actor import Actor
from yiwang.core.commands import access
from yiwang.core.commands.declare import CommandKind
from yiwang.core.commands.models import Command
from yiwang.core.errors import Conflict
from yiwang.core.http.paging import Page, page
from yiwang.core.registry import in_rooms

NOBODY = UUID(int=0)


@cache
def kinds() -> Mapping[str, CommandKind]:
    """All kinds of command that rooms declare, by key."""
    return {kind.key: kind for kinds in in_rooms("commands", "COMMANDS") for kind in kinds}


def result_of(actor: Actor, command_id: UUID) -> Any:
    """What an earlier command of the same person came to, for one that builds on it.

    Raises Conflict `builds_on_nothing` when that was refused, given up, or is not known.
    """
    row = Command.objects.filter(
        pk=command_id, user_id=actor.user_id or NOBODY, state=Command.State.DONE
    ).first()
    if row is None:
        raise builds_on_nothing(command_id)
    return row.result


def builds_on_nothing(command_id: UUID) -> Conflict:
    """The refusal of a command whose earlier one has not brought its matter to where this one begins."""
    message = "这一步接着前一步办理，前一步没有办成，请先处理前一步。"
    return Conflict("builds_on_nothing", message, field="after", command=str(command_id))


def conflicts(actor: Actor, *, others: bool, after: str | None, limit: int) -> Page[Command]:
    """Conflicts, the newest first."""
    rows = access.conflicts_for(actor, others=others)
    return page(rows, keys=("-received_at", "-id"), after=after, limit=limit)
