"""What may want attention about cases: parts of the loop that nobody can do, classes with a newer shipped edition."""

from collections.abc import Iterator

from django.db.models import F, OuterRef, Subquery

from yiwang.core.actor import Actor
from yiwang.core.setup import Attention, Item
from yiwang.operations.cases.categories.models import Category
from yiwang.operations.cases.categories.queries import rulebook
from yiwang.operations.cases.setup import unstaffed


def loop(actor: Actor) -> Iterator[Item]:
    """Parts of the loop whose posts nobody holds: cases stop there."""
    parts = unstaffed()
    yield Item("cases.unstaffed", len(parts), "/admin/people", True, {"parts": parts})


def editions(actor: Actor) -> Iterator[Item]:
    """Classes of the district's own wording whose shipped edition is newer than the one that they were made from."""
    local = [row.pk for row in rulebook().classes.values() if row.version]
    newest = Category.objects.filter(key=OuterRef("key"), version=0).order_by("-rank").values("edition")[:1]
    rows = Category.objects.filter(pk__in=local).annotate(newest=Subquery(newest))
    n = rows.exclude(based_on="").exclude(newest=F("based_on")).count() if local else 0
    yield Item("cases.editions", n, "/admin/categories")


ATTENTION = (
    Attention("accounts.manage_user", loop),
    Attention("cases.edit_categories", editions),
)
