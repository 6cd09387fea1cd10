"""What a form asks, whether it was filled in well, what that scores: pure functions, the same as in the browser.

`web/src/shared/forms/declared/rules.ts` says the same in TypeScript; both are tested by `tests/cases.json`.
"""

from yiwang.core.forms.rules.answers import Fault, check, failed, is_filled, kept, pictures, visible
from yiwang.core.forms.rules.cells import answer_text, cells, columns
from yiwang.core.forms.rules.difference import Change, changes
from yiwang.core.forms.rules.scoring import Score, is_scored, score
from yiwang.core.forms.rules.shape import faults_of

__all__ = [
    "Change",
    "Fault",
    "Score",
    "answer_text",
    "cells",
    "changes",
    "check",
    "columns",
    "failed",
    "faults_of",
    "is_filled",
    "is_scored",
    "kept",
    "pictures",
    "score",
    "visible",
]
