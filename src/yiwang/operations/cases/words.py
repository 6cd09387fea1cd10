"""The words by which cases are found: how texts are cut, and how a question is put to the index.

A text is cut into runs of Chinese characters, of Latin letters and of digits. A run of characters becomes the pairs
that overlap in it and its last character, so that a word of any length stands there as neighbouring pairs, and a single
character as the beginning of one. Runs of letters and of digits stand whole. Each piece has its place in the text:
what is asked for must stand together. A case's number stands as a whole, from its day on, and as its serial.

The database cuts by the same rules when a case is written, through whichever door (function `cases_words_of`, migration
`case_words`); a property test holds the two together. Nothing of a reporter is among the words.
"""

import re
import unicodedata
from dataclasses import dataclass

MOST_WORDS = 5
LONGEST_TEXT = 4000
LONGEST_PIECE = 64
# The digits of a number: 6 of the district, 8 of the day, 5 of the serial. Local rule, see rules.case_number.
NUMBER_LENGTH, DAY_FROM, SERIAL_FROM = 19, 6, 14
SHORTEST_NUMBER, SHORTEST_WHOLE = 6, 12
# Shorter beginnings of letters or digits would fetch half of all cases.
SHORTEST_LETTERS, SHORTEST_DIGITS = 2, 3

_CHARACTERS = "\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_RUNS = re.compile(f"[a-z]+|[0-9]+|[{_CHARACTERS}]+|[^a-z0-9{_CHARACTERS}]+")
_SPACE = re.compile(r"\s+")
_CAPITALS = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of one sort: `text` as it is compared, `at` its place counted from 1; `sort` is of the first sign."""

    text: str
    at: int

    @property
    def is_characters(self) -> bool:
        """Chinese characters; each has a place of its own."""
        return not self.text[0].isascii()


def plain(text: str) -> str:
    """Full and half width are one, and so are capital and small Latin letters (NFKC, then ASCII small letters)."""
    return unicodedata.normalize("NFKC", text).translate(_CAPITALS)


def runs(text: str) -> list[Run]:
    """The runs of a text; what stands between them (a space, a comma, a line) takes one place."""
    found, at = [], 1
    for match in _RUNS.findall(plain(text)[:LONGEST_TEXT]):
        characters = re.match(f"[{_CHARACTERS}]", match) is not None
        if characters or re.match("[a-z0-9]", match):
            found.append(Run(match, at))
        at += len(match) if characters else 1
    return found


def pieces(text: str) -> set[tuple[str, int]]:
    """What the index keeps of a text: pieces with their places."""
    found: set[tuple[str, int]] = set()
    for run in runs(text):
        if run.is_characters:
            found.update((run.text[n : n + 2], run.at + n) for n in range(len(run.text)))
        else:
            found.add((run.text[:LONGEST_PIECE], run.at))
    return found


def number_key(number: str) -> str:
    """A case number as it is compared: letters and digits only."""
    return re.sub("[^a-z0-9]", "", plain(number))[:LONGEST_PIECE]


def number_pieces(number: str) -> set[str]:
    """What the index keeps of a number; the signs in front keep numbers apart from words."""
    key = number_key(number)
    if not key:
        return set()
    if len(key) != NUMBER_LENGTH or not key.isdigit():
        return {f"##{key}", f"#{key}"}
    return {f"##{key}", f"#{key[DAY_FROM:]}", f"#{key[SERIAL_FROM:]}"}


def question(q: str) -> str:
    """The question that finds cases with all the words of `q` (at most `MOST_WORDS`), as PostgreSQL's tsquery.

    Empty when there is nothing in it that could be looked for.
    """
    words = [word for word in _SPACE.split(plain(q)) if word][:MOST_WORDS]
    asked = [f"({found})" for word in words if (found := _asked(word))]
    return " & ".join(asked)


def _asked(word: str) -> str:
    """One word: it stands in the text, or it is (the beginning of a part of) the number."""
    phrase = _phrase(runs(word))
    return " | ".join(part for part in (phrase and f"({phrase})", *_asked_number(word)) if part)


def _asked_number(word: str) -> list[str]:
    if not word.isascii():
        return []
    key = number_key(word)
    found = []
    if len(key) == NUMBER_LENGTH - SERIAL_FROM and key.isdigit():
        found.append(f"'#{key}'")
    if len(key) >= SHORTEST_NUMBER and any(sign.isdigit() for sign in key):
        found.append(f"'#{key}':*")
    if len(key) >= SHORTEST_WHOLE:
        found.append(f"'##{key}':*")
    return found


def _phrase(found: list[Run]) -> str:
    """Pieces that must stand at the same distances from each other as in the word."""
    parts: list[tuple[str, int]] = []
    for place, run in enumerate(found):
        parts += _parts(run, is_last=place == len(found) - 1)
    if not parts:
        return ""
    asked, last = parts[0]
    for piece, at in parts[1:]:
        asked += f" <{at - last}> {piece}"
        last = at
    return asked


def _parts(run: Run, *, is_last: bool) -> list[tuple[str, int]]:
    """A run of a word as quoted pieces; the last of the word may go on in the text."""
    text = run.text
    if run.is_characters:
        if len(text) == 1:
            return [(f"'{text}':*" if is_last else f"'{text}'", run.at)]
        return [(f"'{text[n : n + 2]}'", run.at + n) for n in range(len(text) - 1)]
    shortest = SHORTEST_LETTERS if text[0].isalpha() else SHORTEST_DIGITS
    goes_on = is_last and len(text) >= shortest
    return [(f"'{text[:LONGEST_PIECE]}'" + (":*" if goes_on else ""), run.at)]
