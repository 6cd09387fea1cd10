"""First data of this room: the lifecycle, the categories, the phrases."""

import json
from pathlib import Path

from yiwang.operations.cases import actions, phrases
from yiwang.operations.cases.categories import seed as category_seed

LIFECYCLE = Path(__file__).parent / "editions" / "lifecycle_2.json"


def load() -> dict[str, int]:
    """Publish the shipped lifecycle and load categories and phrases; again changes nothing."""
    table = actions.publish_lifecycle(json.loads(LIFECYCLE.read_text(encoding="utf-8")))
    return {"lifecycle_version": table.version, **category_seed.load(), "phrases": phrases.load()}
