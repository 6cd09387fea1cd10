"""SIGKILL to web, worker and database while ten phones send 500 commands, half of them twice: each is there once."""

import time
from datetime import timedelta
from typing import Any

import pytest

from tests.kill.conftest import inside
from tests.kill.filing import Office
from tests.kill.inside import PASSWORD, SOURCE
from tests.kill.phoning import BATCH, PICTURED, Phone
from tests.kill.test_filings import spots
from tests.platform.conftest import wait_until
from tests.platform.running_platform import RunningPlatform

pytestmark = [pytest.mark.kill, pytest.mark.full]
PHONES, BATCHES_EACH = 10, 10
COMMANDS = PHONES * BATCHES_EACH * BATCH
KILLS = ((50, "web"), (120, "database"), (200, "web"), (260, "worker"), (320, "database"), (400, "web"))


@pytest.fixture(scope="module")
def phones(platform: RunningPlatform) -> list[Phone]:
    """All phones, after all commands and all kills; the clock of each is wrong by some days."""
    found = [
        Phone(
            platform.address,
            name,
            PASSWORD,
            spot,
            "component.telecom_cabinet",
            SOURCE,
            wrong_by=timedelta(days=number - 5),
        )
        for number, (name, spot) in enumerate(
            zip(inside(platform, "people", str(PHONES)), spots(), strict=False)
        )
    ]
    office = Office([*found], BATCHES_EACH)
    for thread in office.threads:
        thread.start()
    for acknowledged, name in KILLS:
        wait_until(lambda least=acknowledged: office.acknowledged >= least or not office.is_open, 180)
        wait_until(lambda killed=name: platform.numbers(killed), 60)
        platform.kill(name)
    for thread in office.threads:
        thread.join(240)
    assert not office.failures, office.failures
    wait_until(platform.answers, 60)
    return found


@pytest.fixture(scope="module")
def there(platform: RunningPlatform, phones: list[Phone]) -> Any:
    """What is in the database once the worker has caught up."""
    give_up_at = time.monotonic() + 180
    while True:
        counts = inside(platform, "counts")
        if not counts["pending"] and not counts["chain"]["waiting"]:
            return {**counts, **inside(platform, "commands")}
        assert time.monotonic() < give_up_at, counts["chain"]
        time.sleep(1)


def test_every_command_is_done_once_and_under_its_own_id(phones: list[Phone], there: Any) -> None:
    told = {case: number for phone in phones for case, number in phone.filed.items()}
    assert len(told) == COMMANDS
    assert there["cases"] == told
    assert len(set(told.values())) == COMMANDS
    assert sum(phone.retries for phone in phones) > 0
    assert set(there["entries"].values()) == {1}
    assert sum(there["photos"].values()) == COMMANDS // PICTURED


def test_each_phone_was_heard_in_its_order(phones: list[Phone], there: Any) -> None:
    for phone in phones:
        assert there["by_device"][phone.device] == phone.sent


def test_a_clock_wrong_by_days_tells_no_wrong_hour(there: Any) -> None:
    """Each counts about a quarter of an hour before it was taken in, but for the time that its batch was retried."""
    assert len(there["ages_s"]) == COMMANDS
    assert all(15 * 60 - 130 <= age <= 15 * 60 + 130 for age in there["ages_s"])
