"""Prints the whole file of a case, and writes down that it was printed."""

from hashlib import sha256
from uuid import UUID

from django.db import transaction

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.operations.cases import store
from yiwang.operations.cases.printing.gathering import gathered
from yiwang.operations.cases.printing.setting import pdf
from yiwang.operations.cases.printing.words import Words


@transaction.atomic
def case_file(actor: Actor, case_id: UUID, language: str = "zh") -> tuple[str, bytes]:
    """The case's number and its file as PDF, in Chinese ("zh") or English ("en"), as this person may see it.

    Raises NotFound `case_not_found`. Writes an audit entry with the pages and the PDF's SHA-256: what was printed,
    by whom, and whether the reporter's name was on it.
    """
    whole = store.read_for(actor, case_id)
    words, case = Words(language), whole.dossier.case
    values = gathered(actor, whole, words, clock.now())
    content, pages = pdf(values, words["page"])
    audit.record(
        actor,
        action="cases.print_case",
        object_type="case",
        object_id=str(case.pk),
        before=None,
        after={
            "number": case.number,
            "version": case.version,
            "language": language,
            "pages": pages,
            "reporter_masked": values["reporter_masked"],
            "sha256": sha256(content).hexdigest(),
        },
    )
    return case.number, content
