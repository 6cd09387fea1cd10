"""Backups over HTTP: asked for once, by whom that is allowed, done by a worker, told with progress."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from yiwang.core.accounts.tests.people import Browser, person
from yiwang.core.actor import system
from yiwang.core.audit.models import Entry
from yiwang.core.errors import Conflict
from yiwang.core.jobs import actions, long
from yiwang.core.jobs.declare import Progress, long_job
from yiwang.core.jobs.models import LongJob

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(settings: Any, tmp_path: Path) -> Browser:
    settings.BACKUP_DIR = tmp_path / "backups"
    return Browser(person("admin", "system.view_state", "system.run_work"))


def test_a_backup_is_asked_for_once_at_a_time_and_on_the_record(admin: Browser) -> None:
    begun = admin.post("/system/backups")
    assert begun.status_code == 202, begun.content
    assert (begun.json()["state"], begun.json()["kind"]) == ("waiting", "system.back_up")
    again = admin.post("/system/backups")
    assert (again.status_code, again.json()["code"]) == (409, "job_under_way")
    shown = admin.get("/system/backups").json()
    assert [job["id"] for job in shown["under_way"]] == [begun.json()["id"]]
    assert shown["items"] == []
    assert Entry.objects.get(action="system.back_up").object_id == begun.json()["id"]


@pytest.mark.parametrize("name", ["..", "20260101-000000-abcd", "x"])
def test_only_a_backup_that_is_there_is_checked(admin: Browser, name: str) -> None:
    assert admin.post(f"/system/backups/{name}/check").status_code == 404
    assert admin.post("/system/backups/x/burn").status_code == 422


def test_who_sees_does_not_run_and_others_do_not_see(admin: Browser) -> None:
    viewer = Browser(person("viewer", "system.view_state"))
    assert viewer.get("/system/backups").status_code == 200
    assert viewer.post("/system/backups").status_code == 403
    assert Browser(person("clerk")).get("/system/backups").status_code == 403


def test_a_backup_that_cannot_be_read_is_shown_as_such(admin: Browser, tmp_path: Path) -> None:
    (tmp_path / "backups" / "20260101-000000-abcd").mkdir(parents=True)
    [shown] = admin.get("/system/backups").json()["items"]
    assert (shown["id"], shown["made_at"], shown["damaged"] != "") == ("20260101-000000-abcd", None, True)


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> str:
    """A kind of long work of the test's own."""
    monkeypatch.setattr(long, "_kinds", {})

    @long_job("tests.count")
    def count(job: LongJob, progress: Progress) -> dict[str, int]:
        progress.say(1, 2, "half")
        if job.subject == "broken":
            raise RuntimeError("no paper")
        return {"counted": 2}

    return "tests.count"


@pytest.mark.parametrize(
    ("subject", "state", "result", "reason"),
    [("fine", "done", {"counted": 2}, ""), ("broken", "failed", None, "no paper")],
)
def test_long_work_says_how_far_it_is_and_what_came_of_it(
    kind: str, subject: str, state: str, result: object, reason: str
) -> None:
    job = actions.begin(system("tests"), kind, subject=subject)
    with pytest.raises(Conflict):
        actions.begin(system("tests"), kind)
    long.do(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result, job.reason) == (state, result, reason)
    assert (job.done, job.total, job.stage) == (1, 2, "half")
    long.do(job.pk)  # sent again by a worker that did not hear of the end
    assert UUID(str(actions.begin(system("tests"), kind).pk)) != job.pk


def test_a_job_that_is_not_there(admin: Browser) -> None:
    answer = admin.get("/system/long-jobs/018f0000-0000-7000-8000-000000000000")
    assert (answer.status_code, answer.json()["code"]) == (404, "job_not_found")
