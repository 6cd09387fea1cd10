"""What a row of a roster means, pure: cells to a person with a post, or what is wrong with them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from yiwang.core.errors import Invalid

Cell = object


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of table: the headings of each field (the first is the template's; capitals and blanks do not matter), and
    the fields without which there is nothing to bring in."""

    headings: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]


PEOPLE = Kind(
    {
        "username": ("账号", "username", "account"),
        "name": ("姓名", "name"),
        "phone": ("手机", "电话", "phone"),
        "unit": ("单位", "unit"),
        "post": ("岗位", "post"),
        "role": ("角色", "role"),
        "areas": ("区域", "区域代码", "areas"),
        "valid_from": ("开始日期", "from"),
    },
    needed=("username", "name", "unit", "post"),
)
UNITS = Kind(
    {
        "name": ("单位名称", "名称", "name"),
        "short_name": ("简称", "shortname", "short_name"),
        "code": ("单位编码", "编码", "code"),
        "parent": ("上级单位", "上级", "parent"),
        "kind": ("类别", "kind"),
        "handles": ("处置单位", "handles_cases"),
        "posts": ("岗位", "posts"),
    },
    needed=("name",),
)
KINDS = {
    "牵头部门": "lead_bureau",
    "成员单位": "member_department",
    "监督中心": "supervision_centre",
    "指挥中心": "command_centre",
    "街道分中心": "street_centre",
    "开发区": "development_zone",
    "队伍": "team",
    "企业": "company",
}
YES, NO = ("是", "1", "yes", "true", "√"), ("否", "0", "no", "false", "")
CODE = re.compile(r"[A-Za-z0-9_.-]{1,40}")
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


@dataclass(frozen=True, slots=True)
class WantedUnit:
    """A unit, as a row asks for it: below which (None: a root), and with posts of which roles (their keys)."""

    name: str
    short_name: str
    code: str
    parent_id: int | None
    kind: str
    handles_cases: bool
    roles: tuple[str, ...]


@dataclass(slots=True)
class _Reading:
    texts: Mapping[str, str]
    faults: list[Invalid] = field(default_factory=list)

    def wrong(self, code: str, message: str, name: str) -> None:
        self.faults.append(Invalid(code, message, field=name))


def columns_of(headings: tuple[str, ...], kind: Kind = PEOPLE) -> dict[str, str]:
    """Which column holds which field. Raises Invalid `columns_missing` with the headings that are."""
    known = kind.headings
    plain = {"".join(heading.lower().split()): heading for heading in headings}
    found = {name: plain[word] for name, words in known.items() for word in reversed(words) if word in plain}
    missing = [known[name][0] for name in kind.needed if name not in found]
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
    for name in PEOPLE.needed:
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


def resolve_unit(
    texts: Mapping[str, str], units: Mapping[str, frozenset[int]], roles: Mapping[str, str]
) -> WantedUnit | tuple[Invalid, ...]:
    """What a row asks for, or every fault that is seen without asking the database. `units`: by name, short name and
    code; `roles`: keys by name and key."""
    row = _Reading(texts)
    name, code, kind = (texts.get(field, "") for field in ("name", "code", "kind"))
    short = texts.get("short_name", "") or name
    if not name:
        row.wrong("required", "请填写这一项。", "name")
    for part, text, most in (("name", name, 100), ("short_name", short, 30)):
        if len(text) > most:
            row.wrong("too_long", f"最多 {most} 个字；名称长的请另写简称。", part)
    if code and not CODE.fullmatch(code):
        row.wrong("bad_code", "编码只能有字母、数字、点和横线，最多 40 位。", "code")
    if kind and kind not in KINDS and kind not in KINDS.values():
        row.wrong("unknown_kind", "没有这个类别，请从模板第二页选。", "kind")
    handles = texts.get("handles", "").lower()
    if handles not in YES + NO:
        row.wrong("not_yes_or_no", "请写“是”或“否”。", "handles")
    parent = _parent(row, units)
    words = tuple(filter(None, BETWEEN.split(texts.get("posts", ""))))
    if unknown := [word for word in words if word not in roles]:
        row.wrong("unknown_role", f"没有这个角色：{'、'.join(unknown)}。", "posts")
    if row.faults:
        return tuple(row.faults)
    keys = tuple(dict.fromkeys(roles[word] for word in words))
    return WantedUnit(name, short, code, parent, KINDS.get(kind, kind), handles in YES, keys)


def _parent(row: _Reading, units: Mapping[str, frozenset[int]]) -> int | None:
    word = row.texts.get("parent", "")
    found = units.get(word, frozenset())
    if word and len(found) != 1:
        row.wrong(*(("unit_unclear", "不止一个单位叫这个名字，请写编码。", "parent") if found else
            ("unknown_unit", "没有这个上级单位；新的上级要写在前面的行里。", "parent")))  # fmt: skip
    return next(iter(found)) if len(found) == 1 else None


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
