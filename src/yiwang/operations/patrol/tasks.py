"""What this room does in the background."""

from yiwang.core.jobs.declare import periodic
from yiwang.operations.patrol.calls.actions import mark_arrivals as mark
from yiwang.operations.patrol.plans.drawing_up import draw_up_ahead
from yiwang.operations.patrol.runs.actions import miss_overdue
from yiwang.operations.patrol.runs.coverage import forget_check_in_places, measure_again, measure_under_way


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


@periodic("23 * * * *")
def measure_late() -> int:
    """The same of tasks that ended lately, by positions that came since."""
    return measure_again()


@periodic("41 3 * * *")
def forget_places() -> int:
    """Where people stood at their check-ins, after its time."""
    return forget_check_in_places()


@periodic("* * * * *")
def mark_arrivals() -> int:
    """Who accepted a call and has come to the place."""
    return mark()
