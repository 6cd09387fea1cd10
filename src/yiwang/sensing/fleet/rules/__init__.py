"""The decisions of this room: which positions are believed, where somebody stopped, how far they went."""

from yiwang.sensing.fleet.rules.drift import REACH, Fix, Quality, qualities
from yiwang.sensing.fleet.rules.intake import OLDEST, Doors, Refusal, put_right, sort_out
from yiwang.sensing.fleet.rules.trails import Stop, mileage_m, segments, simplified, stops

__all__ = [
    "OLDEST",
    "REACH",
    "Doors",
    "Fix",
    "Quality",
    "Refusal",
    "Stop",
    "mileage_m",
    "put_right",
    "qualities",
    "segments",
    "simplified",
    "sort_out",
    "stops",
]
