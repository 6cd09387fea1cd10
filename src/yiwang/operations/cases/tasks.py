"""Work of this room by the clock."""

from yiwang.core.jobs.declare import periodic
from yiwang.operations.cases import reorganisation


@periodic("*/10 * * * *")
def hand_over_leftovers() -> int:
    """Tasks that came to a unit while it was ending go to its successor."""
    return reorganisation.hand_over_leftovers()
