"""SIGKILL to web, worker and database while several desks walk many cases: every step is there exactly once."""

import hashlib
import time
from typing import Any

import pytest

from tests.kill.conftest import inside
from tests.kill.inside import PASSWORD, SOURCE
from tests.kill.test_filings import spots
from tests.kill.walking import Plan, Town, Walker, agree
from tests.platform.conftest import wait_until
from tests.platform.running_platform import RunningPlatform

pytestmark = [pytest.mark.kill, pytest.mark.full]
DESKS, CASES, STEPS = 2, 40, 7
# What is killed when so many steps are acknowledged; the database twice, once while the web is coming back.
KILLS = (
    (30, "web"),
    (60, "database"),
    (90, "worker"),
    (120, "web"),
    (125, "database"),
    (180, "web"),
    (230, "worker"),
)


@pytest.fixture(scope="module")
def town(platform: RunningPlatform) -> Town:
    """All desks, after all cases are closed and all kills are done."""
    told = inside(platform, "town", str(DESKS))
    lon, lat = spots()[0]
    plan = Plan(
        platform.address, PASSWORD, told["category"], SOURCE, told["condition_id"], told["unit_id"], lon, lat
    )
    people = told["people"]
    others = [name for role, names in people.items() if role != "acceptor" for name in names]
    town = Town(plan, people["acceptor"], others, CASES)
    town.start()
    for steps, name in KILLS:
        wait_until(lambda least=steps: town.steps >= least or not town.is_open, 180)
        wait_until(lambda killed=name: platform.numbers(killed), 60)
        platform.kill(name)
    town.join()
    wait_until(platform.answers, 60)
    return town


@pytest.fixture(scope="module")
def found(platform: RunningPlatform, town: Town) -> Any:
    """What is in the database once the worker has caught up."""
    give_up_at = time.monotonic() + 120
    while True:
        walks = inside(platform, "walks")
        if not walks["pending"] and not walks["waiting"]:
            return walks
        assert time.monotonic() < give_up_at, walks["chain"]
        time.sleep(1)


def test_every_case_was_walked_to_its_end_although_all_was_killed(
    platform: RunningPlatform, town: Town
) -> None:
    assert town.steps == CASES * STEPS
    assert town.book.retries > 0
    assert town.book.lost_races > 0, "two desks of a post met at a case"
    for name in ("web", "worker", "database"):
        killed = platform.log.count(f"{name} was ended by SIGKILL; starting it again")
        assert killed == sum(1 for _, other in KILLS if other == name)


def test_the_database_holds_exactly_what_was_acknowledged(town: Town, found: Any) -> None:
    agree(town.book, found, CASES)


def test_each_picture_is_served_as_it_was_sent(platform: RunningPlatform, town: Town) -> None:
    desk = Walker(town.plan, town.book, "shiftleader0")
    for case in sorted(town.book.closed)[::7]:
        [photo] = desk.send("GET", f"/cases/{case}").json()["photos"]
        content = desk.session.get(f"{platform.address}{photo['url']}", timeout=30)
        assert hashlib.sha256(content.content).hexdigest() == photo["sha256"]
        assert photo["sha256"] in town.book.pictures.values()
