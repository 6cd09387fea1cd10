"""Who is in a team."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def in_place_of(members: Sequence[T], giver: T, receiver: T) -> list[T]:
    """A team after one of it handed their place over; a giver who is not of the team takes nobody's place away."""
    replaced = [receiver if one == giver else one for one in members]
    return list(dict.fromkeys(replaced if giver in members else [*replaced, receiver]))
