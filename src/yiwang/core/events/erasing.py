"""A person goes out of why a handler gave up, and out of what was announced: no event should hold them, and if one did
it would for two weeks."""

from yiwang.core.erasing import Erasure, erases, holding, mask_rows
from yiwang.core.events.models import DeadLetter, OutboxEvent


@erases("events.dead_letter")
def erase_reasons(erasure: Erasure) -> int:
    """The trace of an error may repeat values."""
    words = ("reason", "discarded_because")
    return len(mask_rows(holding(DeadLetter.objects.all(), erasure.certain, words), words, erasure))


@erases("events.outbox_event")
def erase_payloads(erasure: Erasure) -> int:
    """What was announced with a certain text in it."""
    held = holding(OutboxEvent.objects.all(), erasure.certain, ("payload",))
    return len(mask_rows(held, ("payload",), erasure))
