"""A person goes out of phrases in which somebody kept their number."""

from yiwang.core.erasing import Erasure, erases, holding, mask_rows
from yiwang.core.phrases.models import Phrase

WORDS = ("text", "text_en")


@erases("phrases.phrase")
def erase_phrases(erasure: Erasure) -> int:
    """Phrases that hold a certain text, taken away ones too."""
    return len(mask_rows(holding(Phrase.objects.all(), erasure.certain, WORDS), WORDS, erasure))
