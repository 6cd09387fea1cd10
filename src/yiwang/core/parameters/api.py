"""Parameters over HTTP."""

from typing import Any

from yiwang.core.http.routes import ActingRequest, Everywhere, Router
from yiwang.core.parameters import actions, queries
from yiwang.core.parameters.queries import Setting
from yiwang.core.parameters.schemas import ParameterIn, Parameters

router = Router(tags=["parameters"])
EDIT = Everywhere("parameters.edit_value")


@router.get("/parameters", permission=EDIT, response=Parameters)
def list_parameters(request: ActingRequest) -> object:
    """What can be set, with what holds."""
    return {"items": [shown(setting) for setting in queries.settings()]}


@router.put("/parameters/{key}", permission=EDIT, response=Parameters)
def put_parameter(request: ActingRequest, key: str, payload: ParameterIn) -> object:
    """Set one; 409 when somebody was first."""
    actions.put(request.actor, key, payload.value, expected_version=payload.expected_version)
    return list_parameters(request)


def shown(setting: Setting) -> dict[str, Any]:
    """As the wire shows it."""
    parameter = setting.parameter
    return {
        "key": parameter.key,
        "kind": parameter.kind,
        "label": parameter.label,
        "hint": parameter.hint,
        "unit": parameter.unit,
        "value": setting.value,
        "default": parameter.default,
        "least": parameter.least,
        "most": parameter.most,
        "version": setting.version,
        "changed_at": setting.changed_at,
        "changed_by": setting.changed_by,
    }
