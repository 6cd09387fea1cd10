"""Refuses an upload that is too large before its first byte is written anywhere."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler

from yiwang.core.files.actions import too_large
from yiwang.core.files.rules import MIB, MOST_BYTES

FORM_AROUND = MIB  # other fields and boundaries of the form


class BoundedUpload(FileUploadHandler):
    """Stands before Django's own handlers: looks at the length, and lets the bytes through."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        """Raises Invalid file_too_large when the whole form is larger than any file that is taken."""
        if content_length > MOST_BYTES + FORM_AROUND:
            raise too_large(MOST_BYTES)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Leaves the bytes to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leaves the file to the next handler."""
