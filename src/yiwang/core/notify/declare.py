"""What rooms declare to this one, in their notices.py: the kinds of notices that they give, in words.

The console words notices itself; these words are for what leaves the platform, and for choosing what does.
"""

from dataclasses import dataclass

Label = dict[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of notice: `key` is `room.what`; `text` has the notice's parameters in braces, `{zh, en}`.

    What is `urgent` is sent in quiet hours, too.
    """

    key: str
    name: Label
    text: Label
    urgent: bool = False


_known: dict[str, Kind] = {}


def declare(*kinds: Kind) -> None:
    """Make kinds known. Raises ValueError when two have one key and are unlike."""
    for kind in kinds:
        if _known.setdefault(kind.key, kind) != kind:
            raise ValueError(f"two kinds of notices are called {kind.key!r}")


def declared() -> list[Kind]:
    """All of them, those of the uppermost room first: its notices are what people work by."""
    rooms = list(dict.fromkeys(key.partition(".")[0] for key in _known))
    return sorted(_known.values(), key=lambda kind: -rooms.index(kind.key.partition(".")[0]))


def find(key: str) -> Kind | None:
    """The kind of a key."""
    return _known.get(key)
