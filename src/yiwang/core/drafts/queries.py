"""A person's own drafts; nobody sees another's."""

from django.db.models import QuerySet

from yiwang.core.actor import Actor
from yiwang.core.drafts.models import Draft
from yiwang.core.http.paging import Page, page


def drafts_of(actor: Actor) -> QuerySet[Draft]:
    """The actor's drafts."""
    return Draft.objects.none() if actor.user_id is None else Draft.objects.filter(user_id=actor.user_id)


def draft(actor: Actor, key: str) -> Draft | None:
    """The actor's draft of a form; None when there is none."""
    return drafts_of(actor).filter(key=key).first()


def draft_page(actor: Actor, *, after: str | None = None, limit: int = 50) -> Page[Draft]:
    """One page of the actor's drafts without their content, newest first. Raises Invalid for a bad cursor."""
    return page(drafts_of(actor).defer("body"), keys=("-saved_at", "-id"), after=after, limit=limit)
