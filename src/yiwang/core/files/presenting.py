"""A file on the wire."""

from yiwang.core.actor import Actor
from yiwang.core.files import queries
from yiwang.core.files.models import StoredFile


def file_out(actor: Actor, kept: StoredFile) -> dict[str, object]:
    """A file with links that serve it to this actor for an hour or two."""
    return {
        "id": kept.pk,
        "name": kept.name,
        "media_type": kept.media_type,
        "size_bytes": kept.size_bytes,
        "sha256": kept.sha256,
        "width_px": kept.width_px,
        "height_px": kept.height_px,
        "taken_at": kept.taken_at,
        "url": queries.link(actor, kept, "original"),
        "thumbnail_url": queries.link(actor, kept, "thumbnail"),
    }
