"""Who is mentioned, and how long one may still change one's own words."""

import re
from datetime import datetime, timedelta

CHANGEABLE_FOR = timedelta(minutes=15)
MOST_MENTIONS = 20
EXCERPT = 80
# After a letter or digit it is part of a mail address; after Chinese it is a mention.
_MENTION = re.compile(r"(?<![A-Za-z0-9_.@-])@([a-z][a-z0-9_.-]*)")


def mentioned(text: str) -> tuple[str, ...]:
    """The usernames that a text names by `@username`, each once, in their order, at most `MOST_MENTIONS`.

    A full stop or dash at the end belongs to the sentence.
    """
    names = (match.rstrip(".-") for match in _MENTION.findall(text))
    return tuple(dict.fromkeys(names))[:MOST_MENTIONS]


def changeable_until(written_at: datetime) -> datetime:
    """Until when its author may edit or delete it."""
    return written_at + CHANGEABLE_FOR


def excerpt(text: str) -> str:
    """The beginning of a text in one line, for a notice."""
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1] + "…"
