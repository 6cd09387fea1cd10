"""A person goes out of why a mark could not fire."""

from yiwang.core.deadlines.models import StuckMark
from yiwang.core.erasing import Erasure, erases, holding, mask_rows


@erases("deadlines.stuck_mark")
def erase_reasons(erasure: Erasure) -> int:
    """The trace of an error may repeat values."""
    held = holding(StuckMark.objects.all(), erasure.certain, ("reason",))
    return len(mask_rows(held, ("reason",), erasure))
