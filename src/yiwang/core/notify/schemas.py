"""Notices on the wire."""

from datetime import datetime
from typing import Any

from ninja import Schema

from yiwang.core.http.schemas import Total


class NoticeOut(Schema):
    """One notice; the client words it by `kind` and `params`."""

    id: int
    kind: str
    params: dict[str, Any]
    link: str
    created_at: datetime
    read_at: datetime | None


class Notices(Schema):
    """A page of notices, newest first; `unread` counts all unread ones."""

    items: list[NoticeOut]
    next: str | None
    unread: Total
