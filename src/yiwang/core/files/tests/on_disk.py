"""Where a test's content lies when it is kept in a folder."""

from pathlib import Path

from django.conf import settings

from yiwang.core.files import store


def original(sha256: str) -> Path:
    """The content's file."""
    return Path(settings.FILES_DIR) / store.original(sha256)


def thumbnail(sha256: str) -> Path:
    """The small picture's file."""
    return Path(settings.FILES_DIR) / store.thumbnail(sha256)
