"""Reads an official holiday notice: the State Council's own sentences, or a table of ranges. Pure.

    一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
    元旦,2026-01-01,2026-01-03        a range off        春节,2026-02-14,,上班        a weekend day worked

What the notice says twice is compared: the weekday in brackets, the number of days. A line that cannot be read or
contradicts itself is a problem with its number; nothing is guessed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from yiwang.core.calendars.declare import SATURDAY, DeclaredDay

LONGEST = 31
LONGEST_TEXT = 20_000
NAMES_EN = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "清明节": "Tomb-sweeping Day",
    "清明": "Tomb-sweeping Day",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-Autumn Festival",
    "国庆节": "National Day",
}
WORKED = ("上班", "调休上班", "workday", "worked")
OFF = ("", "放假", "休息", "holiday", "off")
_WEEKDAYS = "一二三四五六日"
_DATE = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:（([^（）]*)）)?"
_ONE = re.compile(_DATE)
_RANGE = re.compile(f"{_DATE}(?:(?:至|到|—|-|~){_DATE})?")
_COUNT = re.compile(r"(?:共|放假)(\d{1,2})天")
_WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
_NUMBER = re.compile(r"^[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]\s*")
_HEAD = re.compile(r"^([^，。；：:]{1,40})[：:](.+)$")


@dataclass(frozen=True, slots=True)
class Row:
    """Days from `first_on` to `last_on`, both included: off, or worked although they are a weekend."""

    name: str
    first_on: date
    last_on: date
    is_workday: bool
    name_en: str = ""

    @property
    def days(self) -> int:
        """How many."""
        return (self.last_on - self.first_on).days + 1


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line (from 1): a stable code, and words for it."""

    line: int
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What was read, in its order, and what could not be."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]

    def declared(self) -> list[DeclaredDay]:
        """Each day once; where a range and a worked day meet, the worked day counts."""
        days: dict[date, DeclaredDay] = {}
        for row in sorted(self.rows, key=lambda row: row.is_workday):
            for n in range(row.days):
                on = row.first_on + timedelta(days=n)
                days[on] = DeclaredDay(on, row.is_workday, row.name, row.name_en)
        return [days[on] for on in sorted(days)]


class Unreadable(ValueError):
    """A line that cannot be read: `code` and words."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def read(text: str, year: int) -> Notice:
    """The rows of a notice for `year`. Lines that speak of no day are passed over."""
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            rows += _line(line.strip(), year)
        except Unreadable as error:
            problems.append(Problem(number, error.code, error.reason))
    return Notice(tuple(rows), (*problems, *check(rows, year)))


def check(rows: Sequence[Row], year: int) -> list[Problem]:
    """What is wrong with rows as a whole, by their place among them (from 1)."""
    problems = []
    seen: dict[tuple[date, bool], int] = {}
    for number, row in enumerate(rows, 1):
        if row.first_on > row.last_on or row.days > LONGEST:
            problems.append(
                Problem(number, "range_wrong", f"{row.first_on} 至 {row.last_on} 不是合理的日期范围")
            )
            continue
        if not date(year - 1, 12, 1) <= row.first_on <= date(year, 12, 31):
            problems.append(Problem(number, "other_year", f"{row.first_on} 不属于 {year} 年"))
        for n in range(row.days):
            on = row.first_on + timedelta(days=n)
            if (on, row.is_workday) in seen:
                problems.append(Problem(number, "day_twice", f"{on} 出现两次"))
                break
            seen[on, row.is_workday] = number
        if row.is_workday and not any(
            _is_off(row.first_on + timedelta(days=n), seen) for n in range(row.days)
        ):
            problems.append(Problem(number, "worked_anyway", f"{row.first_on} 本来就是工作日"))
    return problems


def _is_off(on: date, seen: dict[tuple[date, bool], int]) -> bool:
    return on.weekday() >= SATURDAY or (on, False) in seen


def english(name: str) -> str:
    """The festival's English name; of several, each; "" when one is not known."""
    parts = [NAMES_EN.get(part, "") for part in re.split("[、和与]", name)]
    return ", ".join(parts) if all(parts) else ""


def _line(line: str, year: int) -> Iterator[Row]:
    line = line.replace("(", "（").replace(")", "）")
    if not re.search(r"\d", line):
        return
    if re.search(r"\d{4}-\d{1,2}-\d{1,2}", line):
        yield _table_row(line)
        return
    head = _HEAD.match(_NUMBER.sub("", line))
    if head is None:
        if "放假" in line and _ONE.search(line):
            raise Unreadable("no_name", "看不出是哪个节日：请写成“节日：日期…放假”")
        return
    name = head[1].strip()
    for sentence in re.split("[。；;]", head[2]):
        if "上班" in sentence:
            yield from _worked(sentence, name, year)
        elif "放假" in sentence and _ONE.search(sentence):
            yield _off(sentence, name, year)


def _table_row(line: str) -> Row:
    fields = [field.strip() for field in re.split("[,，;；\t]", line)]
    fields += [""] * (4 - len(fields))
    name, first, last, kind = fields[:4]
    kind = kind.lower()
    if kind not in WORKED and kind not in OFF:
        raise Unreadable("kind_unknown", f"“{kind}”既不是“放假”也不是“上班”")
    try:
        first_on = date.fromisoformat(first)
        last_on = date.fromisoformat(last) if last else first_on
    except ValueError:
        raise Unreadable("date_wrong", "日期请写成 2027-01-01，每行：名称,开始,结束,放假或上班") from None
    return Row(name, first_on, last_on, kind in WORKED, english(name))


def _off(sentence: str, name: str, year: int) -> Row:
    found = _RANGE.search(sentence)
    if found is None:
        raise Unreadable("date_wrong", "看不出放假的日期")
    groups = found.groups()
    first = _date(groups[:4], _start_of(name, groups[:4], year), None)
    last = _date(groups[4:], first.year, first.month) if groups[6] else first
    if last < first:
        raise Unreadable("range_wrong", f"{first} 至 {last} 倒过来了")
    counted = _COUNT.search(sentence)
    row = Row(name, first, last, False, english(name))
    if counted and int(counted[1]) != row.days:
        raise Unreadable("count_wrong", f"{first} 至 {last} 是 {row.days} 天，通知写的是 {counted[1]} 天")
    return row


def _worked(sentence: str, name: str, year: int) -> Iterator[Row]:
    month = None
    for found in _ONE.finditer(sentence):
        on = _date(found.groups(), _start_of(name, found.groups(), year), month)
        month = on.month
        yield Row(name, on, on, True, english(name))


def _start_of(name: str, groups: Sequence[str | None], year: int) -> int:
    """The year of a date without one: December in the line of New Year's Day is the year before."""
    return year - 1 if "元旦" in name and groups[1] == "12" else year


def _date(groups: Sequence[str | None], year: int, month: int | None) -> date:
    given_year, given_month, day, bracket = groups
    number = int(given_month) if given_month else month
    if number is None:
        raise Unreadable("date_wrong", f"“{day}日”是几月？")
    try:
        on = date(int(given_year) if given_year else year, number, int(day or 0))
    except ValueError:
        raise Unreadable("date_wrong", f"没有 {number} 月 {day} 日") from None
    weekday = _WEEKDAY.search(bracket or "")
    if weekday and _WEEKDAYS.index(weekday[1].replace("天", "日")) != on.weekday():
        raise Unreadable("weekday_wrong", f"{on} 是周{_WEEKDAYS[on.weekday()]}，通知写的是周{weekday[1]}")
    return on
