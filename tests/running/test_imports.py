"""A table uploaded on screen: brought in by a worker in the person's name, every bad row told, nothing for others."""

import os
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from procrastinate.contrib.django.models import ProcrastinateJob

from yiwang.core.accounts.tests.people import Browser, person
from yiwang.core.ids import uuid7
from yiwang.core.imports.models import Run
from yiwang.core.imports.tasks import forget_left_tables
from yiwang.core.jobs import long
from yiwang.core.jobs.models import LongJob
from yiwang.operations.cases.models import Case
from yiwang.operations.cases.tests.conftest import district

__all__ = ["district"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("district")]
ROWS = b"""source,id,created,closed,status,type
a,1,2020-01-01,2020-01-02,Closed,Pothole
a,2,2020-01-02,2020-01-01,Closed,x
"""


@pytest.fixture
def admin(settings: Any, tmp_path: Path) -> Browser:
    settings.FILES_DIR = tmp_path / "files"
    return Browser(person("admin", "imports.bring_in"))


def upload(
    browser: Browser, content: bytes, mapping: str = "service_requests_311", name: str = "表.csv"
) -> Any:
    """As the form does."""
    sent = {"file": SimpleUploadedFile(name, content), "target": "cases", "mapping": mapping}
    headers = {"X-CSRFToken": browser.client.cookies["csrftoken"].value, "Idempotency-Key": str(uuid7())}
    return browser.client.post("/api/v1/imports/runs", sent, headers=headers)


def left(tmp_path: Path) -> list[Path]:
    """The tables that lie aside."""
    return [one for one in (tmp_path / "files" / "aside").rglob("*") if one.is_file()]


def test_a_table_is_brought_in_and_its_bad_rows_are_told(admin: Browser, tmp_path: Path) -> None:
    names = [one["name"] for one in admin.get("/imports/mappings").json()["items"]]
    assert "service_requests_311" in names
    begun = upload(admin, ROWS)
    assert begun.status_code == 202, begun.content
    long.do(UUID(begun.json()["job"]))
    job = LongJob.objects.get(pk=begun.json()["job"])
    assert (job.state, job.result and job.result["loaded"]) == ("done", 1), job.reason
    assert Case.objects.count() == 1
    [run] = admin.get("/imports/runs").json()["items"]
    assert (run["file_name"], run["loaded"], run["faulty"], run["state"]) == ("表.csv", 1, 1, "done")
    assert run["started_by_name"] == "人admin"
    [fault] = admin.get(f"/imports/runs/{run['id']}/faults").json()["items"]
    assert (fault["line"], fault["field"]) == (3, "ended_at")
    assert left(tmp_path) == []
    report = admin.get(f"/imports/runs/{run['id']}/report")
    page = openpyxl.load_workbook(BytesIO(report.content)).active
    assert page is not None
    row = dict(zip([c.value for c in page[1]], [c.value for c in page[2]], strict=True))
    assert (row["id"], row["导入:行号"]) == ("2", "3")
    assert admin.get(f"/imports/jobs/{job.pk}").json()["state"] == "done"
    assert "attachment" in report["Content-Disposition"]
    assert b"2020-01-02" in admin.get(f"/imports/runs/{run['id']}/report", format="csv").content


def test_what_cannot_be_read_says_why(admin: Browser) -> None:
    begun = upload(admin, b"a,b\n1,2\n")
    long.do(UUID(begun.json()["job"]))
    job = LongJob.objects.get(pk=begun.json()["job"])
    assert job.state == "failed"
    assert "has no column" in job.reason
    assert not Run.objects.exists()


def test_no_mapping_but_a_shipped_one_and_no_empty_file(admin: Browser) -> None:
    for name in ("../../x", "/etc/passwd", "none"):
        assert upload(admin, ROWS, name).json()["code"] == "unknown_mapping"
    assert upload(admin, b"").status_code == 422
    assert upload(admin, ROWS).status_code == 202
    assert upload(admin, ROWS).json()["code"] == "job_under_way"


def test_a_long_chinese_name_is_only_a_name(admin: Browser) -> None:
    name = f"{'城' * 100}.csv"
    long.do(UUID(upload(admin, ROWS, name=name).json()["job"]))
    assert Run.objects.get().file_name == name


def test_a_table_that_will_not_be_brought_in_does_not_stay(
    tmp_path: Path, admin: Browser, django_capture_on_commit_callbacks: Any
) -> None:
    """Refused beside another, called off while it waits, lost by its worker, cut off before its job was kept."""
    upload(admin, ROWS)
    [first] = left(tmp_path)
    assert upload(admin, ROWS).json()["code"] == "job_under_way"
    assert left(tmp_path) == [first]
    runner = Browser(person("runner", "system.run_work"))
    with django_capture_on_commit_callbacks(execute=True):
        assert runner.post(f"/system/jobs/{ProcrastinateJob.objects.get().pk}/cancel").status_code == 204
    assert left(tmp_path) == []

    upload(admin, ROWS)
    [waiting] = left(tmp_path)
    stray = waiting.with_name(str(uuid7()))
    stray.write_bytes(ROWS)
    assert forget_left_tables() == 0
    for file in (waiting, stray):
        os.utime(file, (0, 0))
    assert forget_left_tables() == 1
    assert left(tmp_path) == [waiting]
    ProcrastinateJob.objects.all()._raw_delete("default")
    with django_capture_on_commit_callbacks(execute=True):
        assert long.settle_lost() == 1
    assert left(tmp_path) == []


def test_others_see_nothing(admin: Browser) -> None:
    clerk = Browser(person("onlooker", "cases.view_case"))
    assert clerk.get("/imports/runs").status_code == 403
    assert upload(clerk, ROWS).status_code == 403
    assert admin.get(f"/imports/runs/{uuid7()}/faults").status_code == 404
