"""A node that an administrator added, in real life: new cases go through it, running ones keep their version."""

from datetime import timedelta

import pytest

from yiwang.core import clock
from yiwang.core.accounts.tests.people import SYSTEM, Browser
from yiwang.core.deadlines.models import Deadline
from yiwang.core.errors import Refused
from yiwang.operations.cases import access, queries
from yiwang.operations.cases.lifecycle import versions as lifecycle_versions
from yiwang.operations.cases.lifecycle.models import FIRST_LOCAL
from yiwang.operations.cases.tests.district import District, Walk
from yiwang.operations.cases.tests.test_lifecycle_editor import REVIEW, SHIPPED, do

pytestmark = pytest.mark.django_db

BACK = {
    "verb": "review_back",
    "label": {"zh": "退回核查", "en": "Back to the check"},
    "permission": "cases.force_close",
    "effects": ["open_check"],
    "fields": [{"name": "note", "required": True, "label": {"zh": "理由", "en": "Reason"}}],
    "to": "pending_check",
}


def publish() -> None:
    """A review by a leader between check and closing, from today on."""
    step = REVIEW["step"] | {"permission": "cases.force_close"}  # type: ignore[operator]
    table = do(REVIEW | {"step": step, "back": BACK})
    lifecycle_versions.publish(
        SYSTEM, table, valid_from=clock.today(), note="加复审", base=SHIPPED["version"]
    )


def waits_for(district: District, who: str) -> bool:
    actor = district.actor(who)
    return access.list_cases_for(actor).filter(access.work_of(actor, queries.living_tables())).exists()


def test_a_case_goes_through_the_new_node_and_back_and_on(district: District) -> None:
    publish()
    walk = Walk(district).to("pending_check")
    assert walk.case.lifecycle_id == FIRST_LOCAL
    walk.step("collector", "pass_check")
    assert walk.case.state == "reviewing"
    (running,) = Deadline.objects.filter(owner_id=walk.case.pk, stopped_at__isnull=True)
    assert (running.stage, running.limit_kind, running.limit_amount) == ("reviewing", "working_hour", 2)
    assert (waits_for(district, "leader"), waits_for(district, "shift")) == (True, False)
    with pytest.raises(Refused, match="permission_denied"):
        walk.step("shift", "review", note="通过")
    walk.step("leader", "review_back", note="照片不清")
    assert (walk.case.state, waits_for(district, "collector")) == ("pending_check", True)
    walk.step("collector", "pass_check")
    walk.step("leader", "review", note="通过")
    walk.to("closed")
    told = Browser(district.shift).get(f"/cases/{walk.case.pk}").json()
    labels = [row["label"]["zh"] for row in told["timeline"]]
    assert labels[-5:] == ["核查通过", "退回核查", "核查通过", "复审通过", "结案"]


def test_a_running_case_keeps_its_version_and_both_run_side_by_side(district: District) -> None:
    old = Walk(district).to("pending_check")
    publish()
    new = Walk(district).to("pending_check")
    old.step("collector", "pass_check")
    new.step("collector", "pass_check")
    assert (old.case.state, new.case.state) == ("pending_close", "reviewing")
    rows = Browser(district.shift).get("/cases").json()["items"]
    assert {row["state_label"]["zh"] for row in rows} == {"待结案", "待复审"}
    counted = {
        row["version"]: row["open_cases"]
        for row in Browser(district.shift).get("/lifecycles").json()["versions"]
    }
    assert counted == {SHIPPED["version"]: 1, FIRST_LOCAL: 1}


def test_a_planned_version_touches_nothing_before_its_day(district: District) -> None:
    lifecycle_versions.publish(
        SYSTEM, do(REVIEW), valid_from=clock.today() + timedelta(days=1), note="", base=SHIPPED["version"]
    )
    assert Walk(district).case.lifecycle_id == SHIPPED["version"]
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert Walk(district).case.lifecycle_id == FIRST_LOCAL
