"""The living demo district: people, pictures, three months of past through the history door, and a last week of cases
made through the real actions."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from yiwang.core import clock
from yiwang.core.accounts import actions as accounts
from yiwang.core.accounts import queries
from yiwang.core.accounts.models import Installation
from yiwang.core.calendars.queries import default_calendar
from yiwang.core.calendars.rules import Limit, LimitKind
from yiwang.insight.evaluation import actions as evaluation
from yiwang.operations.cases.history import Loaded
from yiwang.operations.cases.models import FilingCondition
from yiwang.project.demo import duty, past, past_plan, people, plan, tracks
from yiwang.project.demo.patrols import Patrols
from yiwang.project.demo.texts import words
from yiwang.project.demo.walk import Walk

DISTRICT_CODE, DISTRICT_NAME = "420117", "武汉市新洲区"
SEED = 420117


@transaction.atomic
def load(
    now: datetime | None = None,
    seed: int = SEED,
    sizes: plan.Sizes = plan.FULL,
    say: Callable[[str], None] = lambda text: None,
    step: Callable[[int, int, str], None] = lambda done, total, stage: None,
) -> dict[str, int]:
    """Fill a database founded as a demo with its people and the cases of the past three months; once.

    `now`: the moment up to which things have happened (aware; the present by default). The same `now` and `seed`
    give the same district. The last week goes through the rooms' own actions with the clock held at each step.
    `say` hears how far it is, ten times; `step` in numbers: done, total (0: not known), and of what.
    Raises: Conflict `already_founded` when the database serves a real district.
    """
    now = now or clock.now()
    accounts.found(kind=Installation.Kind.DEMO, district_code=DISTRICT_CODE, district_name=DISTRICT_NAME)
    if any(queries.demo_accounts()):
        return {"people": 0, "cases": 0, "steps": 0}
    step(0, 0, "people")
    with clock.frozen(now - timedelta(days=past_plan.DAYS_BACK + 60)):
        staff = people.hire(words().people, DISTRICT_CODE)
    stories, deeds = plan.make(now, seed, surroundings(), sizes)
    walk = Walk(stories, staff, seed)
    step(0, 0, "past")
    before = past.bring_in(finished(now, seed, sizes.past), walk, seed) if sizes.past else Loaded()
    for fault in before.faults:  # one story fewer is no reason to have no demo
        say(
            f"demo district: left out {fault.key}: {fault.verb} at step {fault.step}: {fault.code} {fault.reason}"
        )
    say(f"demo district: {before.cases} cases of the past")
    for number, deed in enumerate(deeds, start=1):
        walk.do(deed)
        step(number, len(deeds), "week")
        if number % max(len(deeds) // 10, 1) == 0:
            say(f"demo district: {100 * number // len(deeds)} % of {len(deeds)} steps")
    Patrols(staff, now, seed).make()
    with clock.frozen(now):
        walked = {**duty.load(now, seed), **tracks.load(now, seed)}
    say(f"demo district: {walked['clockings']} clockings, {walked['positions']} positions")
    evaluation.catch_up(most=before.cases + len(walk.cases))
    return {
        "people": staff.count,
        "cases": before.cases + len(walk.cases),
        "steps": before.steps + len(deeds),
    }


def finished(now: datetime, seed: int, count: int) -> list[past_plan.PastStory]:
    """The cases of the three months before the last week."""
    shipped = FilingCondition.objects.filter(category__version=0).select_related("category")
    matters: dict[str, list[past_plan.Matter]] = {}
    for row in shipped.order_by("category__rank", "category__key", "no"):
        limit = Limit(LimitKind(row.limit_kind), row.limit_amount)
        name, key = row.category.name_zh, row.category.key
        matters.setdefault(key, []).append(
            past_plan.Matter(key, name, row.no, row.text_zh, row.closing_zh, limit)
        )
    around = past_plan.background(now, words(), matters, default_calendar())
    return past_plan.make(now, seed, around, count)


def surroundings() -> plan.Surroundings:
    """What the plan needs to know of this installation."""
    shipped = FilingCondition.objects.filter(category__version=0).select_related("category")
    limits = {
        (row.category.key, row.no): Limit(LimitKind(row.limit_kind), row.limit_amount)
        for row in shipped.order_by("category__rank")
    }
    return plan.Surroundings(words=words(), limits=limits, calendar=default_calendar())
