"""What the demo's own past does not always have: a case that was surely late, and somebody who has left."""

from datetime import timedelta
from io import BytesIO

from django.conf import settings

from yiwang.core import clock
from yiwang.core.accounts import actions as accounts
from yiwang.core.accounts.models import Assignment, Unit, User
from yiwang.core.accounts.queries import actor_for_user
from yiwang.core.actor import Actor, system
from yiwang.core.files import actions as files
from yiwang.operations.cases.actions import Given, NewCase, Photo, advance, open_case
from yiwang.operations.cases.models import Case, FilingCondition
from yiwang.project.demo.pictures import picture


def run_a_case_late() -> None:
    """Eleven days at the sanitation office, far beyond any limit, then closed by force."""
    category = "event.exposed_waste"
    new = NewCase(category, "垃圾堆了十多天才清走", lon=114.83, lat=30.84, source="hotline_12345")
    condition = FilingCondition.objects.filter(category__key=category).earliest("pk")
    with clock.frozen(clock.now() - timedelta(days=12)):
        case = open_case(_person("acceptor1"), new)
        case = _step("shift1", case, "register", Given(condition_id=condition.pk))
        unit = Unit.objects.get(code="sanitation")
        case = _step("dispatch1", case, "dispatch", Given(unit_id=unit.pk))
        case = _step("sanitation1", case, "take", Given())
    with clock.frozen(clock.now() - timedelta(days=1)):
        clerk = _person("sanitation1")
        shown = files.store(clerk, stream=BytesIO(picture("waste", 0, True, "near")), name="现场照片.jpg")
        done = Given(note="已清走", photos=(Photo(shown.pk, "after"),))
        case = _step("sanitation1", case, "report_done", done)
        _step("leader1", case, "force_close", Given(note="处置严重超时，不再核查"))


def let_somebody_leave() -> None:
    """An acceptor until last month."""
    today, by = clock.today(), system("demo")
    user = accounts.create_user(
        by, username="former1", name="柳长青", password=settings.DEMO_PASSWORD, phone="13700002222", demo=True
    )
    like = Assignment.objects.filter(role__key="acceptor").earliest("pk")
    since = today - timedelta(days=400)
    held = accounts.assign(by, user=user, post=like.post, role=like.role, areas=like.areas, valid_from=since)
    held.valid_to = today - timedelta(days=30)
    held.save(update_fields=["valid_to"])


def _step(username: str, case: Case, verb: str, given: Given) -> Case:
    return advance(_person(username), case.pk, verb=verb, expected_version=case.version, given=given)


def _person(username: str) -> Actor:
    found = actor_for_user(User.objects.get(username=username).pk)
    assert found is not None
    return found
