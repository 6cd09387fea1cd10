"""Streets and communities in the search box, by what they are called or by their code."""

from yiwang.city.geo.models import Area
from yiwang.city.geo.queries import area_names, areas
from yiwang.core.actor import Actor
from yiwang.core.search.declare import Hit, Searcher

SHORTEST_CODE = 6


def find(actor: Actor, q: str, most: int) -> list[Hit]:
    """Those whose name holds the words, the larger ones first; a code finds what it begins."""
    word = q.casefold()
    found = [area for area in areas() if _fits(area, word)]
    return [_hit(area) for area in sorted(found, key=lambda area: (len(area.code), area.code))[:most]]


def _fits(area: Area, word: str) -> bool:
    if word.isdigit():
        return len(word) >= SHORTEST_CODE and area.code.startswith(word)
    return word in area.name.casefold() or word in area.name_en.casefold()


def _hit(area: Area) -> Hit:
    above = area_names().get(area.parent_id or "")
    title = {"zh": area.name, "en": area.name_en}
    return Hit(
        id=area.code,
        title=title,
        line=" · ".join(part for part in (above.name if above else "", area.code) if part),
    )


SEARCHERS = (Searcher("area", 20, "geo.view_map", find),)
