"""The phrases that a person can choose from."""

from django.db.models import Case, IntegerField, QuerySet, Value, When

from yiwang.core.actor import Actor
from yiwang.core.phrases import access
from yiwang.core.phrases.models import Phrase

# What one person can see is bounded by what may be kept: their own, and those of a few units above each other.
MOST_PHRASES = 1000


def phrases(actor: Actor, *, topic: str = "", shared: bool | None = None) -> QuerySet[Phrase]:
    """What the actor can choose from: one's own first, then the nearest unit's, then everybody's.

    Within each by order, then those that are used most. `topic` keeps one topic; `shared` False only one's own.
    """
    rows = access.phrases_for(actor)
    if topic:
        rows = rows.filter(topic=topic)
    if shared is not None:
        rows = rows.filter(owner__isnull=shared)
    whose = Case(
        When(owner__isnull=False, then=Value(0)),
        When(unit__isnull=False, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return rows.alias(whose=whose).order_by("topic", "whose", "-unit__path", "order", "-used", "id")[
        :MOST_PHRASES
    ]
