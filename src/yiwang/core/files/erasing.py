"""A person goes out of the names of files; what a picture or a document shows stays (docs/adr/0005)."""

from django.db.models import Q

from yiwang.core.erasing import Erasure, erases, holding, mask_rows
from yiwang.core.files.models import StoredFile, Upload


@erases("files.stored_file")
def erase_names(erasure: Erasure) -> int:
    """Files of the erasure, and any other whose name holds a certain text."""
    held = holding(StoredFile.objects.all(), erasure.certain, ("name",))
    concerned = Q(pk__in=erasure.files) | Q(pk__in=held.values("pk"))
    return len(mask_rows(StoredFile.objects.filter(concerned), ("name",), erasure))


@erases("files.upload")
def erase_names_of_uploads(erasure: Erasure) -> int:
    """Uploads under way, and those that became a file of the erasure."""
    held = holding(Upload.objects.all(), erasure.certain, ("name",))
    concerned = Q(file__in=erasure.files) | Q(pk__in=held.values("pk"))
    return len(mask_rows(Upload.objects.filter(concerned), ("name",), erasure))
