"""How a notice leaves the platform: its words, when it may, and when it is tried again. Pure."""

import string
from collections.abc import Mapping
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

MAIL, SMS, WORK_WECHAT, WECHAT = CHANNELS = ("mail", "sms", "work_wechat", "wechat")
# After each failure a longer wait; after the last one a person has to look.
WAITS = tuple(timedelta(minutes=4**n) for n in range(5))
# A gateway that has not answered by then never will.
CUT_OFF_AFTER = timedelta(minutes=10)


class _Gaps(string.Formatter):
    """Fills in names only, never anything of them; one that is not given stays empty."""

    def get_field(self, field_name: str, args: Any, kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        return kwargs.get(field_name, ""), field_name


def text(template: Mapping[str, str], params: Mapping[str, Any], language: str, zone: tzinfo) -> str:
    """A template of two languages with its parameters: labels in the language, moments as "11-22 14:30" of the zone."""
    said = {name: _said(name, value, language, zone) for name, value in params.items()}
    return _Gaps().vformat(template[language], (), said).strip()


def _said(name: str, value: Any, language: str, zone: tzinfo) -> str:
    if isinstance(value, Mapping):
        return str(value.get(language) or value.get("zh") or "")
    if isinstance(value, str) and name.endswith("_at"):
        return f"{datetime.fromisoformat(value).astimezone(zone):%m-%d %H:%M}"
    return "" if value is None else str(value)


def quiet_until(now: datetime, begin: time | None, end: time | None) -> datetime | None:
    """When quiet hours that `now` (local time) lies in are over; None when it lies in none.

    From 22:00 to 7:00 goes over midnight; from an hour to the same hour is no time at all.
    """
    if begin is None or end is None or begin == end:
        return None
    at = now.timetz().replace(tzinfo=None)
    over_midnight = begin > end
    is_quiet = (at >= begin or at < end) if over_midnight else begin <= at < end
    if not is_quiet:
        return None
    day = now.date() + timedelta(days=over_midnight and at >= begin)
    return datetime.combine(day, end, now.tzinfo)


def next_try(attempts: int, now: datetime) -> datetime | None:
    """When it is tried again after so many attempts failed; None: not by itself any more."""
    return now + WAITS[attempts - 1] if attempts <= len(WAITS) else None
