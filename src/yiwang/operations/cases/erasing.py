"""A reporter goes out of what people wrote into cases: the reported one, those bound to it, and any with the number."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from yiwang.core.erasing import Erasure, erases, holding, mask_rows
from yiwang.operations.cases.models import Answer, Approval, Case, CasePhoto, Reporter, Request, Step, Task
from yiwang.operations.cases.rules.words import spellings, without_person


def erasure_of(case_id: UUID, reporter: Reporter) -> Erasure:
    """What must go with a reporter, read before their row is emptied.

    Other cases that the same number reported are spared: there it is that reporter's own, and goes with them.
    """
    name, phone = reporter.name, reporter.phone
    same = Reporter.objects.filter(phone=phone).exclude(case=case_id) if phone else Reporter.objects.none()
    spared = frozenset(same.values_list("case_id", flat=True))
    return Erasure(
        objects=_bound_with(case_id) - spared | {case_id} | _files_of(case_id),
        certain=spellings(phone),
        mask=lambda text: without_person(text, name, phone),
        spared=spared,
    )


def _bound_with(case_id: UUID) -> frozenset[UUID]:
    bound = Case.objects.filter(Q(main_case=case_id) | Q(bound=case_id))
    return frozenset(bound.values_list("pk", flat=True))


def _files_of(case_id: UUID) -> frozenset[UUID]:
    return frozenset(CasePhoto.objects.filter(case=case_id).values_list("file_id", flat=True))


@erases("cases.case")
def erase_cases(erasure: Erasure) -> int:
    """What was reported, and where."""
    return _mask(Case.objects.all(), "pk", ("description", "address"), erasure)


@erases("cases.task")
def erase_tasks(erasure: Erasure) -> int:
    """What was to be done, and what was."""
    return _mask(Task.objects.all(), "case", ("instruction", "result"), erasure)


@erases("cases.request")
def erase_requests(erasure: Erasure) -> int:
    """Why something was asked for."""
    return _mask(Request.objects.all(), "case", ("reason",), erasure)


@erases("cases.approval")
def erase_approvals(erasure: Erasure) -> int:
    """Why it was given or not."""
    return _mask(Approval.objects.all(), "request__case", ("note",), erasure)


@erases("cases.step")
def erase_steps(erasure: Erasure) -> int:
    """What was said with a step, and what the source of an imported one said."""
    return _mask(Step.objects.all(), "case", ("note", "data"), erasure)


@erases("cases.answer")
def erase_answers(erasure: Erasure) -> int:
    """What was told, also where it went with the cases that are bound to one."""
    words = ("text", "told_note")
    went = Answer.objects.filter(of_case__in=erasure.objects)
    return _mask(Answer.objects.all(), "case", words, erasure) + len(mask_rows(went, words, erasure))


def _mask(rows: QuerySet[Any], case: str, fields: tuple[str, ...], erasure: Erasure) -> int:
    held = holding(rows, erasure.certain, fields).exclude(**{f"{case}__in": erasure.spared})
    concerned = Q(**{f"{case}__in": erasure.objects}) | Q(pk__in=held.values("pk"))
    return len(mask_rows(rows.filter(concerned), fields, erasure))
