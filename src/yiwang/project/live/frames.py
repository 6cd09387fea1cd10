"""Server-sent events as bytes. Source: HTML standard, 9.2.5 and 9.2.6."""

import json
from typing import Any

HEARTBEAT = b":\n\n"


def frame(event: str, data: dict[str, Any] | None = None, number: int | None = None) -> bytes:
    """One event. `number` becomes the id that a browser sends back when it connects again."""
    head = "" if number is None else f"id: {number}\n"
    body = json.dumps(data or {}, ensure_ascii=False, separators=(",", ":"))
    return f"{head}event: {event}\ndata: {body}\n\n".encode()


RESYNC = frame("resync")
CLOSED = frame("closed")
