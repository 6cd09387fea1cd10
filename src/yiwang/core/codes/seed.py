"""First data of this room: the code tables that sectors declare. Rooms load their own shipped files."""

from yiwang.core import registry
from yiwang.core.codes import actions
from yiwang.core.codes.declare import CodeTable


def load() -> dict[str, int]:
    """Load what sectors declare; again changes nothing."""
    return actions.load_edition(registry.declarations(CodeTable))
