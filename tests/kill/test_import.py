"""An import whose process is killed again and again comes to its end: no row is lost and none is doubled."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from tests.processes.conftest import database_url
from yiwang.core.imports.models import ExternalKey, Run
from yiwang.operations.cases.models import Case, Step
from yiwang.operations.cases.tests import district as small

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.kill]
ROWS, KILLS = 2500, 3
CHILD = """
import os, sys
from yiwang.project.preparation import set_up_django
set_up_django()
from pathlib import Path
from yiwang.core.actor import system
from yiwang.core.imports import actions, queries
from yiwang.core.imports.declare import target
wanted = target("cases")
actions.bring_in(system("test"), Path(sys.argv[1]), queries.mapping(wanted, "service_requests_311"),
                 actions.Options(chunk=100))
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "requests.csv"
    lines = ["source,id,created,closed,status,type"]
    lines += [f"a,{n},2020-01-01,2020-01-0{n % 3 + 1},Closed,Pothole" for n in range(ROWS)]
    path.write_text("\n".join(lines) + "\n")
    return path


def start(file: Path) -> "subprocess.Popen[bytes]":
    variables = {**os.environ, "YIWANG_DATABASE_URL": database_url()}
    return subprocess.Popen([sys.executable, "-c", CHILD, str(file)], env=variables, start_new_session=True)


def position() -> int:
    connection.close()
    return Run.objects.values_list("position", flat=True).first() or 0


def test_killed_imports_come_to_their_end(file: Path) -> None:
    small.land()
    small.seeded()
    for number in range(KILLS):
        before = position()
        child = start(file)
        give_up_at = time.monotonic() + 120
        while position() < before + 300 and child.poll() is None:
            assert time.monotonic() < give_up_at
            time.sleep(0.02)
        assert child.poll() is None, f"it ended before kill {number + 1}"
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    assert 0 < position() < ROWS
    assert start(file).wait(240) == 0
    connection.close()
    run = Run.objects.get()
    assert (run.state, run.position, run.loaded, run.present, run.faulty) == ("done", ROWS, ROWS, 0, 0)
    assert Case.objects.count() == ExternalKey.objects.count() == ROWS
    assert Step.objects.count() == 7 * ROWS
    assert len(set(Case.objects.values_list("number", flat=True))) == ROWS
