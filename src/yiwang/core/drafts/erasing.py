"""A person goes out of half-written forms, whosever they are."""

from django.db.models import F

from yiwang.core.drafts.models import Draft
from yiwang.core.erasing import Erasure, erases, holding, mask_rows


@erases("drafts.draft")
def erase_drafts(erasure: Erasure) -> int:
    """Drafts of a form about one of the objects, and any other that holds a certain text.

    Their version rises: a window that still holds the old words is told that the draft has changed.
    """
    drafts = Draft.objects.all()
    about = holding(drafts, [str(object_id) for object_id in erasure.objects], ("key",))
    changed = mask_rows(about | holding(drafts, erasure.certain, ("body",)), ("body",), erasure)
    return Draft.objects.filter(pk__in=changed).update(version=F("version") + 1)
