"""Making ready: the official notices of holidays, by which limits are counted."""

from collections.abc import Collection
from datetime import date

from yiwang.core import clock
from yiwang.core.calendars import queries
from yiwang.core.setup import Finding, Found, Step

# The State Council tells the next year's holidays in October or November.
TOLD_BY_MONTH = 11


def missing_years(vague: Collection[int], official_until: int | None, today: date) -> list[int]:
    """Of this year and, once it is due, the next: those without an official notice."""
    due = [today.year] + [today.year + 1] * (today.month >= TOLD_BY_MONTH)
    return [year for year in due if year in vague or year > (official_until or 0)]


def judge(missing: Collection[int], today: date) -> Finding:
    """Without this year's notice limits are wrong; the next year's may still have to be told."""
    if today.year in missing:
        return Finding.MISSING
    return Finding.LOOK if missing else Finding.WELL


def missing_notices() -> list[int]:
    """The years whose notice is missing from the default calendar today."""
    first = next(iter(queries.calendars()), None)
    if first is None:
        return [clock.today().year]
    return missing_years(first["provisional_years"], first["official_until"], clock.today())


def look() -> Found:
    """Whether this year's and the next year's notices are loaded."""
    missing, today = missing_notices(), clock.today()
    facts = {"years": missing, "year": today.year}
    return Found(judge(missing, today), facts, mark=",".join(map(str, missing)))


STEPS = (Step("calendars.notices", 50, "/admin/calendars", look),)
