"""`yiwang createadmin`: the way in to a database without people."""

from contextlib import nullcontext

import pytest
from click.testing import CliRunner

from yiwang.core.accounts import actions, queries
from yiwang.core.accounts.models import User
from yiwang.core.accounts.tests.people import Browser, unit
from yiwang.core.audit.models import Entry
from yiwang.project.cli import createadmin as command

pytestmark = pytest.mark.django_db
PASSWORD = "Brave-Otter-31"


@pytest.fixture(autouse=True)
def founded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "reachable_database", nullcontext)
    from yiwang.core.accounts import seed

    actions.found(kind="real", district_code="420117", district_name="新洲区")
    seed.load()


def test_the_first_administrator_sets_a_password_and_manages_people() -> None:
    unit("root")
    told = CliRunner().invoke(command.createadmin, input="wang\n王芳\n")
    assert told.exit_code == 0, told.output
    token = told.output.split("/set-password#")[1].split()[0]
    browser = Browser()
    assert browser.post("/password-links/use", {"token": token, "new": PASSWORD}).status_code == 204
    assert browser.post("/session", {"username": "wang", "password": PASSWORD}).status_code == 200
    assert browser.get("/staff").json()["items"][0]["name"] == "王芳"
    actor = queries.actor_for_user(User.objects.get(username="wang").pk)
    assert actor is not None
    assert actor.assignments[0].areas == (queries.district_code(),)
    assert {row.actor_name for row in Entry.objects.filter(action="accounts.create_user")} == {"createadmin"}


def test_another_one_is_asked_about_and_mistakes_are_told() -> None:
    empty = CliRunner().invoke(command.createadmin, ["--username", "a1", "--name", "甲"])
    assert (empty.exit_code, "yiwang seed" in empty.output) == (1, True)
    unit("root")
    assert CliRunner().invoke(command.createadmin, ["--username", "a1", "--name", "甲"]).exit_code == 0
    asked = CliRunner().invoke(command.createadmin, ["--username", "a2", "--name", "乙"], input="n\n")
    assert (asked.exit_code, "甲" in asked.output) == (1, True)
    sure = CliRunner().invoke(command.createadmin, ["--username", "a2", "--name", "乙", "--yes"])
    assert sure.exit_code == 0
    twice = CliRunner().invoke(command.createadmin, ["--username", "a2", "--name", "乙", "--yes"])
    assert (twice.exit_code, "已被使用" in twice.output) == (1, True)
    assert not User.objects.filter(username="a3").exists()
