"""What was found, on the wire."""

from ninja import Schema


class HitOut(Schema):
    """One hit; `title` and `state` in Chinese and English."""

    id: str
    title: dict[str, str]
    line: str
    state: dict[str, str] | None


class FoundGroup(Schema):
    """The hits of one kind; `more` says that there are further ones."""

    kind: str
    items: list[HitOut]
    more: bool


class Found(Schema):
    """Everything that was found, kind by kind."""

    groups: list[FoundGroup]
