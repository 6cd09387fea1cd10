"""First data of this room: the declared roles."""

from django.conf import settings

from yiwang.core.accounts import actions


def load() -> dict[str, int]:
    """Load the roles edition; again changes nothing."""
    return {"roles": actions.load_roles(settings.ROLES_FILE)}
