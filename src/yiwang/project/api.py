"""The one API: every room's routes under /api/v1."""

from typing import Any

from django.db import connection
from django.http import HttpRequest
from ninja import NinjaAPI, Schema
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.renderers import BaseRenderer
from pydantic_core import to_json

from yiwang.city.duty.api import router as duty
from yiwang.city.geo.api import router as geo
from yiwang.core.accounts.api import router as accounts
from yiwang.core.audit.api import router as audit
from yiwang.core.bookmarks.api import router as bookmarks
from yiwang.core.calendars.api import router as calendars
from yiwang.core.codes.api import router as codes
from yiwang.core.commands.api import router as commands
from yiwang.core.comments.api import router as comments
from yiwang.core.drafts.api import router as drafts
from yiwang.core.exports.api import router as exports
from yiwang.core.files.api import router as files
from yiwang.core.forms.api import router as forms
from yiwang.core.http import problems
from yiwang.core.http.problems import PROBLEM_JSON
from yiwang.core.http.routes import PUBLIC, Router
from yiwang.core.imports.api import router as imports
from yiwang.core.notify.api import router as notify
from yiwang.core.parameters.api import router as parameters
from yiwang.core.phrases.api import router as phrases
from yiwang.core.rosters.api import router as rosters
from yiwang.core.search.api import router as search
from yiwang.insight.evaluation.api import router as evaluation
from yiwang.operations.cases.api import router as cases
from yiwang.operations.duplicates.api import router as duplicates
from yiwang.operations.patrol.api import router as patrol
from yiwang.project.setup.api import router as setup
from yiwang.project.system.api import router as system
from yiwang.sensing.fleet.api import router as fleet


class Health(Schema):
    """Alive, with a database that answers."""

    status: str


class Json(BaseRenderer):
    """Answers as JSON by pydantic, which has the value in hand anyway and writes it several times as fast."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """The body in UTF-8."""
        return to_json(data)


class YiwangAPI(NinjaAPI):
    """django-ninja's API with operation ids that are the plain names of the functions."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The function's own name: the generated client reads like the code."""
        return operation.view_func.__name__

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The document, with errors under the media type that they really have (RFC 9457)."""
        schema = super().get_openapi_schema(**options)
        for path in schema["paths"].values():
            for operation in path.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= 400 and "application/json" in answer.get("content", {}):
                        answer["content"] = {PROBLEM_JSON: answer["content"]["application/json"]}
        return schema


api = YiwangAPI(
    title="Yiwang 一网",
    version="1",
    description="One platform on which a district runs its whole urban management.",
    openapi_url="openapi.json",
    docs_url=None,
    urls_namespace="api",
    renderer=Json(),
)
problems.install(api)

platform = Router(tags=["platform"])


@platform.get("/health", permission=PUBLIC, response=Health)
def health(request: HttpRequest) -> object:
    """Alive: the process answers and its database does too."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return {"status": "ok"}


for router in (
    platform,
    accounts,
    calendars,
    codes,
    files,
    notify,
    commands,
    comments,
    drafts,
    forms,
    phrases,
    rosters,
    bookmarks,
    exports,
    search,
    geo,
    duty,
    fleet,
    cases,
    duplicates,
    patrol,
    evaluation,
    parameters,
    audit,
    imports,
    system,
    setup,
):
    api.add_router("", router)
