"""A case is talked about by those who see it: the question and the list agree for everybody."""

import pytest

from yiwang.core import clock
from yiwang.core.accounts import absences
from yiwang.core.accounts.models import AbsenceReason, User
from yiwang.core.accounts.tests.people import Browser, actor, person, unit
from yiwang.core.events.models import OutboxEvent
from yiwang.core.ids import uuid7
from yiwang.core.notify.models import Notice
from yiwang.operations.cases import access
from yiwang.operations.cases.talk import CaseTalk
from yiwang.operations.cases.tests.district import District, Walk

STATES = ["pending_registration", "handling"]


@pytest.mark.parametrize("state", STATES)
def test_the_readers_are_those_who_see_it(district: District, state: str) -> None:
    case, talk = Walk(district).to(state).case, CaseTalk()
    person("without")
    away(district.leader, person("standsin", access.VIEW, at=unit("centre", unit("root"))))
    away(district.clerk, person("standsinforclerk", access.VIEW, at=district.unit))
    everybody = {user for user in User.objects.all() if talk.may_read(actor(user), case.pk)}
    assert set(talk.readers(case.pk)) == everybody
    assert district.acceptor in everybody
    assert (district.clerk in everybody) == (state == "handling")
    assert district.other_collector not in everybody
    assert {user.username for user in everybody} >= {"leader", "standsin"}
    assert ("standsinforclerk" in {user.username for user in everybody}) == (state == "handling")


def away(who: User, substitute: User) -> None:
    """Today somebody is away, and somebody else carries their authority."""
    today = clock.today()
    absences.enter(
        actor(who), absences.NewAbsence(today, today, AbsenceReason.LEAVE, substitute_id=substitute.pk)
    )


def test_a_case_that_is_not_there_is_not_read(district: District) -> None:
    assert not CaseTalk().may_read(district.actor("shift"), uuid7())


def test_a_colleague_is_asked_on_the_case(district: District) -> None:
    case = Walk(district).to("handling").case
    body = {"object_type": "case", "object_id": str(case.pk), "text": "@clerk @otherclerk 还要多久？"}
    answer = Browser(district.shift).post("/comments", body)
    assert answer.status_code == 201
    assert [who["username"] for who in answer.json()["mentions"]] == ["clerk"]
    notice = Notice.objects.get(kind="comment.mentioned")
    assert (notice.user_id, notice.link) == (district.clerk.pk, f"/cases/{case.pk}")
    assert notice.params["number"] == case.number
    audience = OutboxEvent.objects.get(type="comment.written").audience
    told = OutboxEvent.objects.filter(aggregate=f"case:{case.pk}").latest("id").audience
    assert audience == told
    other = Browser(district.other_clerk)
    assert other.get("/comments", object_type="case", object_id=str(case.pk)).status_code == 404
