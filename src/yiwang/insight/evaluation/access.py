"""What a person's figures are made of: the facts of the areas and units that the person answers for. Numbers only; the
cases behind them are shown through the access of cases."""

from django.db.models import Q

from yiwang.core.accounts.models import Unit
from yiwang.core.actor import Actor
from yiwang.operations.cases.access import EVERYTHING, NOTHING, within_areas

BOARD = "evaluation.view_board"


def counted_for(actor: Actor) -> Q:
    """Facts of the areas of the assignments that allow the board, and of their units' own work; both kinds of facts."""
    if actor.is_system:
        return EVERYTHING
    counted = NOTHING
    for scope in actor.scopes(BOARD):
        counted |= within_areas(scope)
        if scope.unit_path:
            counted |= Q(unit__in=Unit.objects.filter(path__startswith=scope.unit_path))
    return counted
