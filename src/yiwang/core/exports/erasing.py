"""A person goes out of lists that were written out: the files are taken away, and the filters are gone over."""

from yiwang.core.erasing import Erasure, erases, holding, mask_rows
from yiwang.core.exports import work
from yiwang.core.exports.models import UNDER_WAY, Export

WORDS = ("query", "said")


@erases("exports.file")
def erase_files(erasure: Erasure) -> int:
    """Nobody can say who stands in a table on its way to somebody's desk: all of them go, and can be had anew.

    Those under way read what there was before the erasure: they are stopped, and their worker drops what it wrote.
    """
    kept = Export.objects.select_for_update().filter(state__in=(Export.State.READY, *UNDER_WAY))
    return sum(work.take_away(export) for export in kept)


@erases("exports.filter")
def erase_filters(erasure: Erasure) -> int:
    """Filters that hold a certain text."""
    return len(mask_rows(holding(Export.objects.all(), erasure.certain, WORDS), WORDS, erasure))
