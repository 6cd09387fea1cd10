"""The demo district in an installation that is still empty: whether it may be, and the long work of loading it.

An installation that became a demo stays one: its people are made up and their password stands on the sign-in page. So
it must be empty, must not run in production, and the person types the district's name. A real district begins in a
database of its own.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from yiwang.core.accounts import actions as accounts
from yiwang.core.accounts import queries, staff
from yiwang.core.accounts.models import Installation, Unit, UnitChange, User
from yiwang.core.actor import Actor
from yiwang.core.errors import Conflict, Invalid
from yiwang.core.jobs import actions as jobs
from yiwang.core.jobs.declare import Progress
from yiwang.core.jobs.models import LongJob
from yiwang.core.locks import hold
from yiwang.operations.cases.models import Case
from yiwang.project import demo
from yiwang.project.demo import people

KIND = "setup.load_demo"


def refusals() -> list[str]:
    """Why the demo may not be loaded here; empty when it may."""
    found = []
    row = queries.installation()
    if settings.PRODUCTION:
        found.append("production")
    if row is None or row.kind == Installation.Kind.DEMO:
        found.append("already_demo" if row else "not_founded")
    elif row.district_code != demo.DISTRICT_CODE:
        found.append("other_district")
    if any(taken()):
        found.append("username")
    if UnitChange.objects.exists():
        found.append("units")
    if User.objects.exclude(pk__in=[one.pk for one in staff.administrators()]).exists():
        found.append("people")
    if Case.objects.exists():
        found.append("cases")
    return found


def taken() -> Iterator[str]:
    """Accounts here whose names the demo needs."""
    stems = {stem for stem, *_ in people.CENTRE_STAFF} | {
        "grid",
        *Unit.objects.values_list("code", flat=True),
    }
    fixed = {username for username, *_ in people.AT_THE_TOP}
    for name in User.objects.values_list("username", flat=True):
        if name in fixed or name.rstrip("0123456789") in stems:
            yield name


def offer() -> dict[str, Any]:
    """What the screen says of it."""
    why = refusals()
    job = LongJob.objects.filter(kind=KIND).order_by("-asked_at").first()
    return {"possible": not why, "refusals": why, "confirm": demo.DISTRICT_NAME, "job": job}


def begin(actor: Actor, *, typed: str) -> LongJob:
    """Let a worker load it. Raises Invalid `not_confirmed`, Conflict `demo_refused` (why), `job_under_way`."""
    if typed.strip() != demo.DISTRICT_NAME:
        raise Invalid("not_confirmed", "输入的区名不一致。", field="confirm")
    _refuse()
    return jobs.begin(actor, KIND, subject=demo.DISTRICT_NAME)


def _refuse() -> None:
    if why := refusals():
        raise Conflict("demo_refused", "这里不能载入演示区。", why=why)


def load(job: LongJob, progress: Progress) -> Mapping[str, Any]:
    """All of it in one transaction: a worker that is killed leaves nothing, and the next one begins anew."""
    asked = Actor(user_id=job.asked_by, name=job.asked_by_name, is_system=True)
    # On a connection of its own, or nobody would see how far it is before it is done.
    with ThreadPoolExecutor(1) as teller:
        try:
            return _load(asked, told(teller, progress))
        finally:
            teller.submit(connection.close)


@transaction.atomic
def _load(asked: Actor, say: Callable[[int, int, str], None]) -> dict[str, int]:
    hold(KIND)
    if any(queries.demo_accounts()):  # by a worker that was killed before it could say so
        return {}
    _refuse()
    accounts.turn_into_demo(asked)
    return demo.load(step=say)


def told(teller: ThreadPoolExecutor, progress: Progress) -> Callable[[int, int, str], None]:
    """Says how far it is from the teller's thread."""

    def say(done: int, total: int, stage: str) -> None:
        teller.submit(progress.say, done, total, stage)

    return say
