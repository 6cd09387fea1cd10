"""Looking at somebody's trail, which is an act that is on the record."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.sensing.fleet import access, boards, queries


@transaction.atomic
def view_trail(actor: Actor, user_id: UUID, since: datetime, until: datetime) -> dict[str, Any]:
    """A person's way in [since, until) (aware) as screens show it.

    Whose it is sees it freely; who else looks is on the record. Raises NotFound `person_not_found`.
    """
    user = access.get_person_for(actor, user_id, access.TRAIL)
    if user.pk != actor.user_id:
        audit.record(
            actor,
            action="fleet.view_trail",
            object_type="person",
            object_id=str(user.pk),
            before=None,
            after={"from": since.isoformat(), "to": until.isoformat()},
        )
    return boards.trail(user, queries.trail(user.pk, since, until), since, until)
