"""Small rules about what is said of a case: times as claimed, numbers, masks."""

import re
from datetime import datetime, timedelta
from functools import lru_cache

from yiwang.core.errors import Invalid
from yiwang.core.masking import masked_name, masked_phone

OLDEST_CLAIM = timedelta(days=30)
CLOCK_TOLERANCE = timedelta(minutes=5)
DIGITS, WIDE = "0123456789", "０１２３４５６７８９"
NARROW = str.maketrans(WIDE, DIGITS)
# How people break a number up to read it; at any other sign another number begins, or an extension.
WITHIN = r"\s\-－–—.()（）"
BETWEEN = rf"[{WITHIN}]{{0,3}}"
# No telephone number has more than 15 digits (ITU-T E.164).
CERTAIN_DIGITS, MOBILE_DIGITS, MOST_DIGITS = 7, 11, 15
PREFIXED_MOBILE = re.compile(r"(?:(?:00)?86|0)(1[3-9][0-9]{9})")


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


@lru_cache(maxsize=16)
def numbers(phone: str) -> tuple[str, ...]:
    """The numbers that stand in a phone as it was given, as digits, the longest first; none for a service's short one.

    The whole, what stands before an extension or beside another number, and a mobile without the country's prefix.
    Seven digits at least are one person's wherever they stand.
    """
    parts = [phone, *re.split(rf"[^0-9{WIDE}+{WITHIN}]+", phone)]
    if len(_digits(phone)) > MOST_DIGITS:
        parts += re.split(rf"[^0-9{WIDE}]+", phone)
    found = {_digits(part) for part in parts}
    found |= {mobile[1] for digits in found if (mobile := PREFIXED_MOBILE.fullmatch(digits))}
    return tuple(
        sorted((one for one in found if len(one) >= CERTAIN_DIGITS), key=lambda one: (-len(one), one))
    )


def same_number(one: str, other: str) -> bool:
    """Whether two phones, however they are written, are one person's."""
    return one == other or not set(numbers(one)).isdisjoint(numbers(other))


def spellings(phone: str) -> tuple[str, ...]:
    """How people write a number, for the search where no pattern can be asked for; none for a service's short one."""
    written = [spelling for number in numbers(phone) for spelling in _written(number)]
    return tuple(dict.fromkeys((phone.strip(), *written))) if written else ()


def without_person(text: str, name: str, phone: str) -> str:
    """A text with a person's full name and number masked wherever they stand in it.

    The number is found as it was given, and with spaces, dashes, dots, brackets or full-width digits, a mobile with
    and without the country's prefix; also where a text was cut off within it. One of fewer than eleven digits is left
    within a longer number, which is another; a service's short one is found only as it was given. A name is found as
    it was given; one of one character is left, for it would be found in many a word.
    """
    if phone.strip():
        text = _pattern(phone).sub(_masked, text)
        text = _cut_pattern(phone).sub(lambda cut: "*" * len(cut[0]), text)
    if len(name) > 1:
        text = text.replace(name, masked_name(name))
    return text


def _digits(phone: str) -> str:
    return "".join(sign for sign in phone.translate(NARROW) if sign in DIGITS)


def _written(number: str) -> tuple[str, ...]:
    read = _read(number)
    return number, "-".join(read), " ".join(read), number.translate(str.maketrans(DIGITS, WIDE))


def _read(number: str) -> tuple[str, ...]:
    """The groups in which a number is read: a mobile's, an area code (three digits for the largest cities) apart."""
    if number.startswith("0"):
        code = 3 if number[1] in "12" else 4
        return number[:code], number[code:]
    return (number[:3], number[3:7], number[7:]) if len(number) == MOBILE_DIGITS else (number,)


def _masked(found: re.Match[str]) -> str:
    return masked_phone(_digits(found[0]) or found[0])


@lru_cache(maxsize=16)
def _pattern(phone: str) -> re.Pattern[str]:
    """The phone as it was given, or any of its numbers."""
    given = _apart(re.escape(phone.strip()), _digits(phone))
    return re.compile("|".join([given, *(_apart(BETWEEN.join(_signs(one)), one) for one in numbers(phone))]))


@lru_cache(maxsize=16)
def _cut_pattern(phone: str) -> re.Pattern[str]:
    """A notice shows the beginning of a text: most of a number at its end is as good as the whole."""
    ways = [_cut(one) for one in numbers(phone) if len(one) > CERTAIN_DIGITS]
    return re.compile(rf"(?:{'|'.join(ways)})(?={BETWEEN}…?\Z)" if ways else r"(?!)")


def _cut(number: str) -> str:
    signs = _signs(number[:-1])
    further = ""
    for sign in reversed(signs[CERTAIN_DIGITS:]):
        further = f"(?:{BETWEEN}{sign}{further})?"
    border = "" if len(number) >= MOBILE_DIGITS else r"(?<!\d)"
    return border + BETWEEN.join(signs[:CERTAIN_DIGITS]) + further


def _signs(number: str) -> list[str]:
    return [f"[{digit}{WIDE[int(digit)]}]" for digit in number]


def _apart(pattern: str, digits: str) -> str:
    return pattern if len(digits) >= MOBILE_DIGITS else rf"(?<!\d){pattern}(?!\d)"
