"""A person goes out of rows that were kept because they could not be brought in, and out of why a run broke off."""

from collections import defaultdict

from django.db.models import QuerySet

from yiwang.core.erasing import Erasure, erases, holding, mask_rows
from yiwang.core.imports.models import ExternalKey, RowFault, Run

WORDS = ("value", "reason", "original")


@erases("imports.row_fault")
def erase_row_faults(erasure: Erasure) -> int:
    """Faulty rows that hold a certain text, and those of the row that an object came from once it was mended."""
    concerned = holding(RowFault.objects.all(), erasure.certain, WORDS)
    keys: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for known in ExternalKey.objects.filter(object_id__in=erasure.objects):
        keys[known.target, known.source].append(known.key)
    for (target, source), names in keys.items():
        concerned |= _of_the_same_rows(target, source, names)
    return len(mask_rows(RowFault.objects.filter(pk__in=concerned.values("pk")), WORDS, erasure))


def _of_the_same_rows(target: str, source: str, keys: list[str]) -> QuerySet[RowFault]:
    faults = RowFault.objects.filter(run__target=target, run__source=source)
    return holding(faults, keys, WORDS)


@erases("imports.run")
def erase_reasons(erasure: Erasure) -> int:
    """Why a run broke off: the database's message may repeat a row."""
    return len(mask_rows(holding(Run.objects.all(), erasure.certain, ("reason",)), ("reason",), erasure))
