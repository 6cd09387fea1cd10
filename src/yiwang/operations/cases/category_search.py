"""The words by which a class is found: its names, what people call it, full pinyin and pinyin initials."""

from collections.abc import Iterable

from pypinyin import Style, lazy_pinyin, load_single_dict

from yiwang.operations.cases.declare import CaseCategory

# A manhole is 窨井 (yìnjǐng); the library reads the rarer xūn first.
load_single_dict({ord("窨"): "yìn,xūn"})


def search_text(category: CaseCategory) -> str:
    """All search words of a class, lower case, separated by spaces, each once and in a fixed order."""
    chinese = [category.name.zh, *category.synonyms]
    words = [*chinese, category.name.en.lower(), *(initials(word) for word in chinese)]
    words += [full_pinyin(word) for word in chinese]
    return " ".join(dict.fromkeys(word for word in words if word))


def initials(text: str) -> str:
    """First letters: 污水井盖 becomes wsjg. Letters and digits stay, punctuation goes."""
    return _letters(lazy_pinyin(text, style=Style.FIRST_LETTER))


def full_pinyin(text: str) -> str:
    """Without tones or spaces: 井盖 becomes jinggai."""
    return _letters(lazy_pinyin(text))


def _letters(syllables: Iterable[str]) -> str:
    return "".join(letter for letter in "".join(syllables).lower() if letter.isascii() and letter.isalnum())
