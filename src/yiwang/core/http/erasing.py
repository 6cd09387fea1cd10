"""Answers kept for a retry show what their sender saw: those that show an erased person are forgotten."""

from yiwang.core.erasing import Erasure, erases
from yiwang.core.http.once import forget_answers_about


@erases("http.answer")
def erase_answers(erasure: Erasure) -> int:
    """Answers in which one of the objects is named, or a certain text stands."""
    return sum(forget_answers_about(text) for text in (*map(str, erasure.objects), *erasure.certain))
