"""Making ready: a post for each part of the loop, and classes with limits that somebody has looked through."""

from yiwang.core.accounts import queries as accounts
from yiwang.core.codes.declare import Confidence
from yiwang.core.setup import Finding, Found, Step
from yiwang.operations.cases.categories import queries as categories
from yiwang.operations.cases.categories.models import Category

# One permission of each line is needed, or cases stop there.
LOOP = {
    "report": ("cases.report_case", "cases.take_call"),
    "accept": ("cases.accept_case",),
    "register": ("cases.register_case",),
    "dispatch": ("cases.dispatch_case",),
    "handle": ("cases.handle_case",),
    "check": ("cases.check_case",),
    "close": ("cases.close_case",),
}


def unstaffed() -> list[str]:
    """The parts of the loop that nobody can do today."""
    return [
        part for part, needed in LOOP.items() if not any(accounts.holders(one).exists() for one in needed)
    ]


def staffed() -> Found:
    """Whether a case could go all the way."""
    missing = unstaffed()
    return Found(Finding.MISSING if missing else Finding.WELL, {"parts": missing})


def classes() -> Found:
    """Classes that stand on an unverified default only; the edition is looked through by a person."""
    rows = [row for row in categories.rulebook().classes.values() if row.active]
    unverified = sum(
        all(one.confidence == Confidence.UNVERIFIED_DEFAULT for one in row.conditions.all()) for row in rows
    )
    newest = Category.objects.filter(version=0).order_by("-rank").values_list("edition", flat=True).first()
    facts = {"edition": newest or "", "classes": len(rows), "unverified": unverified}
    facts["local"] = sum(row.version > 0 for row in rows)
    return Found(Finding.LOOK if rows else Finding.MISSING, facts, mark=newest or "")


STEPS = (
    Step("cases.staffed", 40, "/admin/people", staffed),
    Step("cases.classes", 60, "/admin/categories", classes),
)
