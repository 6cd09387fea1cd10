"""The short one, for every run: the web is killed while cases are walked and pictures come in parts.

On the test's own database, with nothing but the web process; `test_walks` does it with a whole platform.
"""

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.kill import inside
from tests.kill.walking import Plan, Town, agree
from tests.processes.conftest import Start, free_port, start, wait_until
from yiwang.core.accounts.tests.people import PASSWORD, person
from yiwang.operations.cases.tests import district as small

pytestmark = pytest.mark.kill
__all__ = ["start"]
CASES = 3


class Web:
    """The web process, started again whenever it is killed."""

    def __init__(self, start: Start, home: Path) -> None:
        self.port = free_port(following=1)
        self.address = f"http://127.0.0.1:{self.port}"
        self._start, self._home = start, home
        self.process: subprocess.Popen[bytes] | None = None
        self.begin()

    def begin(self) -> None:
        self.process = self._start(
            "yiwang.project.serving",
            "web",
            YIWANG_HOME=str(self._home),
            YIWANG_PORT=str(self.port),
            YIWANG_SECRET_KEY="s" * 40,
        )

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.address}/api/v1/health", timeout=2).status_code == 200
        except requests.RequestException:
            return False

    def kill(self) -> None:
        """SIGKILL to all of its processes at once; then a new one."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.begin()


@pytest.fixture
def web(start: Start, tmp_path: Path) -> Iterator[Web]:
    small.land()
    small.seeded()
    one = Web(start, tmp_path)
    wait_until(one.answers, 60)
    yield one
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("desk")]


def test_nothing_is_lost_or_doubled_when_the_web_is_killed_amid_steps_and_uploads(web: Web) -> None:
    district = small.build()
    see = ("cases.view_case", "files.upload_file")
    person("clerk2", *see, "cases.handle_case", at=district.unit)
    person("shift2", *see, "cases.register_case", "cases.close_case", areas=["420117"])
    plan = Plan(
        web.address,
        PASSWORD,
        small.CATEGORY,
        inside.SOURCE,
        district.condition.pk,
        district.unit.pk,
        *small.HERE,
    )
    town = Town(plan, ["acceptor"], ["shift", "shift2", "dispatcher", "clerk", "clerk2", "collector"], CASES)
    town.start()
    wait_until(lambda: town.steps >= 3 * CASES or not town.is_open, 60)
    web.kill()
    town.join()
    assert town.book.retries > 0
    agree(town.book, inside.walks(), CASES)
