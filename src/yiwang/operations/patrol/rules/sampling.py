"""Drawing at random by rule: the same seed draws the same from the same population, whoever draws, whenever.

Everything has a place in a shuffled order that depends on the seed and on itself alone; a sample is the first ones of
each stratum. So a larger sample holds the smaller one, and what is added to a population moves nothing that was there.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

MOST_SEED = 2**53 - 1  # a number that every client can show


@dataclass(frozen=True, slots=True)
class Member:
    """One of a population: its key, and the stratum (layer) that it belongs to."""

    key: str
    stratum: str = ""


def rank(seed: int, key: str) -> bytes:
    """The place of a key in the order shuffled by a seed."""
    return sha256(f"{seed}:{key}".encode()).digest()


def seed_of(*parts: object) -> int:
    """A seed made of what identifies a draw: plan, day, round."""
    digest = sha256("/".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:8], "big") & MOST_SEED


def shares(sizes: Mapping[str, int], size: int) -> dict[str, int]:
    """How many of `size` are drawn from each stratum: in proportion, by largest remainder, never more than there are.

    Every stratum gets one while there are enough for all. Ties go by the stratum's name.
    """
    size = max(0, min(size, sum(sizes.values())))
    names = sorted(name for name, there in sizes.items() if there)
    given = dict.fromkeys(sizes, 0)
    if size >= len(names):
        given.update(dict.fromkeys(names, 1))
    whole, rest = sum(sizes.values()), size - sum(given.values())
    for _ in range(rest):
        open_ones = [name for name in names if given[name] < sizes[name]]
        # Who is furthest behind its exact share gets the next one.
        behind = max(
            open_ones,
            key=lambda name: (Fraction(sizes[name] * size, whole) - given[name], -names.index(name)),
        )
        given[behind] += 1
    return given


def draw(population: Iterable[Member], size: int, seed: int) -> list[str]:
    """The keys of a stratified sample, in the order of the draw; all of them when there are no more than `size`."""
    layers: dict[str, list[str]] = defaultdict(list)
    for member in population:
        layers[member.stratum].append(member.key)
    wanted = shares({name: len(keys) for name, keys in layers.items()}, size)
    drawn = [
        key
        for name, keys in layers.items()
        for key in sorted(keys, key=lambda key: rank(seed, key))[: wanted[name]]
    ]
    return sorted(drawn, key=lambda key: rank(seed, key))


def size_of(percent: int, population: int) -> int:
    """How many a share of a population is, rounded up: a share of something is never nothing."""
    return -(-population * percent // 100)


def split(keys: Sequence[str], among: int) -> list[list[str]]:
    """Keys in their order in so many runs of nearly equal length."""
    return [list(keys[len(keys) * n // among : len(keys) * (n + 1) // among]) for n in range(among)]
