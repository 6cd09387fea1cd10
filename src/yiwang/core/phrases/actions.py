"""Keep, change, take away and use phrases."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from yiwang.core import clock
from yiwang.core.accounts import access as accounts
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict, Invalid, Refused
from yiwang.core.locks import hold
from yiwang.core.phrases import access
from yiwang.core.phrases.declare import ShippedPhrase
from yiwang.core.phrases.models import Phrase

MOST_OF_ONES_OWN = 200
MOST_OF_A_UNIT = 500


@dataclass(frozen=True, slots=True)
class Wording:
    """What a phrase says and where it stands in the list."""

    text: str
    text_en: str = ""
    order: int = 100


@transaction.atomic
def add(actor: Actor, *, topic: str, wording: Wording, unit_id: int | None, shared: bool) -> Phrase:
    """Keep a phrase: one's own, or `shared` in a unit (None: with everybody).

    Raises Refused `may_not_share`, Invalid `empty`, `unit_not_found` or `too_many_phrases`, Conflict
    `phrase_known` when the same list has the same words already.
    """
    text = _worded(wording.text)
    unit = accounts.sharing_unit(actor, access.EDIT, unit_id) if shared else None
    owner_id = None if shared else actor.user_id
    if not shared and owner_id is None:
        raise Refused("only_people_own_phrases", "只有人员有自己的常用语。")
    hold(f"phrases:{owner_id}:{unit.pk if unit else ''}")
    same = Phrase.objects.filter(owner_id=owner_id, unit=unit, removed_at__isnull=True)
    if same.count() >= (MOST_OF_A_UNIT if shared else MOST_OF_ONES_OWN):
        raise Invalid("too_many_phrases", "常用语太多，请先清理不用的。")
    _refuse_known(same.filter(topic=topic, text=text))
    phrase = Phrase.objects.create(
        topic=topic,
        text=text,
        text_en=wording.text_en.strip(),
        order=wording.order,
        owner_id=owner_id,
        unit=unit,
    )
    _record(actor, "phrases.add", phrase, before=None, after=_told(phrase))
    return phrase


@transaction.atomic
def change(actor: Actor, phrase_id: int, *, wording: Wording, expected_version: int) -> Phrase:
    """Word a phrase anew. Raises NotFound, Refused, Invalid, Conflict `phrase_changed` (somebody was first)."""
    phrase = access.lock_phrase_for(actor, phrase_id)
    if phrase.version != expected_version:
        raise Conflict("phrase_changed", "这条常用语刚刚被改过，请看最新内容。", version=phrase.version)
    text = _worded(wording.text)
    others = Phrase.objects.filter(owner_id=phrase.owner_id, unit=phrase.unit, removed_at__isnull=True)
    _refuse_known(others.filter(topic=phrase.topic, text=text).exclude(pk=phrase.pk))
    before = _told(phrase)
    phrase.text, phrase.text_en, phrase.order = text, wording.text_en.strip(), wording.order
    phrase.version, phrase.changed_at = phrase.version + 1, clock.now()
    phrase.save(update_fields=["text", "text_en", "order", "version", "changed_at"])
    _record(actor, "phrases.change", phrase, before=before, after=_told(phrase))
    return phrase


@transaction.atomic
def remove(actor: Actor, phrase_id: int) -> None:
    """Take a phrase away. Raises NotFound, Refused. A shipped one does not come back with the next edition."""
    phrase = access.lock_phrase_for(actor, phrase_id)
    phrase.removed_at = clock.now()
    phrase.save(update_fields=["removed_at"])
    _record(actor, "phrases.remove", phrase, before=_told(phrase), after=None)


@transaction.atomic
def use(actor: Actor, phrase_id: int) -> None:
    """Count that a phrase was put into an answer. Raises NotFound. No audit entry: nothing but the order changes."""
    phrase = access.get_phrase_for(actor, phrase_id)
    Phrase.objects.filter(pk=phrase.pk).update(used=F("used") + 1)


@transaction.atomic
def hand_over(unit_id: int, successor_id: int) -> int:
    """A unit's phrases are the successor's from now on; words that it has already are not doubled. Returns how many."""
    had = Phrase.objects.filter(unit_id=successor_id, removed_at__isnull=True)
    known = set(had.values_list("topic", "text"))
    moved = 0
    for phrase in Phrase.objects.filter(unit_id=unit_id, removed_at__isnull=True).order_by("order", "id"):
        if (phrase.topic, phrase.text) not in known:
            Phrase.objects.filter(pk=phrase.pk).update(unit_id=successor_id)
            moved += 1
    return moved


@transaction.atomic
def ship(phrases: Iterable[ShippedPhrase]) -> int:
    """Add those of an edition that were never there; returns how many. Changed and removed ones stay as they are."""
    wanted = {item.key: item for item in phrases}
    known = set(Phrase.objects.filter(shipped_key__in=wanted).values_list("shipped_key", flat=True))
    fresh = [item for key, item in wanted.items() if key not in known]
    Phrase.objects.bulk_create(
        Phrase(topic=item.topic, text=item.zh, text_en=item.en, order=item.order, shipped_key=item.key)
        for item in fresh
    )
    return len(fresh)


def _worded(text: str) -> str:
    worded = text.strip()
    if not worded:
        raise Invalid("empty", "请写点内容。", field="text")
    return worded


def _refuse_known(same: Any) -> None:
    known = same.first()
    if known is not None:
        raise Conflict("phrase_known", "同样的常用语已经有了。", field="text", id=known.pk)


def _told(phrase: Phrase) -> dict[str, Any]:
    """What the record keeps: the words of shared ones; of one's own only where they stand."""
    where = {"topic": phrase.topic, "unit": phrase.unit_id, "order": phrase.order}
    return where if phrase.owner_id is not None else {**where, "text": phrase.text, "text_en": phrase.text_en}


def _record(
    actor: Actor, action: str, phrase: Phrase, *, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> None:
    audit.record(
        actor, action=action, object_type="phrase", object_id=str(phrase.pk), before=before, after=after
    )
