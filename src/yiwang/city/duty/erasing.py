"""A person goes out of what others wrote about shifts and clockings."""

from yiwang.city.duty.models import Clocking, Swap
from yiwang.core.erasing import Erasure, erases, holding, mask_rows

OF_CLOCKINGS = ("note", "decision_note")
OF_SWAPS = ("reason", "decision_note")


@erases("duty.clocking")
def erase_clockings(erasure: Erasure) -> int:
    """Words at clockings that hold a certain text."""
    return len(
        mask_rows(holding(Clocking.objects.all(), erasure.certain, OF_CLOCKINGS), OF_CLOCKINGS, erasure)
    )


@erases("duty.swap")
def erase_swaps(erasure: Erasure) -> int:
    """Words at swaps that hold a certain text."""
    return len(mask_rows(holding(Swap.objects.all(), erasure.certain, OF_SWAPS), OF_SWAPS, erasure))
