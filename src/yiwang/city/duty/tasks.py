"""Work of this room by the clock."""

from yiwang.city.duty import retention
from yiwang.core.jobs.declare import periodic


@periodic("37 * * * *")
def forget_places() -> int:
    """Places and photos of clockings past their time."""
    return retention.forget_places()
