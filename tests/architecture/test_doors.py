"""A room is entered by its doors only."""

import pytest

from tests.architecture.doors import modules, wrong_ways

CASES = "yiwang.operations.cases"


def test_every_room_is_entered_by_its_doors() -> None:
    wrong = [way for name, file in modules() for way in wrong_ways(name, file.read_text())]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "line",
    [
        "from yiwang.core.audit import actions",
        "from yiwang.core.audit.models import Entry",
        "import yiwang.core.events.declare",
        "from yiwang.core import clock",
        "from yiwang.core.clock import now",
        "from yiwang.core.http.routes import Router",
        "from yiwang.operations.cases.lifecycle import anything",
        "from yiwang.core.calendars.rules import deadline",
        "from django.db import models",
    ],
)
def test_a_line_that_must_pass(line: str) -> None:
    assert wrong_ways(f"{CASES}.actions", line) == []


@pytest.mark.parametrize(
    "line",
    [
        "from yiwang.core.audit import sealer",
        "from yiwang.core.audit.sealer import seal",
        "from yiwang.core.audit import actions, rules",
        "import yiwang.core.audit.sealer",
        "from yiwang.core import audit",
        "from yiwang.core.accounts import api",
        "def late():\n    from yiwang.core.audit.rules import Walk",
    ],
)
def test_a_line_that_must_fail(line: str) -> None:
    assert len(wrong_ways(f"{CASES}.actions", line)) == 1


def test_the_project_may_mount_and_load() -> None:
    line = "from yiwang.core.accounts import api, seed"
    assert wrong_ways("yiwang.project.api", line) == []
    assert len(wrong_ways(f"{CASES}.actions", line)) == 2
