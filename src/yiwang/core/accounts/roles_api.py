"""Roles, what they may do, and why somebody may do something, over HTTP."""

from typing import Annotated
from uuid import UUID

from ninja import Path, Query

from yiwang.core.accounts import access, explaining, queries, roles
from yiwang.core.accounts.staff_schemas import RoleIn, RoleOut, Roles, WhyOut
from yiwang.core.http.routes import ActingRequest, Router

router = Router(tags=["accounts"])


@router.get("/roles", permission=access.MANAGE_USERS, response=Roles)
def list_roles(request: ActingRequest) -> object:
    """All roles with what they may do, beside the shipped edition, and all permissions."""
    declared = queries.all_permissions().values()
    return {
        "items": roles.listed(),
        "permissions": [{"key": p.key, "label": p.label, "personal": p.personal} for p in declared],
        "may_edit": request.actor.can_everywhere(access.EDIT_ROLE),
    }


@router.put("/roles/{key}", permission=access.EDIT_ROLE, response=RoleOut)
def change_role(request: ActingRequest, key: Path[str], payload: RoleIn) -> object:
    """Let a role have these permissions, for all who hold it, from now on."""
    row = roles.change(request.actor, key, **payload.dict())
    return next(one for one in roles.listed() if one["key"] == row.key)


@router.get("/staff/{uuid:user_id}/why", permission=access.MANAGE_USERS, response=WhyOut)
def explain_authority(
    request: ActingRequest,
    user_id: UUID,
    permission: Annotated[str, Query(max_length=80)] = "",
    object_type: Annotated[str, Query(max_length=30)] = "",
    object: Annotated[str, Query(max_length=100)] = "",
) -> WhyOut:
    """Why somebody has a permission, or sees an object (`object_type=case` and its number), by assignment."""
    person = access.get_staff_for(request.actor, user_id)
    found = explaining.explain(
        request.actor, person, permission=permission, object_type=object_type, name=object
    )
    return WhyOut.model_validate(present(found))


def present(found: explaining.Answer) -> dict[str, object]:
    """An answer on the wire."""
    return {
        "may": found.may,
        "is_closed": found.is_closed,
        "permission": found.permission,
        "permission_label": queries.all_permissions()[found.permission].label,
        "besides": found.besides,
        "reasons": [
            {
                "post": reason.scope.post,
                "unit": reason.scope.unit_name,
                "role": reason.scope.role,
                "areas": list(reason.scope.areas),
                "on_behalf_of": reason.scope.on_behalf_of.name if reason.scope.on_behalf_of else None,
                "has_permission": reason.has_permission,
                "is_withheld": reason.is_withheld,
                "by_unit": reason.covered.unit if reason.covered else "",
                "by_area": reason.covered.area if reason.covered else "",
                "covers": reason.covers,
            }
            for reason in found.reasons
        ],
    }
