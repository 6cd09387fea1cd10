"""Files on the wire."""

from datetime import datetime
from uuid import UUID

from ninja import Schema


class FileOut(Schema):
    """A file just uploaded, with links that serve it to its uploader for an hour or two."""

    id: UUID
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    width_px: int | None
    height_px: int | None
    taken_at: datetime | None
    url: str
    thumbnail_url: str | None


class UploadOut(Schema):
    """An upload: `offset` of `length` bytes are there; `file` once it is whole."""

    id: UUID
    offset: int
    length: int
    expires_at: datetime
    file: FileOut | None
