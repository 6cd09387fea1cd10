"""Small rules about what is said of a case: times as claimed, numbers, masks."""

from datetime import datetime, timedelta

from yiwang.core.errors import Invalid

OLDEST_CLAIM = timedelta(days=30)
CLOCK_TOLERANCE = timedelta(minutes=5)


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


def without_person(text: str, name: str, phone: str) -> str:
    """A text with a person's full name and number masked wherever they stand in it as they were given.

    A name of one character is left: it would be found in many a word.
    """
    if phone:
        text = text.replace(phone, masked_phone(phone))
    if len(name) > 1:
        text = text.replace(name, masked_name(name))
    return text
