"""Fieldwork: commands of phones per second, and what becomes of them when the server is killed; positions, and who is
nearest."""

from collections.abc import Iterable

from yiwang.operations.cases.tests import district as small
from yiwang.project import benching
from yiwang.project.benching import Figure

DATABASE = True


def run(quick: bool) -> Iterable[Figure]:
    """All figures, in a small district."""
    small.land()
    small.seeded()
    yield from benching.load("_phones").figures(small.build(), quick)
    yield from benching.load("_positions").figures(quick)
