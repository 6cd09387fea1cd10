"""The words of the demo: complaints, notes and names, written for it; nobody in them is real."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("texts.json")
PORTABLE_OVERLAP = 3


@dataclass(frozen=True, slots=True)
class Text:
    """One complaint or report, and what became of it. `condition` is the number of its filing condition.

    `refusal` is the reason why it is not a case; empty for all that are.
    """

    category: str
    source: str
    street: str
    address: str
    text: str
    handled: str = ""
    checked: str = ""
    condition: int = 1
    refusal: str = ""

    @property
    def is_portable(self) -> bool:
        """Whether it could have happened elsewhere too: a patrol's report that names no place."""
        parts = {
            self.address[at : at + PORTABLE_OVERLAP] for at in range(len(self.address) - PORTABLE_OVERLAP + 1)
        }
        return self.source == "collector_patrol" and not any(part in self.text for part in parts)


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that is said in the demo. `notes`: what people write at a step, by its name."""

    texts: tuple[Text, ...]
    refused: tuple[Text, ...]
    notes: Mapping[str, tuple[str, ...]]
    reporters: tuple[str, ...]
    people: tuple[str, ...]


@cache
def words() -> Words:
    """The shipped words."""
    raw: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    refused = [{**row, "refusal": row["reason"]} for row in raw["refused"]]
    for row in refused:
        del row["reason"]
    return Words(
        texts=tuple(Text(**row) for row in raw["texts"]),
        refused=tuple(Text(**row) for row in refused),
        notes={key: tuple(lines) for key, lines in raw["notes"].items()},
        reporters=tuple(raw["reporters"]),
        people=tuple(raw["people"]),
    )
