"""Daily work of this room."""

from yiwang.core import clock
from yiwang.core.accounts import absences, reorganisation
from yiwang.core.jobs.declare import periodic


@periodic("1 16 * * *")
def announce_substitutes_of_the_day() -> int:
    """Just after midnight in the district: whose authority begins or has ended hears of it."""
    return absences.announce_the_day(clock.today())


@periodic("2 16 * * *")
def close_units_of_the_day() -> int:
    """Just after midnight in the district: units whose last day has passed."""
    return reorganisation.carry_out_closings(clock.today())
