"""A reporter's values: how they enter the audit so that they can be erased, and their erasure.

The chain holds digests under the reporter's own key; the values stand beside it, encrypted (docs/adr/0005). Erasing
destroys key and values, empties the reporter's row, and masks name and number where they stand in the case's own
words. That it was done, when, by whom and why, stays.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict, Invalid
from yiwang.core.http.once import forget_answers_about
from yiwang.operations.cases import access, store
from yiwang.operations.cases.dossier import Dossier
from yiwang.operations.cases.models import Answer, Approval, Reporter, Step
from yiwang.operations.cases.outside import write_down
from yiwang.operations.cases.personal import personal_of
from yiwang.operations.cases.rules.words import without_person

__all__ = ["erase_reporter", "personal_of"]

ERASE = "cases.erase_reporter"
VERB = "erase_reporter"


@transaction.atomic
def erase_reporter(actor: Actor, case_id: UUID, *, reason: str) -> None:
    """Erase who reported a case.

    Raises NotFound, Refused `permission_denied` (the case lies elsewhere), Invalid `required` / `names_the_person`
    (reason), Conflict `no_reporter`. Effects: a step, audit entries, `case.advanced`.
    """
    dossier = store.lock_for(actor, case_id)
    scope = access.scope_over(actor, ERASE, dossier.case.area_code)
    reporter = Reporter.objects.select_for_update().filter(case=case_id).first()
    if reporter is None or reporter.erased_at is not None:
        raise Conflict("no_reporter", "这个案件没有报案人信息，或已经抹除。")
    reason = reason.strip()
    if not reason:
        raise Invalid("required", "请填写抹除依据。", field="reason")
    name, phone = reporter.name, reporter.phone
    if without_person(reason, name, phone) != reason:
        raise Invalid("names_the_person", "依据里不要写报案人的姓名或电话。", field="reason")
    audit.erase_person(actor.at(scope), reporter.subject_id)
    reporter.name = reporter.phone = ""
    reporter.erased_at = clock.now()
    reporter.save(update_fields=["name", "phone", "erased_at"])
    _mask_words(dossier, name, phone)
    # Answers kept for a day show what was on the page.
    forget_answers_about(str(case_id))
    write_down(dossier, actor, VERB, now=clock.now(), note=reason, data={}, scope=scope)


def _mask_words(dossier: Dossier, name: str, phone: str) -> None:
    """Name and number go out of what people wrote into this case, as far as they stand there as they were given."""
    case = dossier.case
    case.description = without_person(case.description, name, phone)
    case.address = without_person(case.address, name, phone)
    case.save(update_fields=["description", "address"])  # a step writes neither
    for task in dossier.tasks:
        task.instruction = without_person(task.instruction, name, phone)
        task.result = without_person(task.result, name, phone)
        dossier.touch(task)
    for request in dossier.requests:
        request.reason = without_person(request.reason, name, phone)
        dossier.touch(request)
    _mask(Step.objects.filter(case=case), "note", name, phone)
    _mask(Approval.objects.filter(request__case=case), "note", name, phone)
    # Also where these words went with the cases that are bound to this one.
    answers = Answer.objects.filter(Q(case=case) | Q(of_case=case))
    _mask(answers, "text", name, phone)
    _mask(answers, "told_note", name, phone)


def _mask(
    rows: QuerySet[Step] | QuerySet[Answer] | QuerySet[Approval], field: str, name: str, phone: str
) -> None:
    for row in rows:
        before = getattr(row, field)
        after = without_person(before, name, phone)
        if after != before:
            setattr(row, field, after)
            row.save(update_fields=[field])
