"""When a step counts that was taken on a phone and reached us later."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# A step that reaches us within this was not late.
PROMPT = timedelta(minutes=2)
# A picture taken so near the claimed moment was taken for the step. Both are the phone's own clock.
NEAR = timedelta(minutes=15)


class Proof(StrEnum):
    """What speaks for the moment that a late step claims: a picture of it, or nothing."""

    PICTURE = "picture"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Late:
    """A step's moment as the phone claims (by its clock), as its clock's error lets us know it, and of receipt.

    `doubtful`: the claim lay where no clock's error explains it.
    """

    claimed_at: datetime
    occurred_at: datetime
    received_at: datetime
    doubtful: bool = False

    @property
    def is_late(self) -> bool:
        """Whether it was on its way longer than lines take."""
        return self.received_at - self.occurred_at > PROMPT


def proof_of(late: Late, taken_at: Iterable[datetime | None]) -> Proof:
    """A picture whose camera says a time near the claim proves it; a doubtful claim is proven by nothing."""
    near = (at is not None and abs(at - late.claimed_at) <= NEAR for at in taken_at)
    return Proof.PICTURE if not late.doubtful and any(near) else Proof.NONE


def counts_at(late: Late, proof: Proof, last_step_at: datetime) -> datetime:
    """A proven step counts when it was taken, any other when it reached us; none before the step before it."""
    return max(late.occurred_at if proof is Proof.PICTURE else late.received_at, last_step_at)
