"""Why somebody sees a case: the explanation and the predicate are one."""

from datetime import timedelta

import pytest

from yiwang.core import clock
from yiwang.core.accounts import absences, explaining
from yiwang.core.accounts.absences import NewAbsence
from yiwang.core.accounts.models import Unit
from yiwang.core.accounts.rules import AbsenceReason
from yiwang.core.accounts.tests.people import Browser, actor, person
from yiwang.core.actor import system
from yiwang.core.errors import Invalid, NotFound
from yiwang.operations.cases import access
from yiwang.operations.cases.models import Case
from yiwang.operations.cases.tests.district import District
from yiwang.operations.cases.tests.test_access import WHO, some_cases

MANAGE = "accounts.manage_user"


def test_the_explanation_never_disagrees_with_what_is_seen(district: District) -> None:
    cases = some_cases(district)
    Case.objects.filter(pk=cases[0].pk).update(reported_by=district.other_collector.pk)
    today = clock.today()
    absences.enter(
        system("tests"),
        NewAbsence(
            today, today + timedelta(days=1), AbsenceReason.LEAVE, district.other_clerk.pk, district.clerk.pk
        ),
    )
    crowd = [getattr(district, who) for who in WHO]
    crowd.append(person("street", access.VIEW, areas=["420117001"]))
    crowd.append(person("grid", access.VIEW, areas=["420117002001001"], at=district.other_unit))
    crowd.append(person("blind", "geo.view_map", areas=["420117"], at=district.unit))
    crowd.append(person("empty", access.VIEW, areas=[""], at=district.unit.parent))
    told = set()
    for user in crowd:
        seen = set(access.list_cases_for(actor(user)).values_list("pk", flat=True))
        for case in cases:
            found = explaining.explain(system("tests"), user, object_type="case", name=case.number)
            assert found.may == (case.pk in seen), (user.username, case.state, found)
            for one in found.reasons:
                assert one.covered is not None
                told.add((one.covers, bool(one.covered.unit), bool(one.covered.area)))
            told.add(found.besides)
    assert told >= {
        (True, True, False),
        (True, False, True),
        (False, False, False),
        (False, True, True),
        "reported",
    }


def test_an_explanation_over_http(district: District) -> None:
    case = some_cases(district)[1]
    Case.objects.filter(pk=case.pk).update(number="4201172026990001")
    chief = Browser(person("chief", MANAGE, at=root(district)))
    answer = chief.get(f"/staff/{district.clerk.pk}/why?object_type=case&object=4201172026990001").json()
    assert (answer["may"], answer["permission"]) == (True, "cases.view_case")
    assert answer["reasons"][0]["by_unit"] == district.unit.short_name
    assert answer["reasons"][0]["by_area"] == ""
    asked = chief.get(f"/staff/{district.clerk.pk}/why?permission=cases.accept_case").json()
    assert (asked["may"], asked["reasons"][0]["has_permission"]) == (False, False)
    assert chief.get(f"/staff/{district.clerk.pk}/why?object_type=case&object=none").status_code == 404
    assert Browser(district.clerk).get(f"/staff/{district.clerk.pk}/why?permission=x").status_code == 403
    stranger = Browser(person("stranger", MANAGE, at=district.other_unit))
    assert stranger.get(f"/staff/{district.clerk.pk}/why?permission=cases.view_case").status_code == 404


def test_who_asks_does_not_learn_of_a_case_that_neither_sees(district: District) -> None:
    case = some_cases(district)[1]
    Case.objects.filter(pk=case.pk).update(number="4201172026990001")
    asked = "why?object_type=case&object=4201172026990001"
    blind = person("blind", at=district.unit)
    ignorant = Browser(person("ignorant", MANAGE, at=district.unit))
    answer = ignorant.get(f"/staff/{blind.pk}/{asked}")
    nothing = ignorant.get(f"/staff/{blind.pk}/why?object_type=case&object=none")
    assert (answer.status_code, answer.json()["code"]) == (404, "object_not_found")
    assert answer.json()["detail"] == nothing.json()["detail"]
    chief = Browser(person("chief", MANAGE, at=root(district)))
    assert chief.get(f"/staff/{blind.pk}/{asked}").json()["may"] is False, (
        "manages the people of the whole district"
    )
    elsewhere = ["42011700" + str(n) for n in range(10)]
    knowing = Browser(person("knowing", MANAGE, access.VIEW, at=district.unit, areas=elsewhere))
    assert knowing.get(f"/staff/{blind.pk}/{asked}").json()["may"] is False, "sees the case"


def root(district: District) -> Unit:
    unit = district.unit
    while unit.parent is not None:
        unit = unit.parent
    return unit


def test_what_is_asked_must_exist_and_the_account_be_open(district: District) -> None:
    with pytest.raises(Invalid, match="unknown_permission"):
        explaining.explain(system("tests"), district.clerk, permission="cases.fly")
    with pytest.raises(Invalid, match="unknown_object_type"):
        explaining.explain(system("tests"), district.clerk, object_type="dream", name="1")
    with pytest.raises(NotFound, match="object_not_found"):
        explaining.explain(system("tests"), district.clerk, object_type="case", name="1")
    district.clerk.is_active = False
    district.clerk.save()
    found = explaining.explain(system("tests"), district.clerk, permission="cases.view_case")
    assert (found.may, found.is_closed) == (False, True)


def test_what_is_personal_is_not_lent(district: District) -> None:
    today = clock.today()
    boss = person("boss", MANAGE, at=district.unit)
    absences.enter(system("tests"), NewAbsence(today, today, AbsenceReason.LEAVE, boss.pk, district.clerk.pk))
    found = explaining.explain(system("tests"), district.clerk, permission=MANAGE)
    assert [(r.has_permission, r.is_withheld) for r in found.reasons] == [(False, False), (False, True)]
