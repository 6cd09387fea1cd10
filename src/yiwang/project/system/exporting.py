"""The operation log and what is stuck written out as tables."""

from collections.abc import Iterable
from typing import Any, Literal

from django.db.models import QuerySet
from ninja import Schema

from yiwang.core.actor import Actor
from yiwang.core.audit import queries as audit
from yiwang.core.audit.api import VIEW as VIEW_AUDIT
from yiwang.core.audit.api import EntryFilters
from yiwang.core.audit.models import Entry
from yiwang.core.events import queries as letters
from yiwang.core.events.models import DeadLetter
from yiwang.core.exporting import Cell, Cells, Column, ExportedList, Words
from yiwang.core.notify.models import Delivery
from yiwang.project.system import journal, troubles
from yiwang.project.system.permissions import VIEW
from yiwang.project.system.schemas import DeadDeliveryFilters


def _worded(kind: str, name: str) -> Any:
    def cell(entry: Entry, words: Words) -> Cell:
        labels = words.once("journal", journal.words)[kind]
        return words.label(journal.said(labels, getattr(entry, name)))

    return cell


WAYS = {
    "console": ("网页", "Console"),
    "phone": ("手机", "Phone"),
    "system": ("平台自动", "By itself"),
    "import": ("导入", "Import"),
}
ENTRIES: Cells = (
    (Column("at", "时间", "Time", 19), lambda entry, words: entry.at),
    (
        Column("actor", "操作人", "Who"),
        lambda entry, words: entry.actor_name if entry.actor_id else words.either("系统", "Platform"),
    ),
    (
        Column("post", "岗位", "Post", 18),
        lambda entry, words: entry.post if entry.actor_id else entry.actor_name,
    ),
    (Column("action", "动作", "Act", 20), _worded("actions", "action")),
    (Column("object", "对象", "Object", 14), _worded("objects", "object_type")),
    (Column("object_id", "对象编号", "Object's id", 38), lambda entry, words: entry.object_id),
    (Column("ip", "来源地址", "Address", 18), lambda entry, words: entry.ip),
    (Column("via", "途径", "Way", 10), lambda entry, words: words.of(WAYS, entry.via)),
)


def find_entries(actor: Actor, asked: EntryFilters, sort: str) -> QuerySet[Entry]:
    """Acts, newest first."""
    return audit.entries(audit.Wanted(**asked.model_dump())).order_by("-id")


class LetterQuery(Schema):
    """Which dead letters."""

    state: Literal["open", "settled"] = "open"


LETTERS: Cells = (
    (Column("at", "时间", "Time", 19), lambda row, words: row["at"]),
    (Column("type", "事件", "Event", 24), lambda row, words: row["type"]),
    (Column("aggregate", "对象", "Object", 44), lambda row, words: row["aggregate"]),
    (Column("handler", "处理环节", "Handler", 40), lambda row, words: row["handler"]),
    (Column("attempts", "试过次数", "Tries", 8), lambda row, words: row["attempts"]),
    (Column("error", "原因", "Reason", 60), lambda row, words: row["error"]),
    (Column("replayed_at", "重新投递", "Sent again", 19), lambda row, words: row["replayed_at"]),
    (Column("discarded_at", "作废", "Given up", 19), lambda row, words: row["discarded_at"]),
    (Column("because", "作废理由", "Why given up", 30), lambda row, words: row["discarded_because"]),
)


def find_letters(actor: Actor, asked: LetterQuery, sort: str) -> QuerySet[DeadLetter]:
    """Events that a handler gave up on, newest first."""
    rows = letters.open_dead_letters() if asked.state == "open" else letters.settled_dead_letters()
    return rows.order_by("-id")


def show_letters(actor: Actor, asked: LetterQuery, rows: list[DeadLetter]) -> Iterable[dict[str, Any]]:
    """As the screen shows them, numbers of people masked."""
    return (troubles.present_letter(row) for row in rows)


CHANNELS = {
    "mail": ("邮件", "Mail"),
    "sms": ("短信", "Text message"),
    "work_wechat": ("企业微信", "WeCom"),
    "wechat": ("公众号", "WeChat"),
}
DELIVERIES: Cells = (
    (Column("at", "时间", "Time", 19), lambda row, words: row["at"]),
    (Column("person", "收件人", "To whom"), lambda row, words: row["person"]),
    (Column("channel", "渠道", "Channel", 12), lambda row, words: words.of(CHANNELS, row["channel"])),
    (Column("to", "地址", "Address", 24), lambda row, words: row["to"]),
    (Column("kind", "通知", "Notice", 24), lambda row, words: words.label(row["name"])),
    (Column("reason", "原因", "Reason", 30), lambda row, words: row["reason"]),
    (Column("attempts", "试过次数", "Tries", 8), lambda row, words: row["attempts"]),
)


def find_deliveries(actor: Actor, asked: DeadDeliveryFilters, sort: str) -> QuerySet[Delivery]:
    """Notices that could not be sent out, newest first."""
    return troubles.dead(asked).order_by("-id")


def show_deliveries(actor: Actor, asked: Any, rows: list[Delivery]) -> Iterable[dict[str, Any]]:
    """As the screen shows them."""
    return troubles.present_deliveries(rows)


EXPORTED = (
    ExportedList(
        "audit.entries", "操作日志", "Operation log", VIEW_AUDIT, ENTRIES, EntryFilters, find_entries
    ),
    ExportedList(
        "system.dead_letters",
        "死信",
        "Dead letters",
        VIEW,
        LETTERS,
        LetterQuery,
        find_letters,
        show_letters,
    ),
    ExportedList(
        "system.dead_deliveries",
        "发不出的通知",
        "Notices not delivered",
        VIEW,
        DELIVERIES,
        DeadDeliveryFilters,
        find_deliveries,
        show_deliveries,
    ),
)
