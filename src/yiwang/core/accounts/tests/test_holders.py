"""Who is to be told for many units and places at once is who is told for each."""

from datetime import timedelta

import pytest

from yiwang.core import clock
from yiwang.core.accounts import absences
from yiwang.core.accounts.models import User
from yiwang.core.accounts.queries import Holding, holders, holders_of, substitutes_of
from yiwang.core.accounts.rules import AbsenceReason
from yiwang.core.accounts.tests.people import actor, person, unit

pytestmark = pytest.mark.django_db


def test_many_at_once_are_as_each_alone(django_assert_num_queries: object) -> None:
    root = unit("root")
    bureau = unit("bureau", root)
    team = unit("team", bureau)
    for name, at, areas in (
        ("ann", root, ["420117"]),
        ("bob", bureau, ["420117001"]),
        ("cid", team, ["420117001002"]),
        ("dan", team, []),
        ("eve", root, []),
    ):
        person(name, "codes.edit_code", "calendars.edit_calendar", at=at, areas=areas)
    person("fay", "codes.edit_code", at=team, areas=["420117002"])
    User.objects.filter(username="eve").update(is_active=False)
    bob, dan = (User.objects.get(username=name) for name in ("bob", "dan"))
    today = clock.today()
    absences.enter(
        actor(dan),
        absences.NewAbsence(
            today,
            today + timedelta(days=1),
            AbsenceReason.SICK,
            dan.pk,
            User.objects.get(username="cid").pk,
            "",
        ),
    )
    wanted = [
        Holding(permission, **where)
        for permission in ("codes.edit_code", "calendars.edit_calendar", "accounts.manage_user")
        for where in (
            *({"unit_path": row.path} for row in (root, bureau, team)),
            *({"area_code": code} for code in ("420117001002003", "420117002001001", "420117")),
        )
    ]
    with django_assert_num_queries(2):  # type: ignore[operator]
        found = holders_of(wanted)
    for one in wanted:
        alone = holders(one.permission, unit_path=one.unit_path, area_code=one.area_code)
        assert found[one] == set(alone.values_list("pk", flat=True)), one
    assert bob.pk in found[Holding("codes.edit_code", unit_path=team.path)]
    assert set(substitutes_of()) == {dan.pk}
    assert holders_of([]) == {}
