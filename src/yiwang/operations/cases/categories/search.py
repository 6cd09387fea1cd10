"""The words by which a class is found: its names, what people call it, full pinyin and pinyin initials."""

import re
from collections.abc import Iterable

from pypinyin import Style, lazy_pinyin, load_single_dict

from yiwang.core.codes.declare import Label

HAN = re.compile("[\u4e00-\u9fff]")

# A manhole is 窨井 (yìnjǐng); the library reads the rarer xūn first.
load_single_dict({ord("窨"): "yìn,xūn"})


def search_text(name: Label, synonyms: Iterable[str]) -> str:
    """All search words of a class, lower case, separated by spaces, each once and in a fixed order."""
    chinese = [name.zh, *synonyms]
    words = [*chinese, name.en.lower(), *(initials(word) for word in chinese)]
    words += [full_pinyin(word) for word in chinese]
    return " ".join(dict.fromkeys(word for word in words if word))


def synonyms_in(search: str, name: Label) -> list[str]:
    """The words that people use for a class, read back from its search text: those with a Chinese character."""
    words = (word for word in search.split() if HAN.search(word))
    return [word for word in words if word not in name.zh.split()]


def initials(text: str) -> str:
    """First letters: 污水井盖 becomes wsjg. Letters and digits stay, punctuation goes."""
    return _letters(lazy_pinyin(text, style=Style.FIRST_LETTER))


def full_pinyin(text: str) -> str:
    """Without tones or spaces: 井盖 becomes jinggai."""
    return _letters(lazy_pinyin(text))


def _letters(syllables: Iterable[str]) -> str:
    return "".join(letter for letter in "".join(syllables).lower() if letter.isascii() and letter.isalnum())
