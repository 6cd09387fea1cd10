"""Exports over HTTP: ask, look how far it is, fetch, call off."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from ninja import Query, Status

from yiwang.core import clock
from yiwang.core.errors import Refused
from yiwang.core.exporting import Wanted, exported, exported_list
from yiwang.core.exports import access, actions
from yiwang.core.exports.models import Export
from yiwang.core.exports.schemas import Columns, ExportIn, ExportOut, Exports
from yiwang.core.http.paging import page
from yiwang.core.http.routes import SIGNED_IN, ActingRequest, Router

router = Router(tags=["exports"])

TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}


@router.get("/exports", permission=SIGNED_IN, response=Exports)
def list_exports(request: ActingRequest, after: str | None = None, limit: int = 20) -> object:
    """One's own, the newest first."""
    found = page(access.exports_of(request.actor), keys=("-asked_at", "-id"), after=after, limit=limit)
    return {"items": [shown(export) for export in found.items], "next": found.next}


@router.get("/exports/columns", permission=SIGNED_IN, response=Columns)
def list_export_columns(
    request: ActingRequest, list_key: Annotated[str, Query(alias="list", max_length=60)]
) -> object:
    """The columns with which a list can be written out."""
    listed = exported_list(list_key)
    if not listed.is_open_to(request.actor):
        raise Refused("not_allowed", "您没有查看这个列表的权限。")
    return {"items": list(listed.columns)}


@router.post("/exports", permission=SIGNED_IN, response={201: ExportOut})
def ask_for_export(request: ActingRequest, payload: ExportIn) -> object:
    """Have a list written out by the worker; needs the permission that the list itself needs."""
    query = {key: value for key, value in payload.query.items() if value is not None}
    wanted = Wanted(query, payload.sort, tuple(payload.columns), payload.language)
    order = actions.Order(payload.list_key, wanted, payload.form, tuple(payload.said))
    return Status(201, shown(actions.ask(request.actor, order)))


@router.get("/exports/{uuid:export_id}", permission=SIGNED_IN, response=ExportOut)
def show_export(request: ActingRequest, export_id: UUID) -> object:
    """How far one is."""
    return shown(access.get_export_for(request.actor, export_id))


@router.delete("/exports/{uuid:export_id}", permission=SIGNED_IN, response=ExportOut)
def stop_export(request: ActingRequest, export_id: UUID) -> object:
    """Call one off, or take its file away."""
    return shown(actions.stop(request.actor, export_id))


@router.get("/exports/{uuid:export_id}/file", permission=SIGNED_IN, response=None)
def fetch_export(request: ActingRequest, export_id: UUID) -> HttpResponseBase:
    """The finished table, for the one who asked for it."""
    export, pieces = actions.content(request.actor, export_id)
    answer = StreamingHttpResponse(pieces, content_type=TYPES[export.form])
    answer["Content-Length"] = str(export.size_bytes)
    answer["Content-Disposition"] = content_disposition_header(True, file_name(export)) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def file_name(export: Export) -> str:
    """案件列表-20261122-1530.xlsx."""
    at = export.asked_at.astimezone(clock.LOCAL)
    return f"{names(export)[export.language]}-{at:%Y%m%d-%H%M}.{export.form}"


def names(export: Export) -> dict[str, str]:
    """What the list is called; its key when it is offered no more."""
    listed = exported().get(export.list_key)
    return {"zh": listed.zh, "en": listed.en} if listed else {"zh": export.list_key, "en": export.list_key}


def shown(export: Export) -> dict[str, Any]:
    """An export as the wire shows it."""
    return {
        "id": export.pk,
        "list_key": export.list_key,
        "list_name": names(export),
        "form": export.form,
        "said": export.said,
        "state": export.state,
        "reason": export.reason,
        "total": export.total,
        "done": export.done,
        "size_bytes": export.size_bytes,
        "asked_at": export.asked_at,
        "ended_at": export.ended_at,
    }
