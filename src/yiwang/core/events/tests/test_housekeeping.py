"""What was delivered long ago is cleared away; what the browsers hear; who is woken."""

from datetime import timedelta

import pytest
from django.db import transaction

from yiwang.core import clock
from yiwang.core.events import actions, listen, queries, relay, tasks
from yiwang.core.events.declare import Audience
from yiwang.core.events.models import DeadLetter, Delivery, OutboxEvent
from yiwang.core.events.tests.factories import LampLit, listening_with, publish
from yiwang.core.ids import uuid7

pytestmark = pytest.mark.django_db


def test_delivered_events_are_cleared_after_two_weeks() -> None:
    def hear(event: LampLit) -> None: ...

    old, fresh, pending, dead = (publish("a", number) for number in range(4))
    long_ago = clock.now() - timedelta(days=15)
    with listening_with(hear):
        relay.deliver_due()
    OutboxEvent.objects.filter(pk=old.pk).update(done_at=long_ago)
    OutboxEvent.objects.filter(pk=pending.pk).update(state="pending", done_at=None, at=long_ago)
    OutboxEvent.objects.filter(pk=dead.pk).update(done_at=long_ago)
    DeadLetter.objects.create(
        event=dead, handler="x", reason="y", attempts=8, at=long_ago, replayed_at=long_ago
    )
    assert tasks.forget_delivered_events() == 1
    assert set(OutboxEvent.objects.values_list("pk", flat=True)) == {fresh.pk, pending.pk, dead.pk}
    assert not Delivery.objects.filter(event_id=old.pk).exists()


def test_clearing_goes_on_beyond_one_batch(monkeypatch) -> None:
    monkeypatch.setattr(actions, "_BATCH", 2)
    for number in range(5):
        publish("a", number)
    OutboxEvent.objects.update(state="done", done_at=clock.now() - timedelta(days=30))
    assert actions.forget_delivered() == 5


def test_a_change_is_type_aggregate_and_payload() -> None:
    audience = Audience("420117", (), (uuid7(),), "cases.view_case")
    one, other = publish("a", 1, audience), publish("b", 2)
    second, first = queries.changes([other.pk, 999_999, one.pk])
    assert (first.id, first.audience, second.audience) == (one.pk, audience, Audience())
    assert first.data == {
        "type": "lamp.lit",
        "aggregate": "lamp:a",
        "at": one.at.isoformat(),
        "lamp": "a",
        "number": 1,
    }


@pytest.mark.django_db(transaction=True)
def test_word_of_an_event_comes_at_commit() -> None:
    with listen.listening() as listener:
        with transaction.atomic():
            actions.publish(LampLit("a"))
            assert list(listener.notifies(timeout=0.2)) == []
        [word] = listener.notifies(timeout=5, stop_after=1)
        assert word.payload == str(OutboxEvent.objects.latest("pk").pk)


@pytest.mark.django_db(transaction=True)
def test_word_of_many_is_one_for_each_that_browsers_hear_and_one_for_the_relay() -> None:
    known = Audience(user_ids=(uuid7(),))
    with listen.listening() as listener:
        with transaction.atomic():
            one, other = actions.publish_many([(LampLit("a"), known), (LampLit("b"), actions.NOBODY)])
            actions.publish_many([(LampLit("c"), actions.NOBODY)])
        words = [word.payload for word in listener.notifies(timeout=5, stop_after=2)]
    assert words == [str(one), ""]
    assert other == one + 1


def test_many_are_published_in_one_statement(django_assert_num_queries) -> None:
    audience = Audience("420117", ("1.",), (uuid7(),), "cases.view_case")
    with django_assert_num_queries(2):
        numbers = actions.publish_many([(LampLit(f"{n}“灯”", n), audience) for n in range(50)])
    assert actions.publish_many([]) == []
    rows = list(OutboxEvent.objects.order_by("pk"))
    assert [row.pk for row in rows] == numbers
    assert [row.payload["number"] for row in rows] == list(range(50))
    single = publish("0“灯”", 0, audience)
    for field in ("type", "aggregate", "payload", "audience", "state", "attempts", "done_at"):
        assert getattr(rows[0], field) == getattr(single, field)
    assert queries.changes(numbers[:1])[0].audience == audience
