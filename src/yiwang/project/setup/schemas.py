"""What this room says and hears over HTTP."""

from datetime import datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from yiwang.core.http.schemas import LongJobOut, Out


class SetupStepOut(Out):
    """A step. `facts` go into the client's words for its `key`; `page` is where it is done ("": outside the console).

    `mark` is sent back with a confirmation. `decided_by` and `decided_at`: who confirmed it or put it off.
    """

    key: str
    page: str
    optional: bool
    state: Literal["todo", "look", "done", "later"]
    facts: dict[str, Any]
    mark: str
    decided_by: str
    decided_at: datetime | None


class DemoOffer(Out):
    """Whether the demo district can be loaded instead; `refusals` are the codes why not. `job`: the last loading."""

    possible: bool
    refusals: list[str]
    confirm: str
    job: LongJobOut | None


class SetupOut(Out):
    """How far an installation is from being ready. `next` is the first open step."""

    kind: Literal["real", "demo"]
    district: str
    steps: list[SetupStepOut]
    done: int
    total: int
    next: str | None
    finished: bool
    demo: DemoOffer


class ConfirmIn(Schema):
    """The mark of the step as it was seen."""

    mark: str = Field(max_length=100)


class DemoIn(Schema):
    """The district's name, typed to confirm."""

    confirm: str = Field(max_length=50)


class AttentionItemOut(Out):
    """One thing that wants attention: `n` of it, worded by the client by its `key`; `page` is where to see to it."""

    key: str
    n: int
    page: str
    urgent: bool
    params: dict[str, Any]


class AttentionOut(Out):
    """What wants one's attention, what is urgent first. `signed_in`: how many of those whom one administers.
    `backup_at`: the last backup, for who sees how the platform runs.
    """

    checked_at: datetime
    items: list[AttentionItemOut]
    signed_in: int | None
    backup_at: datetime | None
