"""How large a draft may be, how many, and how long they are kept."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

LARGEST_BYTES = 64 * 1024
MOST_PER_PERSON = 200
KEPT_FOR = timedelta(days=30)


def size_bytes(body: Mapping[str, Any]) -> int:
    """The size of a form's content, as compact JSON in UTF-8."""
    return len(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))
