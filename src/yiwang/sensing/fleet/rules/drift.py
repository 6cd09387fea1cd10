"""Which positions are believed (漂移过滤).

Each is judged by a few neighbours in time alone, so that the verdict does not depend on the order in which batches
arrive: judging the neighbourhood of what is new again gives what judging everything at once would give.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from math import cos, hypot, radians

# So many neighbours on either side have a say; what is new may change the verdict on as many known ones.
REACH = 3
NEAR_S = 120.0
UNKNOWN_ACCURACY_M = 15.0
# Faster than this nobody moves in a city: 180 km/h.
FASTEST_MPS = 50.0
METRES_PER_DEGREE = 111_195.0
# There and straight back faster than this is no turn of somebody who walks or drives: 43 km/h.
SHARP_MPS = 12.0
# A way there and back is a reversal when it ends within this share of its shorter leg from where it began.
BACK = 0.5


class Quality(IntEnum):
    """How far a position is believed. GOOD stands everywhere, ZIGZAG counts for the last place but in no trail."""

    GOOD = 0
    COARSE = 1
    JUMP = 2
    ZIGZAG = 3


@dataclass(frozen=True, slots=True)
class Fix:
    """A position: when (aware), WGS 84 in degrees, accuracy in metres (None: not told)."""

    at: datetime
    lon: float
    lat: float
    accuracy_m: float | None = None


def qualities(fixes: Sequence[Fix], *, coarse_m: float) -> list[Quality]:
    """The verdict on each of the fixes, which are in order of time.

    COARSE: less accurate than `coarse_m`. JUMP: most of the neighbours say that nobody gets there from them so fast, or
    it sticks out there and straight back at a speed at which nobody turns.
    ZIGZAG: to and fro at once, each leg longer than both accuracies explain. Coarse ones have no say.
    """
    found = [Quality.COARSE if (fix.accuracy_m or 0.0) > coarse_m else Quality.GOOD for fix in fixes]
    fine = [number for number, quality in enumerate(found) if quality is Quality.GOOD]
    kept = [fixes[number] for number in fine]
    jumps = [_is_jump(kept, place) for place in range(len(kept))]
    turns = [_turns_back(kept, place) for place in range(len(kept))]
    for place, number in enumerate(fine):
        if jumps[place] or (turns[place] and _is_sharp(kept, place)):
            found[number] = Quality.JUMP
        elif turns[place] and any(turns[max(place - 1, 0) : place] + turns[place + 1 : place + 2]):
            found[number] = Quality.ZIGZAG
    return found


def _is_jump(fixes: Sequence[Fix], place: int) -> bool:
    """Whether most neighbours within two minutes cannot have been left or reached so fast; a tie is no jump."""
    against = said = 0
    for other in (
        *range(max(place - REACH, 0), place),
        *range(place + 1, min(place + REACH + 1, len(fixes))),
    ):
        seconds = abs((fixes[place].at - fixes[other].at).total_seconds())
        if seconds <= NEAR_S:
            said += 1
            against += _beyond_doubt_m(fixes[place], fixes[other]) > FASTEST_MPS * seconds
    return 2 * against > said


def _turns_back(fixes: Sequence[Fix], place: int) -> bool:
    """Whether a fix sticks out: there and back within two minutes, by more than the accuracies explain."""
    if not 0 < place < len(fixes) - 1:
        return False
    before, here, after = fixes[place - 1 : place + 2]
    if (after.at - before.at).total_seconds() > NEAR_S:
        return False
    if min(_beyond_doubt_m(before, here), _beyond_doubt_m(here, after)) <= 0:
        return False
    return _metres(before, after) < BACK * min(_metres(before, here), _metres(here, after))


def _is_sharp(fixes: Sequence[Fix], place: int) -> bool:
    """Whether both legs of a turn are faster than anybody turns, whatever the accuracies."""
    before, here, after = fixes[place - 1 : place + 2]
    return all(
        _beyond_doubt_m(one, other) > SHARP_MPS * (other.at - one.at).total_seconds()
        for one, other in ((before, here), (here, after))
    )


def _beyond_doubt_m(one: Fix, other: Fix) -> float:
    """Metres between two fixes that their accuracies do not explain."""
    doubt = (one.accuracy_m or UNKNOWN_ACCURACY_M) + (other.accuracy_m or UNKNOWN_ACCURACY_M)
    return _metres(one, other) - doubt


def _metres(one: Fix, other: Fix) -> float:
    east = (one.lon - other.lon) * cos(radians((one.lat + other.lat) / 2))
    return METRES_PER_DEGREE * hypot(east, one.lat - other.lat)
