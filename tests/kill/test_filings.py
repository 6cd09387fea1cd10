"""SIGKILL to web, worker and database in the middle of 200 filings: each acknowledged one is there exactly once."""

import csv
import hashlib
import time
from typing import Any

import pytest

from tests.kill.conftest import inside
from tests.kill.filing import Desk, Office
from tests.kill.inside import PASSWORD, SOURCE
from tests.platform.conftest import wait_until
from tests.platform.running_platform import RunningPlatform
from yiwang.project.environment import CHECKOUT

pytestmark = [pytest.mark.kill, pytest.mark.full]
DESKS, CASES_EACH = 5, 40
FILINGS = DESKS * CASES_EACH
POINTS = CHECKOUT / "src" / "yiwang" / "project" / "districts" / "xinzhou" / "points.csv"
# What is killed when so many filings are acknowledged; the database twice, once while the web is coming back.
KILLS = ((25, "web"), (55, "worker"), (80, "database"), (115, "web"), (120, "database"), (150, "worker"))


def spots() -> list[tuple[float, float]]:
    """One point in each street."""
    lines = [line for line in POINTS.read_text().splitlines() if not line.startswith("#")]
    return [(float(row["lon"]), float(row["lat"])) for row in csv.DictReader(lines)]


@pytest.fixture(scope="module")
def office(platform: RunningPlatform) -> Office:
    """All desks, after all filings and all kills."""
    names = inside(platform, "people", str(DESKS))
    desks = [
        Desk(platform.address, name, PASSWORD, spot, "component.telecom_cabinet", SOURCE)
        for name, spot in zip(names, spots(), strict=False)
    ]
    office = Office(desks, CASES_EACH)
    for thread in office.threads:
        thread.start()
    for acknowledged, name in KILLS:
        wait_until(lambda least=acknowledged: office.acknowledged >= least or not office.is_open, 120)
        wait_until(lambda killed=name: platform.numbers(killed), 60)
        platform.kill(name)
    for thread in office.threads:
        thread.join(180)
    assert not office.failures, office.failures
    wait_until(platform.answers, 60)
    return office


@pytest.fixture(scope="module")
def found(platform: RunningPlatform, office: Office) -> Any:
    """What is in the database once the worker has caught up."""
    give_up_at = time.monotonic() + 120
    while True:
        counts = inside(platform, "counts")
        if not counts["pending"] and not counts["chain"]["waiting"]:
            return counts
        assert time.monotonic() < give_up_at, counts["chain"]
        time.sleep(1)


def test_every_filing_was_acknowledged_although_all_was_killed(
    platform: RunningPlatform, office: Office
) -> None:
    assert office.acknowledged == FILINGS
    assert sum(desk.retries for desk in office.desks) > 0
    for name in ("web", "worker", "database"):
        killed = platform.log.count(f"{name} was ended by SIGKILL; starting it again")
        assert killed == sum(1 for _, other in KILLS if other == name)


def test_each_acknowledged_case_is_there_exactly_once(office: Office, found: Any) -> None:
    acknowledged = {case: number for desk in office.desks for case, number in desk.filed.items()}
    assert found["cases"] == acknowledged
    assert len(set(acknowledged.values())) == FILINGS


def test_each_case_has_exactly_one_audit_entry_one_event_and_one_photo(found: Any) -> None:
    once = dict.fromkeys(found["cases"], 1)
    assert found["entries"] == once
    assert found["opened"] == once
    assert found["photos"] == once
    assert found["files"] == FILINGS


def test_each_event_took_effect_exactly_once(found: Any) -> None:
    assert found["dead_letters"] == 0
    assert len(found["delivered"]) >= FILINGS
    assert set(found["delivered"].values()) == {1}
    assert found["told_twice"] == []


def test_the_chain_is_whole_and_holds_every_entry(platform: RunningPlatform, found: Any) -> None:
    assert found["chain"]["ok"], found["chain"]["text"]
    assert found["chain"]["sealed"] == found["entries_in_all"]
    done = platform.yiwang("audit", "verify")
    assert (done.returncode, done.stdout[:3]) == (0, "OK:"), done.stdout + done.stderr


def test_each_photo_is_served_as_it_was_sent(office: Office) -> None:
    for desk in office.desks:
        for case, digest in list(desk.photos.items())[::8]:
            detail = desk.session.get(f"{desk.address}/api/v1/cases/{case}", timeout=30).json()
            [photo] = detail["photos"]
            content = desk.session.get(f"{desk.address}{photo['url']}", timeout=30)
            assert content.status_code == 200
            assert photo["sha256"] == digest == hashlib.sha256(content.content).hexdigest()
