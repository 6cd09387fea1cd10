"""Upload, and content by signed link."""

from typing import BinaryIO, Literal, cast
from uuid import UUID

from django.http import HttpResponseBase
from ninja import File, Form, Status
from ninja.files import UploadedFile

from yiwang.core.files import access, actions, serving
from yiwang.core.files.presenting import file_out
from yiwang.core.files.rules import KINDS
from yiwang.core.files.schemas import FileOut
from yiwang.core.files.uploads_api import router as uploads
from yiwang.core.http.routes import SIGNED_IN, ActingRequest, Router

router = Router(tags=["files"])
router.add_router("", uploads)

CONTENT = {kind.media_type: {"schema": {"type": "string", "format": "binary"}} for kind in KINDS}
CONTENT_ANSWERS = {
    200: {"description": "The content", "content": CONTENT},
    206: {"description": "The part that a Range header asked for", "content": CONTENT},
    304: {"description": "The browser has it already"},
    416: {"description": "The part lies beyond the end"},
}


@router.post("/files", permission="files.upload_file", response={201: FileOut})
def upload_file(
    request: ActingRequest,
    file: File[UploadedFile],
    id: Form[UUID | None] = None,
) -> object:
    """Take in one photo, document or video; `id` may be chosen by the client, as a UUIDv7."""
    kept = actions.store(request.actor, stream=bytes_of(file), name=file.name or "", file_id=id)
    return Status(201, file_out(request.actor, kept))


@router.get(
    "/files/{file_id}/content",
    permission=SIGNED_IN,
    response=None,
    openapi_extra={"responses": CONTENT_ANSWERS},
)
def get_file_content(
    request: ActingRequest,
    file_id: UUID,
    expires: int,
    signature: str,
    variant: Literal["original", "thumbnail"] = "original",
) -> HttpResponseBase:
    """The content of a file, by a link that a page of ours carries."""
    file = access.get_file_for(request.actor, file_id, variant=variant, expires=expires, signature=signature)
    return serving.answer(request, file, variant)


def bytes_of(upload: UploadedFile) -> BinaryIO:
    """The opened file behind an upload."""
    if upload.file is None:
        raise ValueError("an upload that was parsed has a file")
    return cast(BinaryIO, upload.file)
