"""People, sign-ins, absences, units and posts written out as tables, as their screens show them.

A telephone number stands there without its middle: the table leaves the platform, and the number is on the page.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from ninja import Schema
from pydantic import Field

from yiwang.core.accounts import access, people_api, posts, queries, staff_queries
from yiwang.core.accounts.models import Absence, Post, SignInAttempt, Unit, User
from yiwang.core.accounts.staff_schemas import StaffQuery, TryQuery
from yiwang.core.actor import Actor
from yiwang.core.exporting import Cell, Cells, Column, ExportedList, Words
from yiwang.core.http.routes import SIGNED_IN
from yiwang.core.masking import masked_phone

STATES = {
    "active": ("在任", "In office"),
    "closed": ("已停用", "Closed"),
    "former": ("离任", "Left"),
    "erased": ("已抹除", "Erased"),
}
RESULTS = {
    "signed_in": ("登录成功", "Signed in"),
    "wrong_password": ("密码错误", "Wrong password"),
    "unknown_account": ("没有这个账号", "No such account"),
    "closed_account": ("账号已停用", "Account closed"),
    "password_set": ("用链接设置密码", "Password set by link"),
    "link_invalid": ("密码链接无效", "Bad password link"),
}
AWAY = {
    "running": ("进行中", "Away"),
    "coming": ("未开始", "To come"),
    "over": ("已结束", "Over"),
    "cancelled": ("已销假", "Cancelled"),
}
REASONS = {
    "leave": ("休假", "Leave"),
    "sick": ("病假", "Sick"),
    "trip": ("出差", "Trip"),
    "training": ("培训", "Training"),
    "other": ("其他", "Other"),
}
COMMA = {"zh": "、", "en": ", "}


def _list(words: Words, items: Iterable[str]) -> str:
    return COMMA[words.language].join(items)


# People


def _posts(row: dict[str, Any], words: Words) -> Cell:
    return _list(words, (f"{one['post_unit'].short_name} {one['post']}" for one in row["assignments"]))


def _roles(row: dict[str, Any], words: Words) -> Cell:
    roles = (one["role"] for one in row["assignments"])
    return _list(words, dict.fromkeys(words.either(role.name, role.name_en) for role in roles))


def _state(row: dict[str, Any], words: Words) -> Cell:
    said = [words.of(STATES, row["state"])]
    said += [words.either("已锁定", "Locked")] if row["is_locked"] else []
    said += [words.either("缺勤中", "Away")] if row["away_until"] else []
    return _list(words, (one for one in said if one))


PEOPLE: Cells = (
    (Column("name", "姓名", "Name"), lambda row, words: row["name"]),
    (Column("username", "账号", "Account", 18), lambda row, words: row["username"]),
    (Column("phone", "手机", "Phone", 14), lambda row, words: masked_phone(row["phone"])),
    (Column("posts", "任职", "Posts", 30), _posts),
    (Column("role", "角色", "Role", 20), _roles),
    (Column("state", "状态", "State", 12), _state),
    (Column("last_sign_in", "最近登录", "Last sign-in", 19), lambda row, words: row["last_sign_in"]),
    (Column("created_at", "建立日期", "Made on", 19), lambda row, words: row["created_at"]),
)


def find_people(actor: Actor, asked: StaffQuery, sort: str) -> QuerySet[User]:
    """The people whom one administers."""
    wanted = staff_queries.Narrowing(asked.q, asked.unit_id, asked.role, asked.state)
    rows = staff_queries.narrowed(access.list_staff_for(actor), wanted)
    return staff_queries.whole(rows).order_by(*staff_queries.SORTS[asked.sort])


def show_people(actor: Actor, asked: StaffQuery, rows: list[User]) -> Iterable[dict[str, Any]]:
    """As the screen shows them."""
    locked = staff_queries.are_locked(rows)
    return (staff_queries.present_row(user, locked) for user in rows)


# Sign-ins


def _result(row: SignInAttempt, words: Words) -> Cell:
    return words.of(RESULTS, row.reason or ("signed_in" if row.succeeded else "wrong_password"))


TRIES: Cells = (
    (Column("at", "时间", "Time", 19), lambda row, words: row.at),
    (Column("name", "姓名", "Name"), lambda row, words: row.name),
    (Column("username", "账号", "Account", 18), lambda row, words: row.username),
    (Column("result", "结果", "Result", 18), _result),
    (
        Column("forgiven", "备注", "Note", 12),
        lambda row, words: words.either("已解除锁定", "Unlocked since") if row.forgiven else None,
    ),
    (Column("ip", "来源地址", "Address", 18), lambda row, words: row.ip),
)


def find_tries(actor: Actor, asked: TryQuery, sort: str) -> QuerySet[SignInAttempt]:
    """Tries to sign in, the latest first."""
    wanted = staff_queries.Tried(asked.q, asked.succeeded, asked.first, asked.last)
    return staff_queries.tries_for(actor, wanted).order_by("-at", "-id")


def show_tries(actor: Actor, asked: TryQuery, rows: list[SignInAttempt]) -> list[SignInAttempt]:
    """Each with whose account it was."""
    return staff_queries.with_names(rows)


# Absences


class AbsenceQuery(Schema):
    """The query of absences, and the words that the screen narrows them by."""

    open: bool = True
    user_id: UUID | None = None
    q: str = Field("", max_length=50)


ABSENCES: Cells = (
    (Column("state", "状态", "State", 10), lambda row, words: words.of(AWAY, row["state"])),
    (Column("person", "姓名", "Name"), lambda row, words: row["person"]["name"]),
    (Column("starts_on", "开始", "From", 12), lambda row, words: row["starts_on"]),
    (Column("ends_on", "结束", "Until", 12), lambda row, words: row["ends_on"]),
    (
        Column("substitute", "代理人", "Substitute"),
        lambda row, words: row["substitute"]["name"] if row["substitute"] else None,
    ),
    (Column("reason", "原因", "Reason", 10), lambda row, words: words.of(REASONS, row["reason"])),
    (Column("note", "说明", "Note", 30), lambda row, words: row["note"]),
    (Column("entered_by", "登记人", "Entered by"), lambda row, words: row["entered_by"]),
    (Column("entered_at", "登记时间", "Entered", 19), lambda row, words: row["entered_at"]),
)


def find_absences(actor: Actor, asked: AbsenceQuery, sort: str) -> QuerySet[Absence]:
    """Absences that one sees, the latest first day first."""
    rows = access.list_absences_for(actor)
    if q := asked.q.strip():
        rows = rows.filter(Q(user__name__contains=q) | Q(substitute__name__contains=q))
    rows = queries.absences_among(rows, only_open=asked.open, user_id=asked.user_id)
    return rows.order_by("-starts_on", "-id")


def show_absences(actor: Actor, asked: AbsenceQuery, rows: list[Absence]) -> Iterable[dict[str, Any]]:
    """As the screen shows them: why somebody is away only to whom it concerns."""
    managed = access.managed_people(actor, {row.user_id for row in rows})
    return (people_api.present(actor, row, managed) for row in rows)


# Units and posts


class UnitQuery(Schema):
    """The query of units, and the words that the screen narrows them by."""

    ended: bool = False
    q: str = Field("", max_length=50)


UNITS: Cells = (
    (Column("code", "编码", "Code", 18), lambda row, words: row.code),
    (Column("name", "单位名称", "Unit", 30), lambda row, words: words.either(row.name, row.name_en)),
    (Column("short_name", "简称", "Short name", 16), lambda row, words: row.short_name),
    (
        Column("parent", "上级单位", "Above it", 24),
        lambda row, words: words.either(row.parent.name, row.parent.name_en) if row.parent else None,
    ),
    (Column("area_code", "区域代码", "Area code", 16), lambda row, words: row.area_code),
    (
        Column("handles_cases", "处置单位", "Handles cases", 10),
        lambda row, words: words.either("是", "Yes") if row.handles_cases else None,
    ),
    (Column("valid_to", "撤销日期", "Closed on", 12), lambda row, words: row.valid_to),
)
POSTS: Cells = (
    (Column("unit", "单位", "Unit", 24), lambda row, words: words.either(row.unit.name, row.unit.name_en)),
    (Column("name", "岗位", "Post", 20), lambda row, words: words.either(row.name, row.name_en)),
    (
        Column("holders", "任职人员", "Held by", 30),
        lambda row, words: _list(words, (one["name"] for one in row.shown["holders"])),
    ),
    (
        Column("role", "角色", "Role", 20),
        lambda row, words: _list(
            words, dict.fromkeys(words.either(one["role"], one["role_en"]) for one in row.shown["holders"])
        ),
    ),
    (Column("ended_on", "停用日期", "Ended on", 12), lambda row, words: row.ended_on),
)


def find_units(actor: Actor, asked: UnitQuery, sort: str) -> QuerySet[Unit]:
    """Units in the order of the tree."""
    rows = queries.units(ended=asked.ended).select_related("parent")
    if q := asked.q.strip():
        rows = rows.filter(
            Q(name__icontains=q) | Q(short_name__icontains=q) | Q(name_en__icontains=q) | Q(code__icontains=q)
        )
    return rows


def find_posts(actor: Actor, asked: UnitQuery, sort: str) -> QuerySet[Post]:
    """The posts of the units that one may reorganise."""
    rows = Post.objects.filter(
        queries.posts_below(actor, access.REORGANISE), unit__in=find_units(actor, asked, "")
    )
    return rows.select_related("unit").order_by("unit__order", "unit_id", "id")


def show_posts(actor: Actor, asked: UnitQuery, rows: list[Post]) -> list[Post]:
    """Each with who holds it."""
    holders = posts.holders_of(rows)
    for row in rows:
        row.shown = posts.present(row, holders.get(row.pk, []))  # type: ignore[attr-defined]
    return rows


EXPORTED = (
    ExportedList(
        "people.list",
        "人员",
        "People",
        access.MANAGE_USERS,
        PEOPLE,
        StaffQuery,
        find_people,
        show_people,
    ),
    ExportedList(
        "sign_ins.list",
        "登录日志",
        "Sign-in log",
        access.MANAGE_USERS,
        TRIES,
        TryQuery,
        find_tries,
        show_tries,
    ),
    ExportedList(
        "absences.list",
        "缺勤与代理",
        "Absences",
        SIGNED_IN,
        ABSENCES,
        AbsenceQuery,
        find_absences,
        show_absences,
    ),
    ExportedList("units.list", "组织机构", "Units", "accounts.view_unit", UNITS, UnitQuery, find_units),
    ExportedList("posts.list", "岗位", "Posts", access.REORGANISE, POSTS, UnitQuery, find_posts, show_posts),
)
