"""A person goes out of the notices about what they had to do with: a notice repeats words that were said there."""

from django.db.models import Q

from yiwang.core.erasing import Erasure, erases, holding, mask_rows
from yiwang.core.notify.models import Notice


@erases("notify.notice")
def erase_notices(erasure: Erasure) -> int:
    """Notices that link to the page of an object, and any other that holds a certain text."""
    concerned = Q(pk__in=holding(Notice.objects.all(), erasure.certain, ("params",)).values("pk"))
    for object_id in erasure.objects:
        concerned |= Q(link__contains=str(object_id))
    return len(mask_rows(Notice.objects.filter(concerned), ("params",), erasure))
