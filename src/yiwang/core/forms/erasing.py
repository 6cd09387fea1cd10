"""A person goes out of what was written into forms."""

from yiwang.core.erasing import Erasure, erases, holding, mask_rows
from yiwang.core.forms.models import FilledForm


@erases("forms.filled")
def erase_filled(erasure: Erasure) -> int:
    """Answers of what the person had to do with, and others that hold a certain text."""
    held = holding(FilledForm.objects.all(), erasure.certain, ("answers",))
    rows = FilledForm.objects.filter(pk__in=erasure.objects) | held.exclude(pk__in=erasure.spared)
    return len(mask_rows(rows, ("answers",), erasure))
