"""The printed file over HTTP."""

from typing import Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from yiwang.core.http.routes import ActingRequest, Router
from yiwang.operations.cases import access
from yiwang.operations.cases.printing import printed

router = Router(tags=["cases"])


@router.get("/cases/{uuid:case_id}/file.pdf", permission=access.VIEW, response=None)
def print_case(request: ActingRequest, case_id: UUID, lang: Literal["zh", "en"] = "zh") -> HttpResponse:
    """The whole file of a case as PDF (A4), with a record of who printed it."""
    number, content = printed.case_file(request.actor, case_id, lang)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(False, f"案卷-{number}.pdf") or "inline"
    answer["Cache-Control"] = "private, no-store"
    return answer
