"""SIGKILL to the web in the middle of a batch that is sent again with its key: every case takes the step once."""

import threading
import time
from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.kill.conftest import inside
from tests.kill.filing import Desk
from tests.kill.inside import PASSWORD, SOURCE
from tests.platform.conftest import wait_until
from tests.platform.running_platform import RunningPlatform

pytestmark = [pytest.mark.kill, pytest.mark.full]
CASES, KILLS = 250, 3
PLACE = (114.8, 30.8667)


@pytest.fixture(scope="module")
def desk(platform: RunningPlatform) -> Desk:
    """An acceptor at work."""
    (name,) = inside(platform, "people", "1")
    return Desk(platform.address, name, PASSWORD, PLACE, "component.telecom_cabinet", SOURCE)


def filed(desk: Desk) -> list[dict[str, Any]]:
    """So many cases, as items of a batch."""
    wish = {
        "category": desk.category,
        "description": "箱体破损",
        "lon": PLACE[0],
        "lat": PLACE[1],
        "source": desk.source,
    }
    cases = [desk.insist("/cases", json=wish) for _ in range(CASES)]
    return [{"id": case["id"], "expected_version": case["version"]} for case in cases]


def sent(desk: Desk, batch: dict[str, Any], key: str) -> dict[str, Any] | None:
    """The answer to the batch; None when the line broke."""
    try:
        headers = desk.headers(key)
        answer = desk.session.post(
            f"{desk.address}/api/v1/cases/bulk", json=batch, headers=headers, timeout=120
        )
    except requests.RequestException:
        desk.session.close()
        return None
    told: dict[str, Any] | None = answer.json() if answer.status_code == 200 else None
    return told


def faults(told: dict[str, Any]) -> set[str]:
    return {str(row["problem"]) for row in told["results"] if not row["ok"]}


def test_killed_again_and_again_and_sent_again_every_case_takes_the_step_once(
    platform: RunningPlatform, desk: Desk
) -> None:
    items, key = filed(desk), str(uuid4())
    batch = {"verb": "urge", "note": "请尽快办理", "items": items}
    broken = 0
    for _ in range(KILLS):
        wait_until(platform.answers, 60)
        answers: list[Any] = []
        sending = threading.Thread(target=lambda got=answers: got.append(sent(desk, batch, key)))
        sending.start()
        time.sleep(0.8)
        platform.kill("web")
        sending.join(130)
        broken += answers == [None]
        wait_until(lambda: bool(platform.numbers("web")), 60)
    wait_until(platform.answers, 60)
    told = sent(desk, batch, key)
    assert told is not None
    assert (told["done"], told["failed"]) == (CASES, 0), faults(told)
    assert broken, "no batch was broken: the kills came too late"
    assert sum(row["replayed"] for row in told["results"]) > 0
    for item in items[:: CASES // 25]:
        case = desk.session.get(f"{desk.address}/api/v1/cases/{item['id']}", timeout=20).json()
        assert (case["urged_count"], [row["verb"] for row in case["timeline"]].count("urge")) == (1, 1)
    listed: set[int] = set()
    after = None
    while True:
        query = {"limit": 200, **({"after": after} if after else {})}
        page = desk.session.get(f"{desk.address}/api/v1/cases", params=query, timeout=20).json()
        listed |= {row["version"] for row in page["items"]}
        after = page["next"]
        if after is None:
            break
    assert listed == {items[0]["expected_version"] + 1}, "a case took the step twice or never"
