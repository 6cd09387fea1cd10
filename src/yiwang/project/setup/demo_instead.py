"""The demo district in an installation that is still empty: whether it may be, and the long work of loading it.

An installation that became a demo stays one: its people are made up and their password stands on the sign-in page. So
it must be empty, must not run in production, and the person types the district's name. A real district begins in a
database of its own.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from django.db.models import CharField, F, Func, Q, QuerySet, Value

from yiwang.core.accounts import actions as accounts
from yiwang.core.accounts import queries
from yiwang.core.accounts.models import Installation, Post, Unit, UnitChange, User
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
WORDS = {
    "production": "这是正式环境",
    "not_founded": "平台还没有建立",
    "already_demo": "已经是演示系统",
    "other_district": "这里是另一个区",
    "cases": "已有案件",
    "people": "除管理员外已有人员",
    "units": "已修改过单位或岗位",
    "username": "账号与演示账号重名",
}


def refusals() -> list[str]:
    """Why the demo may not be loaded here; empty when it may. A screen asks it for ever: the first look that finds
    something is the last."""
    return _where() or _begun()


def _where() -> list[str]:
    row = queries.installation()
    if settings.PRODUCTION:
        return ["production"]
    if row is None:
        return ["not_founded"]
    if row.kind == Installation.Kind.DEMO:
        return ["already_demo"]
    return [] if row.district_code == demo.DISTRICT_CODE else ["other_district"]


def _begun(cases: int = 0) -> list[str]:
    """What somebody began here beside the demo, with its `cases`: one person may be here, who asks for it."""
    if Case.objects.all()[cases : cases + 1]:
        return ["cases"]
    if len(User.objects.filter(is_demo=False)[:2]) > 1:
        return ["people"]
    if UnitChange.objects.exists() or Post.objects.filter(is_local=True).exists():
        return ["units"]
    return ["username"] if taken().exists() else []


def taken() -> QuerySet[User]:
    """Accounts here whose names the demo needs."""
    stems = [
        *(stem for stem, *_ in people.CENTRE_STAFF),
        "grid",
        *Unit.objects.values_list("code", flat=True),
    ]
    fixed = [username for username, *_ in people.AT_THE_TOP]
    stem = Func(F("username"), Value("0123456789"), function="rtrim", output_field=CharField())
    rows = User.objects.filter(is_demo=False).annotate(stem=stem)
    found: QuerySet[User] = rows.filter(Q(username__in=fixed) | Q(stem__in=stems))
    return found


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
    _stop(refusals())


def _stop(why: list[str]) -> None:
    if why:
        said = "、".join(WORDS[one] for one in why)
        raise Conflict("demo_refused", f"这里不能载入演示区：{said}。", why=why)


def load(job: LongJob, progress: Progress) -> Mapping[str, Any]:
    """All of it in one transaction: a worker that is killed leaves nothing, and the next one begins anew."""
    asked = Actor(user_id=job.asked_by, name=job.asked_by_name, is_system=True)
    # On a connection of its own, or nobody would see how far it is before it is done.
    with ThreadPoolExecutor(1) as teller:
        try:
            return _load(asked, told(teller, progress))
        finally:
            teller.submit(
                connections.close_all
            )  # the teller's own: `connection.close` would be this thread's


@transaction.atomic
def _load(asked: Actor, say: Callable[[int, int, str], None]) -> dict[str, int]:
    hold(KIND)
    if any(queries.demo_accounts()):  # by a worker that was killed before it could say so
        return {}
    _refuse()
    accounts.turn_into_demo(asked)
    done = demo.load(step=say)
    # It takes minutes, in which somebody may have begun to work in another window.
    _stop(_begun(done["cases"]))
    return done


def told(teller: ThreadPoolExecutor, progress: Progress) -> Callable[[int, int, str], None]:
    """Says how far it is from the teller's thread."""

    def say(done: int, total: int, stage: str) -> None:
        teller.submit(progress.say, done, total, stage)

    return say
