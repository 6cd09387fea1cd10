"""The phrases that are shipped for the steps of a case: a few good ones for each verb, to begin with."""

import json
from pathlib import Path

from yiwang.core.phrases import actions
from yiwang.core.phrases.declare import ShippedPhrase

EDITION = Path(__file__).parent / "editions" / "phrases_1.json"


def shipped() -> list[ShippedPhrase]:
    """All of them, in the order of the file. Topic: `case.<verb>`."""
    data = json.loads(EDITION.read_text())
    return [
        ShippedPhrase(f"{data['prefix']}.{verb}.{slug}", f"{data['prefix']}.{verb}", zh, en, order=10 * place)
        for verb, rows in data["phrases"].items()
        for place, (slug, zh, en) in enumerate(rows, start=1)
    ]


def load() -> int:
    """Add those that were never there; returns how many."""
    return actions.ship(shipped())
