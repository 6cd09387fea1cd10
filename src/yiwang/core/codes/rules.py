"""In which order the codes of a table stand, and how the district's own edition differs from the shipped one. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol


class Said(Protocol):
    """What a code says, in either edition."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> object: ...
    @property
    def parent(self) -> str | None: ...
    @property
    def active(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Change:
    """One thing of one code that the district says differently. `kind`: added, name, parent or active."""

    code: str
    kind: str
    shipped: object
    local: object


def in_order(declared: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """The declared codes in the order that is wanted; what it does not know stands behind what it was declared behind.

    So a code that an upgrade brings has its place in a table that was put in order before.
    """
    known = set(declared)
    placed = [code for code in dict.fromkeys(wanted) if code in known]
    there = set(placed)
    before: str | None = None
    for code in declared:
        if code not in there:
            placed.insert(placed.index(before) + 1 if before is not None else 0, code)
            there.add(code)
        before = code
    return placed


def moved(shipped: Sequence[str], local: Sequence[str]) -> list[str]:
    """As few codes as can have been moved to make the shipped order the local one, in the local order.

    All but a longest run that stands in the same order in both (patience sorting). Codes of both only.
    """
    place = {code: number for number, code in enumerate(shipped)}
    common = [code for code in local if code in place]
    lengths: list[int] = []
    for at, code in enumerate(common):
        longest = max((lengths[n] for n in range(at) if place[common[n]] < place[code]), default=0)
        lengths.append(longest + 1)
    kept: set[str] = set()
    rest, limit = max(lengths, default=0), len(shipped)
    for at in range(len(common) - 1, -1, -1):
        if lengths[at] == rest and place[common[at]] < limit:
            kept.add(common[at])
            rest, limit = rest - 1, place[common[at]]
    return [code for code in common if code not in kept]


def changes(shipped: Iterable[Said], local: Iterable[Said]) -> Iterator[Change]:
    """What the district's codes say differently."""
    known = {one.code: one for one in shipped}
    for own in local:
        base = known.get(own.code)
        if base is None:
            yield Change(own.code, "added", None, own.name)
            continue
        for kind in ("name", "parent", "active"):
            said, says = getattr(base, kind), getattr(own, kind)
            if said != says:
                yield Change(own.code, kind, said, says)
