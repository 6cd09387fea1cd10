"""What a district's own version of a class does to a case: its limit by area, and stricter rules for requests."""

from datetime import timedelta
from typing import Any

import pytest

from yiwang.city.geo import actions as geo
from yiwang.core import clock
from yiwang.core.accounts.tests.people import SYSTEM
from yiwang.core.codes.declare import Label
from yiwang.core.deadlines.models import Deadline
from yiwang.core.errors import Invalid, Refused
from yiwang.operations.cases import access, queries
from yiwang.operations.cases.categories import actions as category_actions
from yiwang.operations.cases.categories import queries as category_queries
from yiwang.operations.cases.categories.actions import Local
from yiwang.operations.cases.rules import Photo
from yiwang.operations.cases.tests.district import CATEGORY, STREET, District, Walk, picture

pytestmark = pytest.mark.django_db

ROW = {
    "text": {"zh": "路面有垃圾", "en": "Waste on the road"},
    "limit": {"kind": "working_hour", "amount": "4"},
    "area_limits": {"A": {"kind": "urgent_hour", "amount": "2"}},
    "closing": {"zh": "清理干净", "en": "Cleaned"},
}


def local(**requests: Any) -> int:
    """The district's own version from today on; returns its condition."""
    new = Local(
        valid_from=clock.today(),
        name=Label("暴露垃圾", "Exposed waste"),
        usual_unit="street",
        conditions=[ROW],
        expected_version=0,
        requests=requests,
    )
    row = category_actions.save_local(SYSTEM, CATEGORY, new, queries.current_table())
    return row.conditions.get().pk


def evidence(district: District, who: str) -> Photo:
    return Photo(picture(district.actor(who), "blue").file_id, "evidence")


def test_the_limit_is_that_of_the_areas_class(district: District) -> None:
    geo.set_area_class(SYSTEM, STREET, "A")
    walk = Walk(district)
    condition = local()
    walk.step("shift", "register", condition_id=condition)
    assert walk.case.condition_snapshot is not None
    assert (walk.case.condition_snapshot["area_class"], walk.case.condition_snapshot["version"]) == (
        "A",
        "local 1",
    )
    walk.step("dispatcher", "dispatch", unit_id=district.unit.pk)
    clock_of_unit = Deadline.objects.get(owner_id=walk.case.pk, stage="handle")
    assert (clock_of_unit.limit_kind, clock_of_unit.limit_amount) == ("urgent_hour", 2)
    assert clock_of_unit.due_at - clock_of_unit.started_at == timedelta(hours=2)


def test_a_case_is_registered_by_the_version_of_today_and_keeps_it(district: District) -> None:
    walk, other = Walk(district), Walk(district)
    old = category_queries.current_category(CATEGORY).conditions.get(no=1).pk
    other.step("shift", "register", condition_id=old)
    condition = local()
    with pytest.raises(Invalid) as refusal:
        walk.step("shift", "register", condition_id=old)
    assert refusal.value.code == "unknown_condition"
    walk.case.refresh_from_db()
    walk.step("shift", "register", condition_id=condition)
    other.case.refresh_from_db()
    assert other.case.condition_snapshot is not None
    assert other.case.condition_snapshot["version"] == "2026.1"


def test_a_class_without_extensions_refuses_them(district: District) -> None:
    walk = Walk(district)
    walk.step("shift", "register", condition_id=local(extension={"most": 0}))
    walk.to("handling")
    with pytest.raises(Refused) as refusal:
        walk.step("clerk", "ask_extension", note="缺配件", photos=(evidence(district, "clerk"),))
    assert refusal.value.code == "asked_too_often"


def test_a_class_adds_a_level_of_approval(district: District) -> None:
    level = {"label": {"zh": "领导加签", "en": "Leader too"}, "permission": "cases.force_close"}
    walk = Walk(district)
    walk.step("shift", "register", condition_id=local(**{"return": {"also": [level]}}))
    walk.to("handling")
    walk.step("clerk", "ask_return", note="不是我们的")
    walk.step("dispatcher", "approve_return")
    walk.step("shift", "approve_return")
    assert (walk.case.state, walk.case.pending_request) == ("handling", "return")

    def waits_for(who: str) -> bool:
        mine = access.work_of(district.actor(who), queries.living_tables())
        return access.list_cases_for(district.actor(who)).filter(mine).exists()

    assert (waits_for("leader"), waits_for("shift"), waits_for("dispatcher")) == (True, False, False)
    walk.step("leader", "approve_return")
    assert walk.case.state == "pending_dispatch"


def test_the_choice_of_conditions_says_the_limit_of_the_place(district: District) -> None:
    geo.set_area_class(SYSTEM, STREET, "A")
    walk = Walk(district)
    local()
    book = category_queries.rulebook()
    (choice,) = book.conditions(walk.case.category, walk.case.place["area_class"])
    assert choice["limit"] == {"kind": "urgent_hour", "amount": "2"}
