"""By which part of an assignment somebody sees a case: `access.within` asked of one assignment and one case."""

from yiwang.core.accounts.declare import Covered
from yiwang.core.accounts.models import Unit
from yiwang.core.actor import Actor, Scope
from yiwang.operations.cases import access
from yiwang.operations.cases.lifecycle import Reach
from yiwang.operations.cases.models import Case


class CaseExplainer:
    """Cases are called by their number."""

    object_type = "case"
    permission = access.VIEW

    def find(self, name: str) -> Case | None:
        """The case of a number."""
        return Case.objects.filter(number=name.strip()).first()

    def covered(self, scope: Scope, found: Case) -> Covered:
        """By the unit of a task that lies in the scope's subtree, or by one of its areas."""
        row = Case.objects.filter(pk=found.pk)
        unit = area = ""
        if row.filter(access.within(scope, Reach.UNIT)).exists():
            below = Unit.objects.filter(pk__in=found.units, path__startswith=scope.unit_path)
            unit = below.values_list("short_name", flat=True).first() or "—"
        if row.filter(access.within(scope, Reach.AREA)).exists():
            area = next((one for one in scope.areas if one and found.area_code.startswith(one)), "—")
        return Covered(unit, area)

    def besides(self, actor: Actor, found: Case) -> str:
        """Who reported a case sees it, as long as they may see cases at all."""
        return "reported" if found.reported_by == actor.user_id and actor.can(access.VIEW) else ""


EXPLAINER = CaseExplainer()
