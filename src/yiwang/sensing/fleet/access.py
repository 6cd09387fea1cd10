"""Whose position and trail somebody sees: those of the people of the units in their scope, and one's own."""

from uuid import UUID

from yiwang.city.duty import access as duty
from yiwang.core.accounts.models import User
from yiwang.core.actor import Actor
from yiwang.core.errors import NotFound

SEND = "fleet.send_position"
VIEW = "fleet.view_position"
TRAIL = "fleet.view_trail"


def get_person_for(actor: Actor, user_id: UUID, permission: str) -> User:
    """One of them, oneself always. Raises NotFound `person_not_found` whether missing or hidden."""
    if user_id == actor.user_id:
        found: User | None = User.objects.filter(pk=user_id).first()
    else:
        found = duty.list_people_for(actor, permission).filter(pk=user_id).first()
    if found is None:
        raise NotFound("person_not_found", "没有这位人员，或不在您的权限范围内。")
    return found
