"""What may happen to a case, decided without a database, a clock or a network.

`decide` is the whole of it: the table, the facts of the case, who acts and what is given go in; the row of
the table that applies, with the task or request that it is for, comes out, or a refusal that says why.
"""

from yiwang.core.masking import masked_name, masked_phone
from yiwang.operations.cases.rules.decide import (
    EVIDENCE,
    NOTE_LIMIT,
    PHOTOS_PER_STEP,
    allowed,
    blocking,
    candidates,
    check_given,
    decide,
    lands,
    may,
    opening,
    own,
)
from yiwang.operations.cases.rules.facts import (
    CHECK,
    HANDLE,
    OPEN_TASK,
    SIGN,
    SUPERVISE,
    VERIFY,
    Asked,
    Chosen,
    Facts,
    Given,
    MainCase,
    Photo,
    TaskFact,
    holds,
    reaches_area,
    reaches_task,
)
from yiwang.operations.cases.rules.guards import CONDITIONS, GUARDS
from yiwang.operations.cases.rules.words import bounded_claim, case_number

__all__ = [
    "CHECK",
    "CONDITIONS",
    "EVIDENCE",
    "GUARDS",
    "HANDLE",
    "NOTE_LIMIT",
    "OPEN_TASK",
    "PHOTOS_PER_STEP",
    "SIGN",
    "SUPERVISE",
    "VERIFY",
    "Asked",
    "Chosen",
    "Facts",
    "Given",
    "MainCase",
    "Photo",
    "TaskFact",
    "allowed",
    "blocking",
    "bounded_claim",
    "candidates",
    "case_number",
    "check_given",
    "decide",
    "holds",
    "lands",
    "masked_name",
    "masked_phone",
    "may",
    "opening",
    "own",
    "reaches_area",
    "reaches_task",
]
