"""Why somebody may do something, or sees something: each of their assignments, and by which part it covers.

Nothing is decided here: the answer puts the same questions that access does, one assignment at a time.
"""

from dataclasses import dataclass

from yiwang.core.accounts import queries
from yiwang.core.accounts.access import MANAGE_USERS
from yiwang.core.accounts.declare import Covered, Explainer, explainer
from yiwang.core.accounts.models import User
from yiwang.core.actor import Actor, Scope
from yiwang.core.errors import Invalid, NotFound


@dataclass(frozen=True, slots=True)
class Reason:
    """One assignment: whether it holds the permission (`is_withheld`: the absent person's does, but that is personal),
    and what of it covers the object, where one is asked about."""

    scope: Scope
    has_permission: bool
    is_withheld: bool
    covered: Covered | None

    @property
    def covers(self) -> bool:
        """Whether this assignment alone is enough."""
        return self.has_permission and (self.covered is None or self.covered.is_covered)


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether it is so, and why. `besides` is the code of a ground that lies in no assignment (they reported it)."""

    may: bool
    is_closed: bool
    permission: str
    reasons: tuple[Reason, ...]
    besides: str = ""


def explain(
    asker: Actor, person: User, *, permission: str = "", object_type: str = "", name: str = ""
) -> Answer:
    """Why a person has a permission, or sees the object of a name (a case's number).

    Raises Invalid `unknown_permission`, `unknown_object_type`, NotFound `object_not_found` (also when neither of the
    two sees it: who asks does not learn that there is one, unless they manage the people of the whole district).
    """
    about = explainer(object_type) if object_type else None
    if object_type and about is None:
        raise Invalid("unknown_object_type", "不能查询这类对象。", field="object_type")
    wanted = about.permission if about else permission
    if wanted not in queries.all_permissions():
        raise Invalid("unknown_permission", "没有这项权限。", field="permission")
    found = about.find(name) if about else None
    actor = queries.actor_for_user(person.pk)
    missing = NotFound("object_not_found", "没有找到，请核对编号。", field="object")
    if about and found is None:
        raise missing
    answer = _answer(actor, wanted, about, found)
    may_know = answer.may or asker.can_everywhere(MANAGE_USERS)
    if about and not (may_know or _answer(asker, wanted, about, found).may):
        raise missing
    return answer


def _answer(actor: Actor | None, wanted: str, about: Explainer | None, found: object) -> Answer:
    if actor is None:
        return Answer(may=False, is_closed=True, permission=wanted, reasons=())
    reasons = tuple(_reason(scope, wanted, about, found) for scope in actor.assignments)
    besides = about.besides(actor, found) if about else ""
    may = any(reason.covers for reason in reasons) or bool(besides)
    return Answer(may, is_closed=False, permission=wanted, reasons=reasons, besides=besides)


def _reason(scope: Scope, permission: str, about: Explainer | None, found: object) -> Reason:
    lent = scope.on_behalf_of is not None
    has = permission in scope.permissions
    withheld = lent and not has and permission in queries.role_permissions(scope.role)
    return Reason(scope, has, withheld, about.covered(scope, found) if about else None)
