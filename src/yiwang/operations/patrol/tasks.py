"""What this room does in the background."""

from yiwang.core.jobs.declare import periodic
from yiwang.operations.patrol.calls.actions import mark_arrivals as mark
from yiwang.operations.patrol.plans.drawing_up import draw_up_ahead
from yiwang.operations.patrol.runs.actions import miss_overdue
from yiwang.operations.patrol.runs.coverage import measure_under_way


@periodic("7 * * * *")
def draw_up_tasks() -> int:
    """The tasks of the days ahead."""
    return draw_up_ahead()


@periodic("*/5 * * * *")
def settle_overdue() -> int:
    """Tasks whose time is over."""
    return miss_overdue()


@periodic("*/5 * * * *")
def measure_coverage() -> int:
    """How much of their streets was walked on the tasks that are under way."""
    return measure_under_way()


@periodic("* * * * *")
def mark_arrivals() -> int:
    """Who accepted a call and has come to the place."""
    return mark()
