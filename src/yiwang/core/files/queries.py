"""Find files, and make links to them for those who may see what they belong to."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from yiwang.core.actor import Actor
from yiwang.core.errors import Unavailable
from yiwang.core.files import images, links, moving, store
from yiwang.core.files.models import StoredFile


def by_ids(file_ids: Iterable[UUID]) -> dict[UUID, StoredFile]:
    """The files with these ids; those that do not exist are left out."""
    return StoredFile.objects.in_bulk(list(file_ids))


def link(actor: Actor, file: StoredFile, variant: str = "original") -> str | None:
    """A path that serves the file to this actor for an hour or two; None for the thumbnail of what is no image.

    The link is the access: a room makes it only for an actor to whom it shows the thing that the file is part
    of. `variant` is "original" or "thumbnail".
    """
    if variant not in links.VARIANTS:
        raise ValueError(f"no such variant: {variant!r}")
    if variant == "thumbnail" and not file.is_image:
        return None
    return links.address(file.pk, variant, actor.user_id)


def thumbnail(actor: Actor, picture_id: UUID) -> str:
    """As `link`, of what is known to be a picture."""
    return links.address(picture_id, "thumbnail", actor.user_id)


def picture(file: StoredFile, longest_px: int) -> bytes | None:
    """A picture's pixels as an upright JPEG, at most `longest_px` on its longer side, without metadata.

    None for what is no image, or whose content is missing or cannot be read: who prints goes on without it.
    """
    size = store.size_of(store.original(file.sha256)) if file.is_image else None
    if not size:
        return None
    content = b"".join(store.read_part(store.original(file.sha256), 0, size - 1))
    return images.reduced(content, longest_px)


def keys_of(sha256: str) -> tuple[str, str]:
    """Where a content and its thumbnail lie in the storage: for copies of the whole."""
    return store.original(sha256), store.thumbnail(sha256)


def read_content(key: str) -> Iterator[bytes] | None:
    """What lies under a key, in pieces; None for nothing. Raises Unavailable."""
    size = store.size_of(key)
    return None if size is None else store.read_part(key, 0, size - 1)


def fault(file: StoredFile) -> str:
    """Reads the original whole: empty when its SHA-256 is the one that was noted at the upload, else `missing`,
    `wrong_size`, `altered`, or `away` when the store does not answer."""
    try:
        return moving.fault_of(store.keeper(), file.sha256, file.size_bytes, deep=True)
    except Unavailable:
        return "away"
