"""A histogram of durations, small enough to keep for each route and hour, and what can be read from it."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence

# Upper bounds in milliseconds, each half as large again as the one before: 1 ms to half a minute; above, one more.
STEP = 1.5
BOUNDS_MS: tuple[float, ...] = tuple(STEP**n for n in range(27))
BUCKETS = len(BOUNDS_MS) + 1


def bucket_of(ms: float) -> int:
    """The place of a duration in the histogram."""
    return bisect_left(BOUNDS_MS, ms)


def merged(histograms: Iterable[Sequence[int]]) -> list[int]:
    """One histogram of several; those of another length, made by another version, are left out."""
    total = [0] * BUCKETS
    for one in histograms:
        if len(one) == BUCKETS:
            total = [a + b for a, b in zip(total, one, strict=True)]
    return total


def quantile(histogram: Sequence[int], share: float) -> float | None:
    """The duration in milliseconds below which `share` (0 to 1) of the requests lie; None for none.

    Within a bucket the durations are taken to be spread evenly by their logarithm: wrong by a fifth at most. What
    lies above the last bound is told as that bound.
    """
    total = sum(histogram)
    if total == 0:
        return None
    wanted, below = max(1, math.ceil(share * total)), 0
    for place, count in enumerate(histogram):
        if count and below + count >= wanted:
            return _within(place, (wanted - below) / count)
        below += count
    return BOUNDS_MS[-1]


def _within(place: int, share: float) -> float:
    if place >= len(BOUNDS_MS):
        return BOUNDS_MS[-1]
    high = BOUNDS_MS[place]
    low = high / STEP  # what is shorter than a millisecond counts as hardly shorter
    return float(low * (high / low) ** share)
