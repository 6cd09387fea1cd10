"""A person goes out of what was said about the objects that they had to do with, and out of what it said before."""

from django.db.models import Q

from yiwang.core.comments.models import Comment, FormerText
from yiwang.core.erasing import Erasure, erases, holding, mask_rows


@erases("comments.comment")
def erase_comments(erasure: Erasure) -> int:
    """Comments as they stand now."""
    held = holding(Comment.objects.all(), erasure.certain, ("text",)).exclude(object_id__in=erasure.spared)
    concerned = Q(object_id__in=erasure.objects) | Q(pk__in=held.values("pk"))
    return len(mask_rows(Comment.objects.filter(concerned), ("text",), erasure))


@erases("comments.former_text")
def erase_former_texts(erasure: Erasure) -> int:
    """What comments said before they were changed."""
    held = holding(FormerText.objects.all(), erasure.certain, ("text",))
    held = held.exclude(comment__object_id__in=erasure.spared)
    concerned = Q(comment__object_id__in=erasure.objects) | Q(pk__in=held.values("pk"))
    return len(mask_rows(FormerText.objects.filter(concerned), ("text",), erasure))
