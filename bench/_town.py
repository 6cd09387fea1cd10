"""A town with many cases, for benchmarks: a few dozen made by the real steps, the rest copied from these in SQL.

Each copy is whole (case, tasks, clocks, steps), with its own number, place and time; most are closed.
"""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Model

from yiwang.core.accounts import actions as accounts
from yiwang.core.accounts.models import Installation
from yiwang.core.deadlines.models import Deadline
from yiwang.operations.cases.models import Case, Step, Task
from yiwang.operations.cases.tests import district as small
from yiwang.operations.cases.tests.district import HERE, District, Walk

ENDED, OPEN = ("closed",), (
    "pending_registration", "pending_dispatch", "pending_handle", "handling", "pending_check", "pending_close",
)  # fmt: skip
OPEN_SHARE = 0.03
DAYS = 730


@dataclass
class Town:
    """The people, and how many cases there are."""

    district: District
    templates: int = 0
    cases: int = 0


def found() -> Town:
    """Land, people, rules, and one case in each state to copy from."""
    small.land()
    small.seeded()
    accounts.found(kind=Installation.Kind.REAL, district_code="420117", district_name="新洲区")
    town = Town(small.build())
    for state in (*ENDED * 6, *OPEN):
        Walk(town.district).to(state)
    town.templates = town.cases = Case.objects.count()
    with connection.cursor() as cursor:
        cursor.execute('create table bench_template as select id, "group" from cases_case')
    return town


def grow(town: Town, cases: int) -> None:
    """Copy until there are so many cases, then let the database look at its tables."""
    wanted = cases - town.cases
    if wanted <= 0:
        return
    with connection.cursor() as cursor:
        cursor.execute(_PLAN, [OPEN_SHARE, town.cases, cases - 1, DAYS])
        for model, key, changed in _COPIES:
            cursor.execute(_copy(model, key, changed))
        cursor.execute("drop table bench_plan")
    with connection.cursor() as cursor:
        cursor.execute("analyze")
    town.cases = cases


# For each copy: which template, which new id, where and when.
_PLAN = f"""
create table bench_plan as
with t as (select id, "group", row_number() over (partition by "group") as nth,
                  count(*) over (partition by "group") as n from bench_template),
     s as (select s as serial, case when random() < %s::float then 'open' else 'closed' end as "group",
                  random() as pick, random() as x, random() as y, random() as at
           from generate_series(%s::int, %s::int) as s)
select t.id as old, gen_random_uuid() as new, s.serial, {HERE[0]} + (s.x - 0.5) * 0.2 as lon,
       {HERE[1]} + (s.y - 0.5) * 0.1 as lat,
       '420117' || lpad((1 + floor(s.x * 15))::text, 3, '0') || lpad((1 + floor(s.y * 45))::text, 3, '0')
         || lpad((1 + floor(s.at * 5))::text, 3, '0') as area,
       case when s."group" = 'open' then s.at * 20 else 20 + s.at * %s::float end * interval '1 day' as ago
from s join t on t."group" = s."group" and t.nth = 1 + floor(s.pick * t.n)
"""
_COPIES: tuple[tuple[type[Model], str, dict[str, str]], ...] = (
    (
        Case,
        "id",
        {
            "id": "p.new",
            "number": "'4201171970' || lpad(p.serial::text, 9, '0')",
            "location": "st_setsrid(st_makepoint(p.lon, p.lat), 4326)",
            "area_code": "p.area",
            "reported_at": "r.reported_at - p.ago",
            "occurred_at": "r.occurred_at - p.ago",
            "registered_at": "r.registered_at - p.ago",
            "ended_at": "r.ended_at - p.ago",
            "due_at": "r.due_at - p.ago / 10",
            "warn_at": "r.warn_at - p.ago / 10",
        },
    ),
    # The key of a copied task follows from the case's and the task's, so that its clocks find it.
    (
        Task,
        "case_id",
        {
            "id": "md5(p.new::text || r.id::text)::uuid",
            "case_id": "p.new",
            "opened_at": "r.opened_at - p.ago",
            "started_at": "r.started_at - p.ago",
            "ended_at": "r.ended_at - p.ago",
        },
    ),
    (
        Deadline,
        "owner_id",
        {
            "owner_id": "p.new",
            "part_id": "md5(p.new::text || r.part_id::text)::uuid",
            "next_at": "null",
            "started_at": "r.started_at - p.ago",
            "stopped_at": "r.stopped_at - p.ago",
            "due_at": "r.due_at - p.ago * case when r.stopped_at is null then 0.1 else 1 end",
        },
    ),
    (Step, "case_id", {"case_id": "p.new", "task_id": "null", "at": "r.at - p.ago"}),
)


def _copy(model: type[Model], key: str, changed: dict[str, str]) -> str:
    automatic = model._meta.auto_field
    generated = [f for f in model._meta.concrete_fields if f is automatic or f.generated]
    columns = [f.column for f in model._meta.concrete_fields if f not in generated]
    values = [changed.get(name, f'r."{name}"') for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    table = model._meta.db_table
    return (
        f'insert into "{table}" ({names}) select {", ".join(values)}'
        f' from bench_plan p join "{table}" r on r."{key}" = p.old'
    )
