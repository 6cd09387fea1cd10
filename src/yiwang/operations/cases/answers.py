"""Telling those who reported a case what became of it, and noting that they were told."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict, NotFound
from yiwang.operations.cases import access, store
from yiwang.operations.cases.models import Answer

TELL = "cases.visit_case"


@transaction.atomic
def tell(actor: Actor, case_id: UUID, answer_id: int, note: str) -> None:
    """Note that whoever reported the case was told; once.

    Raises NotFound, Refused `permission_denied`, Conflict `already_told` with who did.
    """
    dossier = store.lock_for(actor, case_id)
    scope = access.scope_over(actor, TELL, dossier.case.area_code)
    answer = Answer.objects.filter(case=case_id, pk=answer_id).first()
    if answer is None:
        raise NotFound("answer_not_found", "没有这条答复。")
    if answer.told_at is not None:
        raise Conflict("already_told", f"{answer.told_by_name}已经答复过了。", actor=answer.told_by_name)
    answer.told_at, answer.told_by_name, answer.told_note = clock.now(), actor.name, note.strip()
    answer.save(update_fields=["told_at", "told_by_name", "told_note"])
    audit.record(
        actor.at(scope),
        action="cases.tell_answer",
        object_type="case",
        object_id=str(case_id),
        before=None,
        after={"answer": answer.pk, "outcome": answer.outcome},
    )


def untold() -> Q:
    """Cases whose reporter is still to be told: one who is known, for nobody can call back an officer's own finding."""
    open_answers = Answer.objects.filter(told_at__isnull=True, case__reporter__erased_at__isnull=True)
    return Q(pk__in=open_answers.filter(case__reporter__isnull=False).values("case_id"))
