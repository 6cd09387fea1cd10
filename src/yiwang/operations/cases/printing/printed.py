"""Prints the whole file of a case, and writes down that it was printed."""

from hashlib import sha256
from uuid import UUID

from django.db import transaction

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict
from yiwang.operations.cases import store
from yiwang.operations.cases.printing import press
from yiwang.operations.cases.printing.gathering import gathered
from yiwang.operations.cases.printing.setting import pdf
from yiwang.operations.cases.printing.words import Words
from yiwang.operations.cases.store import Whole

# A long life of a case has some fifty; the paper of so many takes some twenty seconds to set.
MOST_ROWS = 500


def case_file(actor: Actor, case_id: UUID, language: str = "zh") -> tuple[str, bytes]:
    """The case's number and its file as PDF, in Chinese ("zh") or English ("en"), as this person may see it.

    The first `gathering.MOST_PICTURES` photos are printed, as many as are made ready in `gathering.PICTURES_S`
    seconds; all are listed with their fingerprints. Raises NotFound `case_not_found`, Conflict `case_file_too_long`
    (more than `MOST_ROWS` tasks, requests, steps and photos), TooMany `printing_busy`, Unavailable
    `printing_timed_out`.
    Writes an audit entry with the pages and the PDF's SHA-256: what was printed, by whom, and whether the reporter's
    name was on it.
    """
    whole = store.read_for(actor, case_id)
    _refuse_too_long(whole)
    words, case = Words(language), whole.dossier.case
    with press.place():
        values = gathered(actor, whole, words, clock.now())
        content, pages = pdf(values, words["page"])
    with transaction.atomic():
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


def _refuse_too_long(whole: Whole) -> None:
    rows = len(whole.dossier.tasks) + len(whole.dossier.requests) + len(whole.steps) + len(whole.photos)
    if rows > MOST_ROWS:
        message = f"案卷有 {rows} 条记录，超过可打印的 {MOST_ROWS} 条，请在案件页查阅。"
        raise Conflict("case_file_too_long", message, rows=rows, most=MOST_ROWS)
