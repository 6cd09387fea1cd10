"""`yiwang events` tells what was given up, and lets it be tried again."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from django.db import transaction

from yiwang.core import clock
from yiwang.core.events import actions
from yiwang.core.events.models import DeadLetter, OutboxEvent
from yiwang.core.events.tests.factories import LampForgotten
from yiwang.project.cli import events

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own database is the one that the command reaches."""

    @contextmanager
    def reached() -> Iterator[None]:
        yield

    monkeypatch.setattr(events, "reachable_database", reached)


@pytest.fixture
def letter() -> DeadLetter:
    with transaction.atomic():
        actions.publish(LampForgotten("a"))
        number = OutboxEvent.objects.latest("pk").pk
    OutboxEvent.objects.filter(pk=number).update(state="dead")
    return DeadLetter.objects.create(
        event_id=number,
        handler="room.handlers.hear",
        reason="Traceback\nKeyError: 'x'",
        attempts=8,
        at=clock.now(),
    )


def test_with_nothing_wrong_it_says_so() -> None:
    done = CliRunner().invoke(events.events, ["status"])
    assert (done.exit_code, done.output) == (0, "0 events wait; 0 dead letters\n")


def test_a_dead_letter_is_told_with_its_reason(letter: DeadLetter) -> None:
    done = CliRunner().invoke(events.events, ["status"])
    assert done.exit_code == 1
    assert f"{letter.pk}  lamp.forgotten  lamp:a  room.handlers.hear" in done.output
    assert "KeyError: 'x'" in done.output


@pytest.mark.parametrize("by_number", [True, False])
def test_a_dead_letter_is_tried_again(letter: DeadLetter, by_number: bool) -> None:
    done = CliRunner().invoke(events.events, ["replay", str(letter.pk) if by_number else "--all"])
    assert done.exit_code == 0, done.output
    assert OutboxEvent.objects.get().state == "pending"
    letter.refresh_from_db()
    assert letter.replayed_at is not None


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["1", "--all"], 2), (["999"], 1)])
def test_what_cannot_be_replayed_is_refused(arguments: list[str], code: int) -> None:
    assert CliRunner().invoke(events.events, ["replay", *arguments]).exit_code == code
