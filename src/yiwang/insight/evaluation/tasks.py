"""Work of this room by the clock."""

from yiwang.core.jobs.declare import periodic
from yiwang.insight.evaluation import actions


@periodic("*/10 * * * *")
def catch_up() -> int:
    """Cases of the past come in many at a time and announce nothing: their facts follow here."""
    return actions.catch_up()
