"""Phrases over HTTP."""

from typing import Annotated, Any

from ninja import Query, Status

from yiwang.core.actor import Actor
from yiwang.core.http.routes import SIGNED_IN, ActingRequest, Router
from yiwang.core.phrases import access, actions, queries
from yiwang.core.phrases.actions import Wording
from yiwang.core.phrases.models import Phrase
from yiwang.core.phrases.schemas import PhraseChangeIn, PhraseIn, PhraseOut, Phrases

router = Router(tags=["phrases"])

LARGEST_ID = 2**63 - 1


@router.get("/phrases", permission=SIGNED_IN, response=Phrases)
def list_phrases(
    request: ActingRequest,
    topic: Annotated[str, Query(max_length=80)] = "",
    shared: bool | None = None,
) -> object:
    """What one can choose from, for one topic or for all."""
    found = queries.phrases(request.actor, topic=topic, shared=shared)
    return {"items": [shown(request.actor, phrase) for phrase in found]}


@router.post("/phrases", permission=SIGNED_IN, response={201: PhraseOut})
def add_phrase(request: ActingRequest, payload: PhraseIn) -> object:
    """Keep a phrase of one's own; shared ones need `phrases.edit_shared` for the unit."""
    wording = Wording(payload.text, payload.text_en, payload.order)
    phrase = actions.add(
        request.actor, topic=payload.topic, wording=wording, unit_id=payload.unit_id, shared=payload.shared
    )
    return Status(201, shown(request.actor, phrase))


@router.put("/phrases/{int:phrase_id}", permission=SIGNED_IN, response=PhraseOut)
def change_phrase(request: ActingRequest, phrase_id: int, payload: PhraseChangeIn) -> object:
    """Word a phrase anew; 409 when somebody was first."""
    wording = Wording(payload.text, payload.text_en, payload.order)
    phrase = actions.change(
        request.actor,
        min(phrase_id, LARGEST_ID),
        wording=wording,
        expected_version=payload.expected_version,
    )
    return shown(request.actor, phrase)


@router.delete("/phrases/{int:phrase_id}", permission=SIGNED_IN, response={204: None})
def remove_phrase(request: ActingRequest, phrase_id: int) -> object:
    """Take a phrase away."""
    actions.remove(request.actor, min(phrase_id, LARGEST_ID))
    return Status(204, None)


@router.post("/phrases/{int:phrase_id}/use", permission=SIGNED_IN, response={204: None})
def use_phrase(request: ActingRequest, phrase_id: int) -> object:
    """Count that a phrase was put into an answer."""
    actions.use(request.actor, min(phrase_id, LARGEST_ID))
    return Status(204, None)


def shown(actor: Actor, phrase: Phrase) -> dict[str, Any]:
    """A phrase as the wire shows it."""
    return {
        "id": phrase.pk,
        "topic": phrase.topic,
        "text": phrase.text,
        "text_en": phrase.text_en,
        "shared": phrase.owner_id is None,
        "unit": {"id": phrase.unit.pk, "name": phrase.unit.short_name} if phrase.unit else None,
        "shipped": phrase.shipped_key is not None,
        "order": phrase.order,
        "used": phrase.used,
        "version": phrase.version,
        "editable": access.may_edit(actor, phrase),
    }
