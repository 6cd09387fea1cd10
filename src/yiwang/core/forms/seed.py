"""First data of this room: the forms that rooms and sectors declare."""

from yiwang.core import registry
from yiwang.core.forms import actions
from yiwang.core.forms.declare import Form


def declared() -> tuple[Form, ...]:
    """Every form that is shipped: of the rooms' `forms.py`, then of the sectors."""
    of_rooms = (form for forms in registry.in_rooms("forms", "FORMS") for form in forms)
    return (*of_rooms, *registry.declarations(Form))


def load() -> dict[str, int]:
    """Store them; again changes nothing."""
    return {"forms": actions.load(declared())}
