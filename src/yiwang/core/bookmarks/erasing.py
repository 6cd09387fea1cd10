"""A person goes out of views that look for them, and out of the titles of pins."""

from yiwang.core.bookmarks.models import Pin, SavedView
from yiwang.core.erasing import Erasure, erases, holding, mask_rows

LOOK = ("name", "look")


@erases("bookmarks.view")
def erase_views(erasure: Erasure) -> int:
    """Views whose name or words hold a certain text."""
    return len(mask_rows(holding(SavedView.objects.all(), erasure.certain, LOOK), LOOK, erasure))


@erases("bookmarks.pin")
def erase_pins(erasure: Erasure) -> int:
    """Pins of the objects, and any title that holds a certain text."""
    pins = Pin.objects.all()
    about = pins.filter(object_id__in=[str(object_id) for object_id in erasure.objects])
    return len(mask_rows(about | holding(pins, erasure.certain, ("title",)), ("title",), erasure))
