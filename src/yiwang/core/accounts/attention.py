"""What may want attention among the people whom somebody administers."""

from collections.abc import Iterator

from yiwang.core.accounts import access
from yiwang.core.accounts.staff_queries import locked_names
from yiwang.core.actor import Actor
from yiwang.core.setup import Attention, Item


def locked(actor: Actor) -> Iterator[Item]:
    """Accounts that are locked after wrong passwords."""
    n = access.list_staff_for(actor).filter(username__in=locked_names()).count()
    yield Item("accounts.locked", n, "/admin/people?state=locked")


ATTENTION = (Attention(access.MANAGE_USERS, locked, everywhere=False),)
