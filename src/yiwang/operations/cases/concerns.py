"""What of this room hangs on a unit, told before the unit is merged or closed."""

from collections.abc import Collection

from yiwang.core.accounts.declare import Concern
from yiwang.operations.cases import reorganisation


def open_tasks(units: Collection[int]) -> int:
    """Tasks of open cases that are these units' to do, or to do again when a check fails."""
    return reorganisation.open_tasks(units).count()


CONCERNS = (
    Concern("cases.open_tasks", {"zh": "在办任务", "en": "Open tasks"}, open_tasks, is_open_work=True),
)
