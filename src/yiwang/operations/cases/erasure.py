"""A reporter's values: how they enter the audit so that they can be erased, and their erasure.

The chain holds digests under the reporter's own key; the values stand beside it, encrypted (docs/adr/0005). Erasing
destroys key and values, empties the reporter's row, and takes name and number out of every room's words through one
door (`core/erasing.py`). That it was done, when, by whom, why, and how many rows of which words it reached, stays.
"""

from uuid import UUID

from django.db import transaction

from yiwang.core import clock, erasing
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict, Invalid
from yiwang.operations.cases import access, store
from yiwang.operations.cases.erasing import cases_reached, erasure_of
from yiwang.operations.cases.models import Case, Reporter
from yiwang.operations.cases.outside import write_down
from yiwang.operations.cases.personal import personal_of

__all__ = ["erase_reporter", "personal_of"]

ERASE = "cases.erase_reporter"
VERB = "erase_reporter"


@transaction.atomic
def erase_reporter(actor: Actor, case_id: UUID, *, reason: str) -> None:
    """Erase who reported a case.

    Raises NotFound, Refused `permission_denied` (the case lies elsewhere), Invalid `required` / `names_the_person`
    (reason), Conflict `no_reporter`. Effects: a step, audit entries, `case.advanced`.
    """
    case = access.get_case_for(actor, case_id)
    scope = access.scope_over(actor, ERASE, case.area_code)
    _lock_reached(case_id)
    dossier = store.lock_for(actor, case_id)
    reporter = Reporter.objects.select_for_update().filter(case=case_id).first()
    if reporter is None or reporter.erased_at is not None:
        raise Conflict("no_reporter", "这个案件没有报案人信息，或已经抹除。")
    reason = reason.strip()
    if not reason:
        raise Invalid("required", "请填写抹除依据。", field="reason")
    erasure = erasure_of(case_id, reporter)
    if erasure.mask(reason) != reason:
        raise Invalid("names_the_person", "依据里不要写报案人的姓名或电话。", field="reason")
    audit.erase_person(actor.at(scope), reporter.subject_id)
    reporter.name = reporter.phone = ""
    reporter.erased_at = clock.now()
    reporter.save(update_fields=["name", "phone", "erased_at"])
    reached = erasing.reach(erasure)
    write_down(dossier, actor, VERB, now=clock.now(), note=reason, data={"reached": reached}, scope=scope)


def _lock_reached(case_id: UUID) -> None:
    """Lock the case and all others whose words are gone over, in the order in which every other step locks two.

    A step writes whole tasks and requests as it read them: one that is under way in any of these ends before, and none
    brings the old words back afterwards.
    """
    reporter = Reporter.objects.filter(case=case_id).first()
    reached = cases_reached(erasure_of(case_id, reporter)) if reporter else set()
    rows = Case.objects.filter(pk__in={case_id, *reached}).order_by("pk").select_for_update()
    list(rows.values_list("pk", flat=True))
