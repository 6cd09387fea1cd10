"""Rosters over HTTP: the empty table, a look at what a filled one would do, and the doing."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.http import HttpResponse
from ninja import File
from ninja.files import UploadedFile

from yiwang.core.accounts.access import MANAGE_USERS, REORGANISE
from yiwang.core.errors import Invalid
from yiwang.core.http.routes import ActingRequest, Router
from yiwang.core.rosters import actions, template, units
from yiwang.core.rosters.schemas import RosterReport, UnitReport

router = Router(tags=["rosters"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SHOWN = 200
SHEET = {
    200: {"description": "The table", "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get("/rosters/template", permission=MANAGE_USERS, response=None, openapi_extra={"responses": SHEET})
def get_roster_template(request: ActingRequest) -> HttpResponse:
    """The empty table, with the units, posts and roles that can be written in it."""
    return _sheet("people.xlsx", template.workbook(request.actor))


@router.post("/rosters/preview", permission=MANAGE_USERS, response=RosterReport)
def preview_roster(request: ActingRequest, file: File[UploadedFile]) -> object:
    """What bringing the table in would do, row by row; nothing changes."""
    with _kept(file) as path:
        return present(actions.look(request.actor, path, actions.bring_in))


@router.post("/rosters", permission=MANAGE_USERS, response=RosterReport)
def bring_in_roster(request: ActingRequest, file: File[UploadedFile]) -> object:
    """Make the people of a table, each with a post and a link to set a password, which only this answer shows."""
    request.shows_secret = True  # type: ignore[attr-defined]
    with _kept(file) as path:
        report = actions.bring_in(request.actor, path)
    links = [
        {"username": row.texts["username"].lower(), "name": row.texts["name"], "path": row.path}
        for row in report.lines
        if row.path
    ]
    return {**present(report), "links": links}


@router.get(
    "/rosters/units/template", permission=REORGANISE, response=None, openapi_extra={"responses": SHEET}
)
def get_unit_template(request: ActingRequest) -> HttpResponse:
    """The empty table of units, with what can be written in it."""
    return _sheet("units.xlsx", template.unit_workbook())


@router.post("/rosters/units/preview", permission=REORGANISE, response=UnitReport)
def preview_units(request: ActingRequest, file: File[UploadedFile]) -> object:
    """What bringing a table of units in would do, row by row; nothing changes."""
    with _kept(file) as path:
        return present_units(actions.look(request.actor, path, units.bring_in))


@router.post("/rosters/units", permission=REORGANISE, response=UnitReport)
def bring_in_units(request: ActingRequest, file: File[UploadedFile]) -> object:
    """Make the units of a table with their posts; a faulty row stops no other."""
    with _kept(file) as path:
        return present_units(units.bring_in(request.actor, path))


def _sheet(name: str, content: bytes) -> HttpResponse:
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@contextmanager
def _kept(file: UploadedFile) -> Iterator[Path]:
    """An upload as a file on disk, for as long as it is read. Raises Invalid `file_too_large`."""
    if (file.size or 0) > actions.MOST_BYTES:
        raise Invalid("file_too_large", "文件太大。", field="file")
    with tempfile.TemporaryDirectory() as folder:
        path = (
            Path(folder) / "roster.xlsx"
        )  # a workbook is opened by its name only; other tables are known by their bytes
        with path.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        yield path


def present(report: actions.Report) -> dict[str, object]:
    """A report on the wire."""
    return {**_counted(report, ("username", "name", "unit", "post")), "links": []}


def present_units(report: actions.Report) -> dict[str, object]:
    """A report on units on the wire."""
    return _counted(report, ("name", "code", "parent", "posts"))


def _counted(report: actions.Report, fields: tuple[str, ...]) -> dict[str, object]:
    faulty = [line for line in report.lines if line.became == "fault"]
    fine = [line for line in report.lines if line.became != "fault"][:MOST_SHOWN]
    return {
        "new": report.count("new"),
        "posts": report.count("post"),
        "same": report.count("same"),
        "faulty": len(faulty),
        "lines": [_line(line, fields) for line in (*faulty, *fine)],
    }


def _line(line: actions.Line, fields: tuple[str, ...]) -> dict[str, object]:
    said = {name: line.texts.get(name, "") for name in fields}
    faults = [
        {"field": fault.field or "", "code": fault.code, "message": fault.message} for fault in line.faults
    ]
    return {"line": line.line, **said, "became": line.became, "faults": faults}
