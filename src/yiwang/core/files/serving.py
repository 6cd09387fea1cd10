"""Content as an answer that a browser can only show or save, never run."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from yiwang.core.errors import NotFound
from yiwang.core.files import store
from yiwang.core.files.models import StoredFile
from yiwang.core.files.rules import Unsatisfiable, byte_range

_KEEP_S = 3600


def answer(request: HttpRequest, file: StoredFile, variant: str) -> HttpResponseBase:
    """The content or the part asked for; 304 when the browser has it; 416 beyond its end. Raises NotFound."""
    is_small = variant == "thumbnail"
    key = store.thumbnail(file.sha256) if is_small else store.original(file.sha256)
    etag = f'"{file.sha256}{"-480" if is_small else ""}"'
    if request.headers.get("If-None-Match") == etag:
        return dressed(HttpResponse(status=304), file, etag)
    size = size_of(key)
    try:
        part = byte_range(request.headers.get("Range", ""), size)
    except Unsatisfiable:
        return dressed(HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"}), file, etag)
    first, last = part or (0, size - 1)
    media_type = "image/webp" if is_small else file.media_type
    body = StreamingHttpResponse(
        store.read_part(key, first, last), status=206 if part else 200, content_type=media_type
    )
    body["Content-Length"] = str(last - first + 1)
    if part:
        body["Content-Range"] = f"bytes {first}-{last}/{size}"
    return dressed(body, file, etag)


def size_of(key: str) -> int:
    """The content's size in bytes. Raises NotFound when it is not in the store, Unavailable."""
    size = store.size_of(key)
    if size is None:
        raise NotFound("content_missing", "文件内容缺失，请联系管理员。")
    return size


def dressed(response: HttpResponseBase, file: StoredFile, etag: str) -> HttpResponseBase:
    """With the headers that keep content harmless and let its one reader's browser keep it."""
    as_attachment = not file.media_type.startswith(("image/", "video/"))
    response["Content-Disposition"] = content_disposition_header(as_attachment, file.name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = f"private, max-age={_KEEP_S}, immutable"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    return response
