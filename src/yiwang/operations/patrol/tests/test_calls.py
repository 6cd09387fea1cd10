"""A call of people nearby: called with reasons, answered, arrived by the fence or by hand, ended."""

from datetime import timedelta

import pytest

from yiwang.core import clock
from yiwang.core.errors import Conflict, Invalid, NotFound, Refused
from yiwang.core.notify.models import Notice
from yiwang.operations.cases.tests.district import HERE
from yiwang.operations.patrol.calls import actions, nearby
from yiwang.operations.patrol.calls.actions import NewCall
from yiwang.operations.patrol.calls.nearby import Around, Seen
from yiwang.operations.patrol.models import Call, Called
from yiwang.operations.patrol.tests.small import METRE, Town

pytestmark = pytest.mark.django_db
LON, LAT = HERE


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch, town: Town) -> dict[object, Seen]:
    """Where people were last: the walker 200 m away, the other one two kilometres."""
    now = clock.now()
    where = {
        town.walker.pk: Seen(now, LON, LAT + 200 * METRE, 10),
        town.other.pk: Seen(now, LON, LAT + 2000 * METRE, 10),
    }
    monkeypatch.setattr(nearby, "last_seen", lambda people: {k: v for k, v in where.items() if k in people})
    return where  # type: ignore[return-value]


def called(town: Town, *people: str) -> Call:
    ids = tuple(getattr(town, name).pk for name in people)
    return actions.call(town.actor("planner"), NewCall("占道经营聚集", LON, LAT, ids))


def test_who_is_near_comes_first_and_a_radius_or_frame_bounds(town: Town, seen: object) -> None:
    planner = town.actor("planner")
    found = nearby.suitable(planner, Around(LON, LAT, radius_m=3000), "420117001001001")
    order = [one.candidate.user_id for one, where in found if where]
    assert order == [town.walker.pk, town.other.pk]
    near = nearby.suitable(planner, Around(LON, LAT, radius_m=500), "420117001001001")
    assert [one.candidate.user_id for one, where in near if where] == [town.walker.pk]
    frame = (LON - 0.01, LAT + 1000 * METRE, LON + 0.01, LAT + 3000 * METRE)
    framed = nearby.suitable(planner, Around(LON, LAT, frame=frame), "420117001001001")
    assert [one.candidate.user_id for one, where in framed if where] == [town.other.pk]


def test_a_call_is_answered_and_ends(town: Town, seen: dict[object, Seen]) -> None:
    call = called(town, "walker", "other")
    assert Notice.objects.filter(kind="patrol.called").count() == 2
    assert [row.user_id for row in call.people.all()] == [town.walker.pk, town.other.pk]
    row = actions.answer(town.actor("walker"), call.pk, "accepted")
    assert (row.state, row.answered_at) == ("accepted", clock.now())
    assert actions.answer(town.actor("other"), call.pk, "declined", note="在办案").note == "在办案"
    assert actions.mark_arrivals() == 0
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        seen[town.walker.pk] = Seen(clock.now(), LON, LAT + 50 * METRE, 10)
        assert actions.mark_arrivals() == 1
        row = Called.objects.get(call=call, user=town.walker)
        assert (row.state, row.arrived_by, row.arrived_at) == ("arrived", "fence", clock.now())
        by_hand = actions.answer(town.actor("other"), call.pk, "arrived")
        assert by_hand.arrived_by == "hand"
        ended = actions.end(town.actor("planner"), call.pk, outcome="已劝离", expected_version=1)
        assert ended.ended_at == clock.now()
    with clock.frozen(clock.now() + timedelta(minutes=10)):
        assert actions.answer(town.actor("walker"), call.pk, "accepted").state == "arrived"
        late = called(town, "next_shift")
        actions.end(town.actor("planner"), late.pk, outcome="", expected_version=1)
    with clock.frozen(clock.now() + timedelta(minutes=20)), pytest.raises(Conflict, match="call_over"):
        actions.answer(town.actor("next_shift"), late.pk, "accepted")


def test_only_who_was_called_answers_and_only_callers_call(town: Town, seen: object) -> None:
    call = called(town, "walker")
    with pytest.raises(NotFound, match="call_not_found"):
        actions.answer(town.actor("next_shift"), call.pk, "accepted")
    with pytest.raises(Refused, match="permission_denied"):
        actions.call(town.actor("walker"), NewCall("来", LON, LAT, (town.other.pk,)))
    with pytest.raises(Invalid, match="nobody_called"):
        called(town)
    more = actions.call_more(town.actor("planner"), call.pk, (town.walker.pk, town.other.pk))
    assert more.people.count() == 2
