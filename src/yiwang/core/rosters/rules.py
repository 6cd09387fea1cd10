"""What a row of a roster means, pure: cells to a person with a post, or what is wrong with them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from yiwang.core.errors import Invalid

Cell = object
# The first heading of each is the template's; capitals and blanks do not matter.
HEADINGS: dict[str, tuple[str, ...]] = {
    "username": ("账号", "username", "account"),
    "name": ("姓名", "name"),
    "phone": ("手机", "电话", "phone"),
    "unit": ("单位", "unit"),
    "post": ("岗位", "post"),
    "role": ("角色", "role"),
    "areas": ("区域", "区域代码", "areas"),
    "valid_from": ("开始日期", "from"),
}
NEEDED = ("username", "name", "unit", "post")
BETWEEN = re.compile(r"[\s,，、;；]+")
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A person with a post, as a row asks for it."""

    username: str
    name: str
    phone: str
    post_id: int
    role: str
    areas: tuple[str, ...]
    valid_from: date | None


@dataclass(frozen=True, slots=True)
class Directory:
    """What words of a row can mean: units by name, short name or code; posts by unit and name or key; roles by
    name or key."""

    units: Mapping[str, frozenset[int]]
    posts: Mapping[tuple[int, str], tuple[int, str]]
    roles: Mapping[str, str]


@dataclass(slots=True)
class _Reading:
    texts: Mapping[str, str]
    faults: list[Invalid] = field(default_factory=list)

    def wrong(self, code: str, message: str, name: str) -> None:
        self.faults.append(Invalid(code, message, field=name))


def columns_of(headings: tuple[str, ...]) -> dict[str, str]:
    """Which column holds which field. Raises Invalid `columns_missing` with the headings that are."""
    plain = {"".join(heading.lower().split()): heading for heading in headings}
    found = {
        name: plain[word] for name, words in HEADINGS.items() for word in reversed(words) if word in plain
    }
    missing = [HEADINGS[name][0] for name in NEEDED if name not in found]
    if missing:
        raise Invalid(
            "columns_missing", f"表里缺少这些列：{'、'.join(missing)}。", columns="、".join(missing)
        )
    return found


def text_of(cell: Cell) -> str:
    """A cell as it is read: telephone numbers come as numbers, days as moments."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def resolve(texts: Mapping[str, str], known: Directory) -> Wanted | tuple[Invalid, ...]:
    """What a row asks for, or every fault that is seen without asking the database."""
    row = _Reading(texts)
    for name in NEEDED:
        if not texts.get(name):
            row.wrong("required", "请填写这一项。", name)
    post = _post(row, known)
    role = _role(row, known, post[1] if post else "")
    day = _day(row)
    if row.faults or post is None:
        return tuple(row.faults)
    areas = tuple(filter(None, BETWEEN.split(texts.get("areas", ""))))
    username = texts["username"].lower()
    return Wanted(username, texts["name"], texts.get("phone", ""), post[0], role, areas, day)


def _post(row: _Reading, known: Directory) -> tuple[int, str] | None:
    unit, post = row.texts.get("unit", ""), row.texts.get("post", "")
    if not unit or not post:
        return None
    found = known.units.get(unit, frozenset())
    if len(found) != 1:
        row.wrong(*(("unit_unclear", "不止一个单位叫这个名字，请写编码。", "unit") if found else
            ("unknown_unit", "没有这个单位，或不在您的管理范围内。", "unit")))  # fmt: skip
        return None
    (unit_id,) = found
    if (unit_id, post) not in known.posts:
        row.wrong("unknown_post", "这个单位没有这个岗位。", "post")
        return None
    return known.posts[unit_id, post]


def _role(row: _Reading, known: Directory, usual: str) -> str:
    """The role that is named, or the one that goes with the post."""
    word = row.texts.get("role") or usual
    if word and word not in known.roles:
        code = "unknown_role" if row.texts.get("role") else "required"
        row.wrong(code, "请写明角色。" if code == "required" else "没有这个角色。", "role")
    return known.roles.get(word, "")


def _day(row: _Reading) -> date | None:
    said = row.texts.get("valid_from", "")
    if not said:
        return None
    found = DAY.fullmatch(said)
    try:
        if found is not None:
            return date(*(int(part) for part in found.groups()))
    except ValueError:
        pass
    row.wrong("not_a_date", "不是日期，请写成 2026-11-23。", "valid_from")
    return None
