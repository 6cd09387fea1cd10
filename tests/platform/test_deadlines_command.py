"""`yiwang deadlines` tells which marks could not fire, and fires them again."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from yiwang.core.deadlines.declare import Fired
from yiwang.core.deadlines.models import StuckMark
from yiwang.core.deadlines.tests.limits import MONDAY, kept, reminding
from yiwang.project.cli import deadlines

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own database is the one that the command reaches."""

    @contextmanager
    def reached() -> Iterator[None]:
        yield

    monkeypatch.setattr(deadlines, "reachable_database", reached)


@pytest.fixture
def stuck() -> StuckMark:
    return StuckMark.objects.create(
        deadline=kept(), mark="due", mark_at=MONDAY, reason="Traceback\nKeyError: 'x'", attempts=8, at=MONDAY
    )


def test_with_nothing_wrong_it_says_so() -> None:
    done = CliRunner().invoke(deadlines.deadlines, ["status"])
    assert done.exit_code == 0
    assert "0 limits run; 0 are due to fire\n" in done.output


def test_a_stuck_mark_is_told_with_its_reason(stuck: StuckMark) -> None:
    done = CliRunner().invoke(deadlines.deadlines, ["status"])
    assert done.exit_code == 1
    assert "1 limits run; 1 are due to fire, the oldest since 2025-11-03 08:00:00 UTC" in done.output
    assert f"{stuck.pk}  lamp:{stuck.deadline.owner_id}  burning  due" in done.output
    assert "KeyError: 'x'" in done.output


@pytest.mark.parametrize("by_number", [True, False])
def test_a_stuck_mark_is_fired_again(stuck: StuckMark, by_number: bool) -> None:
    seen: list[Fired] = []
    with reminding(seen.extend):
        done = CliRunner().invoke(deadlines.deadlines, ["fire", str(stuck.pk) if by_number else "--all"])
    assert done.exit_code == 0, done.output
    assert [mark.mark for mark in seen] == ["due"]


def test_one_that_fails_again_stays(stuck: StuckMark) -> None:
    def fail(fired: list[Fired]) -> None:
        raise KeyError("still")

    with reminding(fail):
        done = CliRunner().invoke(deadlines.deadlines, ["fire", "--all"])
    assert (done.exit_code, "0 marks fired, 1 failed again." in done.output) == (1, True)
    assert StuckMark.objects.filter(settled_at__isnull=True).exists()


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["1", "--all"], 2), (["999"], 1)])
def test_what_cannot_be_fired_is_refused(arguments: list[str], code: int) -> None:
    assert CliRunner().invoke(deadlines.deadlines, ["fire", *arguments]).exit_code == code
