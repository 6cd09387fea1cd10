"""How large a draft may be, how many, and how long they are kept."""

import json
import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

LARGEST_BYTES = 64 * 1024
DEEPEST = 20
MOST_PER_PERSON = 200
KEPT_FOR = timedelta(days=30)


def size_bytes(body: Mapping[str, Any]) -> int:
    """The size of a form's content, as compact JSON in UTF-8."""
    return len(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))


def can_be_kept(body: Mapping[str, Any]) -> bool:
    """Whether a form is no deeper than `DEEPEST` levels and holds only what JSON and Unicode can tell again."""
    level: list[Any] = [body]
    for _ in range(DEEPEST):
        texts = [item for item in level if isinstance(item, str)]
        texts += [key for item in level if isinstance(item, Mapping) for key in item]
        endless = any(isinstance(item, float) and not math.isfinite(item) for item in level)
        if endless or any(_is_broken(text) for text in texts):
            return False
        level = [inner for item in level for inner in _inside(item)]
        if not level:
            return True
    return False


def _inside(item: Any) -> list[Any]:
    if isinstance(item, Mapping):
        return list(item.values())
    return item if isinstance(item, list) else []


def _is_broken(text: str) -> bool:
    """Half of a pair of surrogates is no character, and cannot be stored."""
    return any("\ud800" <= sign <= "\udfff" for sign in text)
