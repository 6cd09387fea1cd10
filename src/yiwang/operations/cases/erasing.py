"""A reporter goes out of what people wrote into cases: the reported one, those bound to it, and any with the number."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, Func, Model, Q, QuerySet, TextField

from yiwang.core.erasing import Erasure, erases, holding, mask_rows
from yiwang.operations.cases.models import Answer, Approval, Case, CasePhoto, Reporter, Request, Step, Task
from yiwang.operations.cases.rules.words import numbers, same_number, spellings, without_person


@dataclass(frozen=True, slots=True)
class Words:
    """Where words of a case stand: `case` leads from a row to its case."""

    model: type[Model]
    case: str
    fields: tuple[str, ...]

    def holding(self, erasure: Erasure) -> QuerySet[Any]:
        """The rows that hold something certain of the person, but those of spared cases."""
        held = holding(self.model._default_manager.all(), erasure.certain, self.fields)
        return held.exclude(**{f"{self.case}__in": erasure.spared})


CASES = Words(Case, "pk", ("description", "address"))
TASKS = Words(Task, "case", ("instruction", "result"))
REQUESTS = Words(Request, "case", ("reason",))
APPROVALS = Words(Approval, "request__case", ("note",))
STEPS = Words(Step, "case", ("note", "data"))
ANSWERS = Words(Answer, "case", ("text", "told_note"))


def erasure_of(case_id: UUID, reporter: Reporter) -> Erasure:
    """What must go with a reporter, read before their row is emptied.

    Other cases that the same number reported, however it is written there, are spared: there it is that reporter's
    own, and goes with them.
    """
    name, phone = reporter.name, reporter.phone
    spared = _reported_by(phone) - {case_id}
    return Erasure(
        objects=_bound_with(case_id) - spared | {case_id},
        certain=spellings(phone),
        mask=lambda text: without_person(text, name, phone),
        spared=spared,
        files=_files_of(case_id),
    )


def cases_reached(erasure: Erasure) -> set[UUID]:
    """The cases whose words an erasure goes over."""
    reached = set(erasure.objects)
    for words in (CASES, TASKS, REQUESTS, APPROVALS, STEPS, ANSWERS):
        reached.update(words.holding(erasure).values_list(words.case, flat=True))
    return reached


def _reported_by(phone: str) -> frozenset[UUID]:
    if not phone:
        return frozenset()
    rows = Reporter.objects.annotate(digits=_Digits(F("phone")))
    alike = rows.filter(phone=phone) | holding(rows, numbers(phone), ("digits",))
    known = alike.values_list("case_id", "phone")
    return frozenset(case_id for case_id, other in known if same_number(phone, other))


class _Digits(Func):
    """The digits of a text, full-width ones as plain ones; for the search only, the rules decide."""

    template = (
        "regexp_replace(translate(%(expressions)s, '０１２３４５６７８９', '0123456789'), '[^0-9]', '', 'g')"
    )
    output_field = TextField()


def _bound_with(case_id: UUID) -> frozenset[UUID]:
    bound = Case.objects.filter(Q(main_case=case_id) | Q(bound=case_id))
    return frozenset(bound.values_list("pk", flat=True))


def _files_of(case_id: UUID) -> frozenset[UUID]:
    return frozenset(CasePhoto.objects.filter(case=case_id).values_list("file_id", flat=True))


@erases("cases.case")
def erase_cases(erasure: Erasure) -> int:
    """What was reported, and where."""
    return _mask(CASES, erasure)


@erases("cases.task")
def erase_tasks(erasure: Erasure) -> int:
    """What was to be done, and what was."""
    return _mask(TASKS, erasure)


@erases("cases.request")
def erase_requests(erasure: Erasure) -> int:
    """Why something was asked for."""
    return _mask(REQUESTS, erasure)


@erases("cases.approval")
def erase_approvals(erasure: Erasure) -> int:
    """Why it was given or not."""
    return _mask(APPROVALS, erasure)


@erases("cases.step")
def erase_steps(erasure: Erasure) -> int:
    """What was said with a step, and what the source of an imported one said."""
    return _mask(STEPS, erasure)


@erases("cases.answer")
def erase_answers(erasure: Erasure) -> int:
    """What was told, also where it went with the cases that are bound to one."""
    went = Answer.objects.filter(of_case__in=erasure.objects)
    return _mask(ANSWERS, erasure) + len(mask_rows(went, ANSWERS.fields, erasure))


def _mask(words: Words, erasure: Erasure) -> int:
    concerned = Q(**{f"{words.case}__in": erasure.objects}) | Q(pk__in=words.holding(erasure).values("pk"))
    return len(mask_rows(words.model._default_manager.filter(concerned), words.fields, erasure))
