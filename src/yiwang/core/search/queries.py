"""What the box finds."""

from yiwang.core.actor import Actor
from yiwang.core.search.declare import Hit, searchers


def find(actor: Actor, q: str, most: int) -> list[tuple[str, list[Hit], bool]]:
    """Kind, hits and whether there are more, of every kind that the actor may see and that has a hit."""
    words = q.strip()
    if not words:
        return []
    found = []
    for searcher in searchers():
        if actor.can(searcher.permission):
            hits = searcher.find(actor, words, most + 1)
            found.append((searcher.kind, hits[:most], len(hits) > most))
    return [group for group in found if group[1]]
