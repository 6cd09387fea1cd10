"""Evaluation: facts made per second, and the board of a month and of a year while the number of cases grows.

The board (ten figures, by day, street and unit, and of the period before) stands against plain SQL that counts as many
things over the cases, their tasks and their clocks themselves, by nothing but the street. Making facts stands against
the cheapest copy of as many rows: INSERT … SELECT out of the same two tables.
"""

import time
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from statistics import median

from django.db import connection

from yiwang.core import clock
from yiwang.core.actor import system
from yiwang.insight.evaluation import actions, queries
from yiwang.insight.evaluation.models import CaseFact
from yiwang.insight.evaluation.queries import Wanted
from yiwang.insight.evaluation.rules import Period
from yiwang.operations.cases.models import Case
from yiwang.project import benching
from yiwang.project.benching import Figure

DATABASE = True
SIZES = {"_medium": 60_000}
QUICK = {"_small": 300, "_medium": 1_000, "": 3_000}
SPANS = {"month": 30, "year": 365}
EVERYBODY = system("bench")
SQL = "plain SQL over cases, tasks and clocks: counts by street"


def run(quick: bool) -> Iterable[Figure]:
    """All figures. Full: 10⁴, 10⁵ and 10⁶ cases over two years; quick: 300, 1,000 and 3,000."""
    towns = benching.load("_town")
    town = towns.found()
    for suffix, size in (QUICK if quick else SIZES).items():
        towns.grow(town, size)
        yield from facts(suffix)
        with connection.cursor() as cursor:
            cursor.execute("vacuum analyze evaluation_casefact")
            cursor.execute("vacuum analyze evaluation_handlingfact")
        for name, days in SPANS.items():
            yield board(name, days, suffix, 3 if quick else 7)


def facts(suffix: str) -> Iterable[Figure]:
    """Facts of what has none yet, by the job that follows imports; then of all again."""
    fresh = Case.objects.count() - CaseFact.objects.count()
    caught = fresh / seconds(lambda: actions.catch_up(most=10**9))
    cases = Case.objects.count()
    if CaseFact.objects.count() != cases:
        raise RuntimeError("cases without facts")
    bare = cases / seconds(bare_copy)
    beside = "INSERT … SELECT of as many rows of cases and tasks"
    yield Figure(f"facts_per_s{suffix}", caught, "cases/s", beside, bare, f"{fresh} cases of {cases}")


def bare_copy() -> None:
    """As many rows as facts have, copied inside the database."""
    with connection.cursor() as cursor:
        for table in ("cases_case", "cases_task"):
            cursor.execute(f"create table bare_copy as select * from {table}")
            cursor.execute("drop table bare_copy")


def board(name: str, days: int, suffix: str, rounds: int) -> Figure:
    """The whole board of the last so many days, for somebody who sees the whole district."""
    today = clock.today()
    period = Period(today - timedelta(days=days - 1), today)
    ours = [1000 * seconds(lambda: queries.board(EVERYBODY, Wanted(period))) for _ in range(rounds)]
    bare = [1000 * seconds(lambda: plain(period.first, today)) for _ in range(rounds)]
    size = f"{Case.objects.count()} cases over two years, {days} days"
    return Figure(f"board_{name}_ms{suffix}", median(ours), "ms", SQL, median(bare), size)


def plain(first: date, last: date) -> None:
    """What one would write who has no facts: three of the ten figures' passes, without the period before."""
    with connection.cursor() as cursor:
        for statement in PLAIN:
            cursor.execute(statement, [first, last + timedelta(days=1)])
            cursor.fetchall()


PLAIN = (
    """
    select street_code, count(*) filter (where reported_at >= f and reported_at < t),
           count(*) filter (where registered_at >= f and registered_at < t and "group" <> 'merged'),
           count(*) filter (where "group" = 'closed' and ended_at >= f and ended_at < t)
    from cases_case, (select %s::timestamptz as f, %s::timestamptz as t) as p group by street_code
    """,
    """
    with last_clock as (
      select distinct on (part_id) part_id, due_at, stopped_at from deadlines_deadline
      where owner_kind = 'case' and stage = 'handle' and part_id is not null order by part_id, id desc
    ), settled as (
      select c.street_code, k."group", least(t.ended_at, l.due_at) as at, t.state = 'done' as done,
             l.stopped_at <= l.due_at as in_time, k.rework_count > 0 as reworked
      from cases_task t join last_clock l on l.part_id = t.id join cases_case k on k.id = t.case_id
      join cases_case c on c.id = t.case_id
      where t.kind = 'handle' and t.state not in ('cancelled', 'unable')
    )
    select street_code, count(*), count(*) filter (where done and in_time), count(*) filter (where "group" = 'closed'),
           count(*) filter (where reworked) from settled
    where at >= %s and at < least(%s::timestamptz, now()) group by street_code
    """,
    """
    select k.street_code, count(*), count(*) filter (where exists (
        select 1 from cases_request r where r.task_id = t.id and r.kind = 'return' and r.state = 'approved')),
      sum(extract(epoch from t.ended_at - t.opened_at)) filter (where t.state = 'done')
    from cases_task t join cases_case k on k.id = t.case_id
    where t.kind = 'handle' and t.opened_at >= %s and t.opened_at < %s group by k.street_code
    """,
)


def seconds(work: Callable[[], object]) -> float:
    """How long one round takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
