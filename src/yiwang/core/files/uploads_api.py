"""Uploads that resume, as tus 1.0 has them: core, creation, checksum, expiration, termination.

Source: tus.io/protocols/resumable-upload, version 1.0.0. A client of that protocol needs the cookie and the header
X-CSRFToken besides. Problems come as everywhere here; 460 is the protocol's own for a wrong checksum.
"""

import base64
import binascii
from collections.abc import Callable
from functools import wraps
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date

from yiwang.core.errors import DomainError, Invalid
from yiwang.core.files import resuming, rules
from yiwang.core.files.models import Upload
from yiwang.core.files.presenting import file_out
from yiwang.core.files.schemas import UploadOut
from yiwang.core.http.problems import Problem, from_domain_error, problem
from yiwang.core.http.routes import PUBLIC, ActingRequest, Router
from yiwang.core.http.streams import PART, UPLOADS

router = Router(tags=["files"])
VERSION = "1.0.0"
UPLOAD = "files.upload_file"
REFUSALS = frozenset({410, 412, 413, 415, 460, 503})
View = Callable[..., Any]


def speaking_tus(view: View) -> View:
    """Refuses another version of the protocol, and says ours in every answer."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
        if request.headers.get("Tus-Resumable") != VERSION:
            said = problem(412, "tus_version", f"请使用 tus {VERSION} 协议上传。", field="Tus-Resumable")
            said["Tus-Version"] = VERSION
        else:
            try:
                said = view(request, *args, **given)
            except DomainError as error:
                said = from_domain_error(error)
        said["Tus-Resumable"] = VERSION
        said["Cache-Control"] = "no-store"
        return said

    return answer


@router.api_operation(
    ["OPTIONS"], "/uploads", auth=None, include_in_schema=False, openapi_extra={"x-permission": PUBLIC}
)
def describe_uploads(request: HttpRequest) -> HttpResponse:
    """What of the protocol is spoken here."""
    said = HttpResponse(status=204)
    said["Tus-Resumable"] = said["Tus-Version"] = VERSION
    said["Tus-Extension"] = "creation,checksum,expiration,termination"
    said["Tus-Max-Size"] = str(rules.MOST_BYTES)
    said["Tus-Checksum-Algorithm"] = ",".join(resuming.ALGORITHMS)
    return said


@router.post("/uploads", permission=UPLOAD, response={201: None, REFUSALS: Problem})
@speaking_tus
def begin_upload(request: ActingRequest) -> HttpResponse:
    """Begin an upload: `Upload-Length` in bytes; `Upload-Metadata` with `filename`, and with `id` when it is chosen.

    The file will have the upload's id. No `Idempotency-Key`: with the same `id` it is the same upload.
    """
    told = metadata(request.headers.get("Upload-Metadata", ""))
    upload = resuming.begin(
        request.actor,
        length=whole_number(request, "Upload-Length"),
        name=told.get("filename", ""),
        upload_id=chosen_id(told.get("id")),
    )
    said = HttpResponse(status=201)
    said["Location"] = f"{UPLOADS}/{upload.pk}"
    return progress(said, upload)


@router.get(
    "/uploads/{uuid:upload_id}", permission=UPLOAD, response={200: UploadOut, frozenset({410}): Problem}
)
def get_upload(request: ActingRequest, upload_id: UUID) -> object:
    """How far an upload is, and the file that it became."""
    upload = resuming.get_upload_for(request.actor, upload_id)
    return {
        "id": upload.pk,
        "offset": upload.offset,
        "length": upload.length,
        "expires_at": upload.expires_at,
        "file": file_out(request.actor, upload.file) if upload.file else None,
    }


@router.head("/uploads/{uuid:upload_id}", permission=UPLOAD)
@speaking_tus
def ask_upload(request: ActingRequest, upload_id: UUID) -> HttpResponse:
    """How far an upload is, in headers."""
    upload = resuming.get_upload_for(request.actor, upload_id)
    said = progress(HttpResponse(status=200), upload)
    said["Upload-Length"] = str(upload.length)
    return said


@router.patch("/uploads/{uuid:upload_id}", permission=UPLOAD, response={204: None, REFUSALS: Problem})
@speaking_tus
def continue_upload(request: ActingRequest, upload_id: UUID) -> HttpResponse:
    """Send the bytes from `Upload-Offset` on, as `application/offset+octet-stream`; the last ones make it a file.

    With `Upload-Checksum: sha256 <base64>` they count whole or not at all; without, what came before a break counts.
    """
    if request.content_type != PART:
        return problem(415, "not_a_part", f"内容类型须为 {PART}。", field="Content-Type")
    given = request.headers.get("Upload-Checksum")
    upload = resuming.append(
        request.actor,
        upload_id,
        offset=whole_number(request, "Upload-Offset"),
        stream=cast(BinaryIO, request),
        checksum=resuming.Checksum.read(given) if given is not None else None,
    )
    return progress(HttpResponse(status=204), upload)


@router.delete("/uploads/{uuid:upload_id}", permission=UPLOAD, response={204: None, REFUSALS: Problem})
@speaking_tus
def end_upload(request: ActingRequest, upload_id: UUID) -> HttpResponse:
    """Give an upload up."""
    resuming.end(request.actor, upload_id)
    return HttpResponse(status=204)


def progress(said: HttpResponse, upload: Upload) -> HttpResponse:
    """With how far it is and until when it is kept."""
    said["Upload-Offset"] = str(upload.offset)
    if upload.file_id is None:
        said["Upload-Expires"] = http_date(upload.expires_at.timestamp())
    return said


def whole_number(request: HttpRequest, name: str) -> int:
    """A header that counts bytes. Raises Invalid `not_a_number`."""
    given = request.headers.get(name, "")
    if not (given.isascii() and given.isdecimal() and len(given) < 16):
        raise Invalid("not_a_number", f"请求头 {name} 须为字节数。", field=name)
    return int(given)


def metadata(header: str) -> dict[str, str]:
    """`filename <base64>,id <base64>` as texts. Raises Invalid `bad_metadata`."""
    found = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _, encoded = pair.partition(" ")
        try:
            found[key] = base64.b64decode(encoded, validate=True).decode().replace("\0", "")
        except (binascii.Error, UnicodeDecodeError):
            raise Invalid("bad_metadata", "上传说明无法读取。", field="Upload-Metadata") from None
    return found


def chosen_id(given: str | None) -> UUID | None:
    """The id that a client chose. Raises Invalid `bad_metadata`."""
    try:
        return UUID(given) if given else None
    except ValueError:
        raise Invalid("bad_metadata", "上传编号须为 UUID。", field="Upload-Metadata") from None
