"""Whose commands a person sees."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from yiwang.core.accounts.access import managed_units
from yiwang.core.accounts.models import Assignment
from yiwang.core.actor import Actor
from yiwang.core.commands.models import Command
from yiwang.core.errors import NotFound

VIEW = "commands.view_conflicts"


def conflicts_for(actor: Actor, *, others: bool = False) -> QuerySet[Command]:
    """One's own conflict box; with `others` also those of the people in whose units one may look into them."""
    rows = Command.objects.filter(state=Command.State.REFUSED).select_related("user")
    mine = Q(user_id=actor.user_id)
    if not others:
        return rows.filter(mine)
    held = Assignment.objects.filter(managed_units(actor, VIEW), user=OuterRef("user_id"))
    return rows.filter(mine | Exists(held))


def lock_conflict_for(actor: Actor, command_id: UUID) -> Command:
    """One's own command that was refused, locked. Raises NotFound `command_not_found`."""
    row = conflicts_for(actor).select_for_update(of=("self",)).filter(pk=command_id).first()
    if row is None:
        raise NotFound("command_not_found", "冲突箱里没有这一条，可能已经处理。")
    return row
