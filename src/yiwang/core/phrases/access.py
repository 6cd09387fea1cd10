"""Whose phrases a person sees, and which of them the person may change."""

from django.db.models import QuerySet

from yiwang.core.accounts import access as accounts
from yiwang.core.accounts.access import shared_with
from yiwang.core.actor import Actor
from yiwang.core.errors import NotFound, Refused
from yiwang.core.phrases.models import Phrase

EDIT = "phrases.edit_shared"


def phrases_for(actor: Actor) -> QuerySet[Phrase]:
    """One's own, those of one's units and of all units above them, everybody's; and those one may edit."""
    return Phrase.objects.filter(shared_with(actor, EDIT), removed_at__isnull=True).select_related("unit")


def may_edit(actor: Actor, phrase: Phrase) -> bool:
    """Whether the actor may change a phrase that the actor sees."""
    if phrase.owner_id is not None:
        return phrase.owner_id == actor.user_id
    return accounts.may_share(actor, EDIT, phrase.unit.path if phrase.unit else None)


def get_phrase_for(actor: Actor, phrase_id: int) -> Phrase:
    """One phrase that the actor sees. Raises NotFound `phrase_not_found`."""
    phrase = phrases_for(actor).filter(pk=phrase_id).first()
    if phrase is None:
        raise NotFound("phrase_not_found", "没有这条常用语。")
    return phrase


def lock_phrase_for(actor: Actor, phrase_id: int) -> Phrase:
    """As `get_phrase_for`, to be changed; Refused `not_your_phrase` when the actor may not change it."""
    phrase = phrases_for(actor).select_for_update(of=("self",)).filter(pk=phrase_id).first()
    if phrase is None:
        raise NotFound("phrase_not_found", "没有这条常用语。")
    if not may_edit(actor, phrase):
        raise Refused("not_your_phrase", "这条常用语由上级单位维护，您可以另存为自己的。")
    return phrase
