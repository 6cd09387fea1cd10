"""A person goes out of the notices about what they had to do with: a notice repeats words that were said there."""

from yiwang.core.erasing import Erasure, erases, holding, mask_rows
from yiwang.core.notify.models import Notice


@erases("notify.notice")
def erase_notices(erasure: Erasure) -> int:
    """Notices that link to the page of an object, and any other that holds a certain text."""
    notices = Notice.objects.all()
    about = holding(notices, [str(object_id) for object_id in erasure.objects], ("link",))
    return len(mask_rows(about | holding(notices, erasure.certain, ("params",)), ("params",), erasure))
