"""Of who has left and is forgotten, no position stays."""

from uuid import UUID

from yiwang.core.erasing import forgets
from yiwang.sensing.fleet.models import LastPosition, Position


@forgets("fleet.position")
def forget_positions(user_id: UUID) -> int:
    """Their trails, and where they were last."""
    kept, _ = Position.objects.filter(mover__user=user_id).delete()
    last, _ = LastPosition.objects.filter(mover__user=user_id).delete()
    return kept + last
