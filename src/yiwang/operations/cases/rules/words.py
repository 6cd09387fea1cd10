"""Small rules about what is said of a case: times as claimed, numbers, masks."""

import re
from datetime import datetime, timedelta
from functools import lru_cache

from yiwang.core.errors import Invalid

OLDEST_CLAIM = timedelta(days=30)
CLOCK_TOLERANCE = timedelta(minutes=5)
DIGITS, WIDE = "0123456789", "０１２３４５６７８９"
# How people break a number up to read it.
BETWEEN = r"[\s\-－–—]{0,3}"
CERTAIN_DIGITS, MOBILE_DIGITS = 7, 11


def bounded_claim(occurred_at: datetime | None, received_at: datetime) -> datetime:
    """When it happened, as claimed, within bounds; the moment of receipt when nothing is claimed.

    Raises Invalid `in_the_future` (a clock may run five minutes ahead) or `too_old` (thirty days).
    """
    if occurred_at is None:
        return received_at
    if occurred_at > received_at + CLOCK_TOLERANCE:
        raise Invalid("in_the_future", "发生时间不能晚于现在。", field="occurred_at")
    if occurred_at < received_at - OLDEST_CLAIM:
        raise Invalid("too_old", f"发生时间不能早于 {OLDEST_CLAIM.days} 天前。", field="occurred_at")
    return min(occurred_at, received_at)


def case_number(district: str, day: str, serial: int) -> str:
    """A case's number for people: district (6), day (8), serial of the day (5): 19 digits.

    Source: local rule; the national 19-digit number's inner structure is not known (docs/adr/0008).
    """
    return f"{district}{day}{serial:05d}"


def masked_name(name: str) -> str:
    """王** for 王小明: the family name stays."""
    return name[:1] + "*" * max(len(name) - 1, 0)


def masked_phone(phone: str) -> str:
    """138****5678: at least four digits in the middle are hidden; a shorter number keeps its last two."""
    if len(phone) < 11:
        return "*" * max(len(phone) - 2, 0) + phone[-2:]
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]


def spellings(phone: str) -> tuple[str, ...]:
    """How people write a number, for the search where no pattern can be asked for; none for a service's short number.

    Seven digits at least are one person's wherever they stand.
    """
    digits = _digits(phone)
    if len(digits) < CERTAIN_DIGITS:
        return ()
    read = [digits[:3], digits[3:7], digits[7:]] if len(digits) == MOBILE_DIGITS else [digits]
    wide = digits.translate(str.maketrans(DIGITS, WIDE))
    return tuple(dict.fromkeys((phone, digits, "-".join(read), " ".join(read), wide)))


def without_person(text: str, name: str, phone: str) -> str:
    """A text with a person's full name and number masked wherever they stand in it.

    The number is found as it was given, and with spaces, dashes or full-width digits; also where a text was cut off
    within it. One of fewer than eleven digits is left within a longer number, which is another. A name is found as
    it was given; one of one character is left, for it would be found in many a word.
    """
    if phone:
        text = _pattern(phone).sub(masked_phone(phone), text)
        text = _without_cut_number(text, phone)
    if len(name) > 1:
        text = text.replace(name, masked_name(name))
    return text


def _digits(phone: str) -> str:
    return "".join(sign for sign in phone if sign in DIGITS)


@lru_cache(maxsize=16)
def _pattern(phone: str) -> re.Pattern[str]:
    digits = _digits(phone)
    if not digits:
        return re.compile(re.escape(phone))
    number = BETWEEN.join(f"[{digit}{WIDE[int(digit)]}]" for digit in digits)
    return re.compile(number if len(digits) >= MOBILE_DIGITS else rf"(?<!\d){number}(?!\d)")


def _without_cut_number(text: str, phone: str) -> str:
    """A notice shows the beginning of a text: most of a number at its end is as good as the whole."""
    kept, digits = text.removesuffix("…"), _digits(phone)
    for length in range(len(digits) - 1, CERTAIN_DIGITS - 1, -1):
        if kept.endswith(digits[:length]):
            return kept[:-length] + "*" * length + text[len(kept) :]
    return text
