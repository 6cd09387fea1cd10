"""Bringing tables in, over HTTP."""

from typing import BinaryIO, Literal, cast
from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from ninja import File, Form, Status
from ninja.files import UploadedFile

from yiwang.core.http.paging import page
from yiwang.core.http.routes import ActingRequest, Everywhere, Router
from yiwang.core.http.schemas import LongJobOut
from yiwang.core.imports import declare, queries, uploading
from yiwang.core.imports.schemas import BegunOut, FaultPage, Mappings, RunPage

router = Router(tags=["imports"])
BRING = Everywhere("imports.bring_in")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BINARY = {"schema": {"type": "string", "format": "binary"}}
REPORT = {
    200: {
        "description": "The faulty rows",
        "content": {kind.split(";")[0]: BINARY for kind in TYPES.values()},
    }
}


@router.get("/imports/mappings", permission=BRING, response=Mappings)
def list_import_mappings(request: ActingRequest) -> object:
    """The ways in which tables can be brought in."""
    items = [
        {"target": target.key, "name": one.name, "title": one.title}
        for target in declare.targets()
        for one in queries.shipped_mappings(target)
    ]
    return {"items": items}


@router.get("/imports/runs", permission=BRING, response=RunPage)
def list_import_runs(request: ActingRequest, after: str | None = None) -> object:
    """Files that were brought in, newest first."""
    found = page(queries.runs(), keys=("-id",), after=after)
    return {"items": found.items, "next": found.next}


@router.post("/imports/runs", permission=BRING, response={202: BegunOut})
def bring_in_table(
    request: ActingRequest, file: File[UploadedFile], target: Form[str], mapping: Form[str]
) -> object:
    """Upload a table and let it be brought in by a worker; rows that are there already are passed over."""
    stream = cast(BinaryIO, file.file)
    job = uploading.upload(request.actor, stream=stream, name=file.name or "", target=target, mapping=mapping)
    return Status(202, {"job": job.pk})


@router.get("/imports/jobs/{job_id}", permission=BRING, response=LongJobOut)
def get_import_job(request: ActingRequest, job_id: UUID) -> object:
    """How far the table is that was uploaded last."""
    return uploading.get_job(job_id)


@router.get("/imports/runs/{run_id}/faults", permission=BRING, response=FaultPage)
def list_import_faults(request: ActingRequest, run_id: UUID, after: str | None = None) -> object:
    """The rows that were not brought in, by line, each with what to do about it."""
    found = page(queries.faults_of(queries.get_run(run_id)), keys=("line", "id"), after=after)
    return {"items": found.items, "next": found.next}


@router.get(
    "/imports/runs/{run_id}/report", permission=BRING, response=None, openapi_extra={"responses": REPORT}
)
def get_import_report(
    request: ActingRequest, run_id: UUID, format: Literal["xlsx", "csv"] = "xlsx"
) -> HttpResponse:
    """The faulty rows as a table, to be mended and brought in again."""
    name, content = uploading.report(run_id, excel=format == "xlsx")
    answer = HttpResponse(content, content_type=TYPES[format])
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Cache-Control"] = "no-store"
    return answer
