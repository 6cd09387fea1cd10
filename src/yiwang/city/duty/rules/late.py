"""Whether a clocking that reached us late is believed at the moment that it claims."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

# A clocking that reaches us within this was not late.
PROMPT = timedelta(minutes=2)
# A picture taken so near the claimed moment was taken for the clocking. Both are the phone's own clock.
NEAR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Claim:
    """A clocking's moment as the phone claims (by its clock), as its clock's error lets us know it, and of receipt.

    `doubtful`: something speaks against the phone's clock.
    """

    claimed_at: datetime
    occurred_at: datetime
    received_at: datetime
    doubtful: bool = False


def is_believed(claim: Claim, taken_at: Iterable[datetime | None]) -> bool:
    """What came at once is; what came late only with a picture whose camera says a time near the claim.

    A doubtful claim is believed by nothing.
    """
    if claim.doubtful:
        return False
    if claim.received_at - claim.occurred_at <= PROMPT:
        return True
    return any(at is not None and abs(at - claim.claimed_at) <= NEAR for at in taken_at)
