"""Work of this room by the clock."""

from yiwang.core.jobs.declare import periodic
from yiwang.sensing.fleet import retention


@periodic("23 * * * *")
def turn_over() -> dict[str, int]:
    """Partitions for the days to come; what is past its time goes."""
    return retention.turn_over()
