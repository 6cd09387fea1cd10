"""Requests whose body is a stream of bytes: a part of an upload that resumes (tus 1.0).

Where it begins says whether it is taken, so it needs no `Idempotency-Key`, and nobody reads it before its route does.
"""

from django.http import HttpRequest

UPLOADS = "/api/v1/uploads"
PART = "application/offset+octet-stream"


def is_of_upload(request: HttpRequest) -> bool:
    """Whether the request is about an upload that resumes: created by its id, continued by its offset."""
    return request.path == UPLOADS or request.path.startswith(f"{UPLOADS}/")


def is_part(request: HttpRequest) -> bool:
    """Whether its body is a part of such an upload."""
    return request.method == "PATCH" and is_of_upload(request) and request.content_type == PART
