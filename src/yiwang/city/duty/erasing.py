"""A person goes out of what was written about shifts and clockings, and out of what they told of themselves."""

from uuid import UUID

from django.db.models import Q

from yiwang.city.duty import retention
from yiwang.city.duty.models import Clocking, ClockPlace, PersonSkill, Shift, Swap
from yiwang.core.erasing import Erasure, erases, forgets, holding, mask_rows

WORDS = {
    Clocking: ("note", "decision_note"),
    Swap: ("reason", "decision_note"),
    Shift: ("name", "name_en"),
    ClockPlace: ("name",),
    PersonSkill: ("certificate",),
}


@erases("duty.words")
def erase_words(erasure: Erasure) -> int:
    """Words at clockings, swaps, shifts, places and skills that hold a certain text."""
    return sum(
        len(mask_rows(holding(model._default_manager.all(), erasure.certain, words), words, erasure))
        for model, words in WORDS.items()
    )


@forgets("duty.clocking")
def forget_clockings(user_id: UUID) -> int:
    """Where somebody clocked in, their photos and words; that and when they did stays."""
    return retention.blank(Clocking.objects.filter(user=user_id), note="", decision_note="")


@forgets("duty.swap")
def forget_swaps(user_id: UUID) -> int:
    """Why somebody changed shifts, and what was said to it."""
    swaps = Swap.objects.filter(Q(asker=user_id) | Q(other=user_id))
    return swaps.exclude(reason="", decision_note="").update(reason="", decision_note="")


@forgets("duty.skill")
def forget_skills(user_id: UUID) -> int:
    """What somebody can do, and their certificates."""
    return PersonSkill.objects.filter(user=user_id).delete()[0]
