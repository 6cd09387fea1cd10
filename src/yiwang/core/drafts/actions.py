"""Keep a half-written form, throw it away, and sweep out what nobody came back for."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.drafts import queries, rules
from yiwang.core.drafts.models import Draft
from yiwang.core.errors import Conflict, Invalid, Refused
from yiwang.core.locks import hold


@transaction.atomic
def keep(actor: Actor, key: str, *, body: Mapping[str, Any], expected_version: int) -> Draft:
    """Keep the form as it is now; `expected_version` is that of the draft which this window started from (0: none).

    Raises Conflict `draft_changed` when another window of the same person has kept another version meanwhile,
    Invalid `draft_not_plain`, `draft_too_large` or `too_many_drafts`, Refused for the platform itself. The same
    body again changes nothing. There is no audit entry: nobody's record has changed yet, and values may be personal.
    """
    if actor.user_id is None:
        raise Refused("only_people_draft", "只有人员有草稿。")
    if not rules.can_be_kept(body):
        raise Invalid("draft_not_plain", "草稿内容的格式无法保存。", field="body")
    size = rules.size_bytes(body)
    if size > rules.LARGEST_BYTES:
        raise Invalid(
            "draft_too_large", "草稿太大，无法保存。", field="body", size=size, most=rules.LARGEST_BYTES
        )
    hold(f"drafts:{actor.user_id}")
    # Locked: an erasure may be taking a person out of it, and what this window holds is older than that.
    known = queries.drafts_of(actor).select_for_update().filter(key=key).first()
    if known is None:
        return _first(actor.user_id, key, body, expected_version)
    if known.body == body:
        return known
    if known.version != expected_version:
        raise _changed(known.version, known.saved_at.isoformat())
    known.body, known.version, known.saved_at = dict(body), known.version + 1, clock.now()
    known.save(update_fields=["body", "version", "saved_at"])
    return known


@transaction.atomic
def discard(actor: Actor, key: str) -> bool:
    """Throw a draft away, whatever its version: the form was sent, or is not wanted. Returns whether there was one."""
    deleted, _ = queries.drafts_of(actor).filter(key=key).delete()
    return bool(deleted)


def forget_old() -> int:
    """Delete drafts that were not touched for `rules.KEPT_FOR`; returns how many."""
    deleted, _ = Draft.objects.filter(saved_at__lt=clock.now() - rules.KEPT_FOR).delete()
    return deleted


def _first(user_id: UUID, key: str, body: Mapping[str, Any], expected_version: int) -> Draft:
    if expected_version:
        # Sent or thrown away in another window: what is typed here must not come back by itself.
        raise _changed(0, None)
    if Draft.objects.filter(user_id=user_id).count() >= rules.MOST_PER_PERSON:
        raise Invalid("too_many_drafts", "草稿太多，请先清理不需要的草稿。", most=rules.MOST_PER_PERSON)
    return Draft.objects.create(user_id=user_id, key=key, body=dict(body), saved_at=clock.now())


def _changed(version: int, saved_at: str | None) -> Conflict:
    return Conflict(
        "draft_changed", "您在另一个窗口改过这份草稿，请选择保留哪一份。", version=version, saved_at=saved_at
    )
