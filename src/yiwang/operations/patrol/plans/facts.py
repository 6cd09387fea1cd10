"""A plan as its rules read it."""

from datetime import date, datetime, time, timedelta

from django.db.models import Q

from yiwang.core import clock
from yiwang.operations.patrol.models import Plan, Target
from yiwang.operations.patrol.rules.drafting import Place, Scheme, Window
from yiwang.operations.patrol.rules.frequency import Frequency, Per


def today(day: date | None = None) -> Q:
    """Rows of the map that hold on a day (half-open: `valid_to` no longer counts)."""
    on = day or clock.today()
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
    return begun & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def scheme(plan: Plan) -> Scheme:
    """What of a plan decides on its tasks."""
    return Scheme(
        frequency=frequencies(plan),
        windows=windows(plan),
        weekdays=frozenset(plan.weekdays),
        people=tuple(plan.people),
        percent=plan.sample_percent,
        seed=plan.seed,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
    )


def frequencies(plan: Plan) -> dict[str, Frequency]:
    """How often, by grade."""
    return {
        grade: Frequency(one["times"], Per(one["per"]), one["days"]) for grade, one in plan.frequency.items()
    }


def windows(plan: Plan) -> tuple[Window, ...]:
    """When one goes."""
    return tuple(Window(time.fromisoformat(a), time.fromisoformat(b)) for a, b in plan.windows)


def places(targets: list[Target]) -> list[Place]:
    """The targets of a plan as its rules read them."""
    return [Place(row.pk, row.grade, row.grid_code, row.order) for row in targets]


def span(window: Window, day: date) -> tuple[datetime, datetime]:
    """A window of a day of the district as moments; over midnight it ends on the next day."""
    start = datetime.combine(day, window.start, clock.LOCAL)
    end = datetime.combine(day, window.end, clock.LOCAL)
    return start, end if end > start else end + timedelta(days=1)
