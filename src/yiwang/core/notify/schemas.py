"""Notices on the wire."""

from datetime import datetime
from typing import Any, Literal

from ninja import Field, Schema

from yiwang.core.http.schemas import Label, Out, Total

CLOCK_TIME = r"^([01]\d|2[0-3]):[0-5]\d$"


class NoticeOut(Schema):
    """One notice; the client words it by `kind` and `params`."""

    id: int
    kind: str
    params: dict[str, Any]
    link: str
    created_at: datetime
    read_at: datetime | None


class Notices(Schema):
    """A page of notices, newest first; `unread` counts all unread ones."""

    items: list[NoticeOut]
    next: str | None
    unread: Total


class ChannelOut(Out):
    """A way out of the platform. `address`: where the person is reached by it, empty when nowhere yet.

    `is_kept`: nothing leaves, the platform only keeps what would be sent (development, demo).
    """

    key: Literal["mail", "sms", "work_wechat", "wechat"]
    address: str
    is_kept: bool


class NoticeKindOut(Out):
    """A kind of notice, and the channels by which the person wants it beside the platform itself."""

    key: str
    name: Label
    urgent: bool
    channels: list[str]


class DeliveryOut(Out):
    """One notice on its way out. `reason` is a code: why it was not sent, or is tried again."""

    id: int
    kind: str
    channel: str
    state: Literal["waiting", "sending", "sent", "dropped", "dead"]
    reason: str
    at: datetime


class WishesOut(Out):
    """How a person wants to hear of notices outside, and what was sent last. Quiet hours: local, "22:30"."""

    channels: list[ChannelOut]
    kinds: list[NoticeKindOut]
    language: Literal["zh", "en"]
    quiet_from: str | None
    quiet_to: str | None
    version: int
    recent: list[DeliveryOut]


class WishesIn(Schema):
    """All settings at once. `choices`: channels by kind; quiet hours are local, both or none."""

    mail: str = Field("", max_length=254)
    work_wechat: str = Field("", max_length=64)
    wechat: str = Field("", max_length=64)
    language: Literal["zh", "en"] = "zh"
    quiet_from: str | None = Field(None, pattern=CLOCK_TIME)
    quiet_to: str | None = Field(None, pattern=CLOCK_TIME)
    choices: dict[str, list[str]] = Field(default_factory=dict, max_length=100)
    expected_version: int = Field(ge=0, le=2**31 - 1)
