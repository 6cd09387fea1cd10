"""At least once, each effect exactly once, in order for each aggregate."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from yiwang.core import clock
from yiwang.core.errors import Conflict, NotFound
from yiwang.core.events import actions, queries, relay
from yiwang.core.events.models import DeadLetter, Delivery, OutboxEvent
from yiwang.core.events.rules import MOST_ATTEMPTS, backoff
from yiwang.core.events.tests.factories import LampForgotten, LampLit, all_due, listening_with, publish

pytestmark = pytest.mark.django_db


class Recorder:
    """Notes what it is told; fails as often as it is asked to."""

    def __init__(self, failures: int = 0, only: int | None = None) -> None:
        self.heard: list[tuple[str, int]] = []
        self.failures = failures
        self.only = only
        self.__qualname__ = f"recorder_{id(self)}"

    def __call__(self, event: LampLit) -> None:
        if self.failures and self.only in (None, event.number):
            self.failures -= 1
            raise ValueError("the bulb is broken")
        self.heard.append((event.lamp, event.number))


def deliver_all(rounds: int = 1) -> None:
    for _ in range(rounds):
        all_due()
        relay.deliver_due()


def test_each_handler_hears_once() -> None:
    one, other = Recorder(), Recorder()
    event = publish("a", 1)
    with listening_with(one, other):
        assert relay.deliver_due() == 1
        assert relay.deliver_due() == 0
    assert one.heard == other.heard == [("a", 1)]
    event.refresh_from_db()
    assert (event.state, event.attempts) == ("done", 0)
    assert event.done_at is not None
    assert Delivery.objects.filter(event=event).count() == 2


def test_nothing_is_told_of_what_was_rolled_back() -> None:
    recorder = Recorder()
    with transaction.atomic():
        actions.publish(LampLit("a"))
        transaction.set_rollback(True)
    with listening_with(recorder):
        assert relay.deliver_due() == 0
    assert recorder.heard == []


@pytest.mark.django_db(transaction=True)
def test_publishing_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="in the transaction of what it tells of"):
        actions.publish(LampLit("a"))
    with pytest.raises(RuntimeError, match="in the transaction of what it tells of"):
        actions.publish_many([(LampLit("a"), actions.NOBODY)])


def test_what_nobody_listens_to_is_done_at_once(django_assert_max_num_queries) -> None:
    for number in range(20):
        with transaction.atomic():
            actions.publish(LampForgotten(str(number)))
    with django_assert_max_num_queries(6):
        assert relay.deliver_due() == 0
    assert OutboxEvent.objects.filter(state="done", done_at__isnull=False).count() == 20


def test_a_handler_that_fails_twice_succeeds_in_the_end() -> None:
    shaky, steady = Recorder(failures=2), Recorder()
    event = publish("a", 1)
    with listening_with(shaky, steady):
        relay.deliver_due()
        event.refresh_from_db()
        assert (event.state, event.attempts) == ("pending", 1)
        assert steady.heard == [("a", 1)]
        deliver_all(rounds=3)
    event.refresh_from_db()
    assert (event.state, event.attempts) == ("done", 2)
    assert shaky.heard == steady.heard == [("a", 1)]
    assert not DeadLetter.objects.exists()


def test_a_failed_event_waits_before_it_is_tried_again() -> None:
    shaky = Recorder(failures=1)
    event = publish()
    with listening_with(shaky):
        relay.deliver_due()
        assert relay.deliver_due() == 0
    event.refresh_from_db()
    wait = event.due_at - clock.now()
    assert timedelta(0) < wait <= backoff(1)


def test_the_effect_of_a_failed_handler_is_undone() -> None:
    def half_done(event: LampLit) -> None:
        actions.publish(LampForgotten())
        raise ValueError("too late")

    publish()
    with listening_with(half_done):
        relay.deliver_due()
    assert not OutboxEvent.objects.filter(type="lamp.forgotten").exists()
    assert not Delivery.objects.exists()


def test_a_handler_that_breaks_a_foreign_key_fails_alone() -> None:
    def breaks_a_key(event: LampLit) -> None:
        Delivery.objects.create(event_id=999_999, handler="x", at=clock.now())

    steady = Recorder()
    event = publish()
    with listening_with(breaks_a_key, steady):
        relay.deliver_due()
    event.refresh_from_db()
    assert (event.state, event.attempts) == ("pending", 1)
    assert Delivery.objects.get().handler.endswith(steady.__qualname__)


def test_a_poisoned_event_becomes_a_dead_letter_and_others_go_on() -> None:
    poisoned, steady = Recorder(failures=99, only=1), Recorder()
    bad, later, other = publish("a", 1), publish("a", 2), publish("b", 3)
    with listening_with(poisoned, steady):
        relay.deliver_due()
        assert poisoned.heard == [("b", 3)]
        deliver_all(rounds=MOST_ATTEMPTS)
    assert poisoned.heard == [("b", 3), ("a", 2)]
    assert sorted(steady.heard) == [("a", 1), ("a", 2), ("b", 3)]
    assert [OutboxEvent.objects.get(pk=e.pk).state for e in (bad, later, other)] == ["dead", "done", "done"]
    letter = queries.open_dead_letters().get()
    assert (letter.event_id, letter.attempts) == (bad.pk, MOST_ATTEMPTS)
    assert letter.handler.endswith(poisoned.__qualname__)
    assert "ValueError: the bulb is broken" in letter.reason
    assert queries.backlog().dead_letters == 1


def test_a_dead_letter_is_replayed_for_its_handler_only() -> None:
    poisoned, steady = Recorder(failures=MOST_ATTEMPTS), Recorder()
    event = publish("a", 1)
    with listening_with(poisoned, steady):
        deliver_all(rounds=MOST_ATTEMPTS)
        letter = queries.open_dead_letters().get()
        actions.replay(letter.pk)
        relay.deliver_due()
    assert poisoned.heard == steady.heard == [("a", 1)]
    event.refresh_from_db()
    assert event.state == "done"
    assert queries.backlog() == queries.Backlog(0, None, 0)
    with pytest.raises(Conflict):
        actions.replay(letter.pk)


def test_replaying_one_dead_letter_leaves_the_other_dead() -> None:
    one, other = Recorder(failures=MOST_ATTEMPTS), Recorder(failures=MOST_ATTEMPTS)
    event = publish("a", 1)
    with listening_with(one, other):
        deliver_all(rounds=MOST_ATTEMPTS)
        first, second = queries.open_dead_letters()
        actions.replay(first.pk)
        relay.deliver_due()
        event.refresh_from_db()
        assert event.state == "dead"
        assert list(queries.open_dead_letters()) == [second]
    assert (one.heard, other.heard) == ([("a", 1)], [])


def test_a_replayed_letter_can_die_again() -> None:
    poisoned = Recorder(failures=99)
    publish()
    with listening_with(poisoned):
        for _ in range(2):
            deliver_all(rounds=MOST_ATTEMPTS)
            letter = queries.open_dead_letters().get()
            actions.replay(letter.pk)
        deliver_all(rounds=MOST_ATTEMPTS)
    assert DeadLetter.objects.count() == 3
    assert queries.open_dead_letters().count() == 1


def test_an_unknown_dead_letter_is_not_found() -> None:
    with pytest.raises(NotFound):
        actions.replay(1)


def test_a_payload_that_no_longer_fits_ends_as_a_dead_letter() -> None:
    recorder = Recorder()
    event = publish()
    OutboxEvent.objects.filter(pk=event.pk).update(payload={"number": "many"})
    with listening_with(recorder):
        deliver_all(rounds=MOST_ATTEMPTS)
    assert "ValidationError" in queries.open_dead_letters().get().reason


def test_events_of_one_aggregate_keep_their_order_while_one_is_tried_again() -> None:
    shaky = Recorder(failures=1, only=1)
    for number in (1, 2, 3):
        publish("a", number)
    publish("b", 4)
    with listening_with(shaky):
        relay.deliver_due()
        assert shaky.heard == [("b", 4)]
        deliver_all()
    assert shaky.heard == [("b", 4), ("a", 1), ("a", 2), ("a", 3)]


def test_delivery_stops_when_asked() -> None:
    recorder = Recorder()
    for number in range(5):
        publish("a", number)
    with listening_with(recorder):
        assert relay.deliver_due(stopping=lambda: len(recorder.heard) == 2) == 2
    assert len(recorder.heard) == 2


def test_a_failure_at_commit_counts_and_does_not_block_for_ever(monkeypatch) -> None:
    event = publish()
    recorder = Recorder()

    def breaks(event: OutboxEvent) -> None:
        raise ValueError("refused at commit")

    monkeypatch.setattr(relay, "_deliver", breaks)
    with listening_with(recorder):
        deliver_all(rounds=MOST_ATTEMPTS)
    event.refresh_from_db()
    assert (event.state, event.attempts) == ("dead", MOST_ATTEMPTS)
    assert "refused at commit" in queries.open_dead_letters().get().reason


@pytest.mark.django_db(transaction=True)
def test_several_relays_deliver_each_event_once_and_in_order() -> None:
    heard: list[tuple[str, int]] = []
    lock = threading.Lock()

    def hear(event: LampLit) -> None:
        with lock:
            heard.append((event.lamp, event.number))

    lamps, count = "abcde", 12
    for number in range(count):
        for lamp in lamps:
            publish(lamp, number)

    def work() -> None:
        try:
            while OutboxEvent.objects.filter(state="pending").exists():
                relay.deliver_due()
        finally:
            connection.close()

    with listening_with(hear):
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert len(heard) == len(lamps) * count
    for lamp in lamps:
        assert [number for name, number in heard if name == lamp] == list(range(count))


@pytest.mark.django_db(transaction=True)
def test_an_event_in_another_relays_hands_holds_back_its_aggregate_only() -> None:
    heard: list[tuple[str, int]] = []
    at_work, go_on = threading.Event(), threading.Event()

    def hear(event: LampLit) -> None:
        if event.lamp == "a" and event.number == 1:
            at_work.set()
            assert go_on.wait(10)
        heard.append((event.lamp, event.number))

    for lamp, number in (("a", 1), ("a", 2), ("b", 3)):
        publish(lamp, number)

    def work() -> None:
        try:
            relay.deliver_next()
        finally:
            connection.close()

    with listening_with(hear):
        thread = threading.Thread(target=work)
        thread.start()
        assert at_work.wait(10)
        assert relay.deliver_due() == 1
        assert heard == [("b", 3)]
        go_on.set()
        thread.join(10)
        relay.deliver_due()
    assert heard == [("b", 3), ("a", 1), ("a", 2)]
