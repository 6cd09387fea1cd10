"""What a room of an upper floor ships: good phrases for its topics."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShippedPhrase:
    """A phrase in Chinese and English. `key` is its own for ever: `<topic>.<slug>`; `order` sorts within the topic."""

    key: str
    topic: str
    zh: str
    en: str
    order: int = 100
