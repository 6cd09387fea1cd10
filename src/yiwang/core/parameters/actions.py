"""Set a parameter, or give it its default again."""

from django.db import transaction

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict, Invalid, NotFound
from yiwang.core.locks import hold
from yiwang.core.parameters import queries
from yiwang.core.parameters.declare import Parameter, Value, find
from yiwang.core.parameters.models import SetValue


@transaction.atomic
def put(actor: Actor, key: str, value: Value | None, *, expected_version: int) -> None:
    """Set a value; None gives the default again. It holds in every process within ten seconds.

    Raises NotFound `parameter_not_found`; Conflict `parameter_changed`; Invalid `parameter_out_of_range`.
    """
    parameter = find(key)
    if parameter is None:
        raise NotFound("parameter_not_found", "没有这个参数。")
    hold(f"parameters:{key}")
    row = SetValue.objects.filter(pk=key).first()
    if (row.version if row else 0) != expected_version:
        raise Conflict("parameter_changed", "这个参数刚刚被改过，请看最新的值。")
    wanted = parameter.default if value is None else value
    if not parameter.fits(wanted):
        raise out_of_range(parameter)
    before = row.value if row else parameter.default
    version = (row.version if row else 0) + 1
    SetValue.objects.update_or_create(
        key=key,
        defaults={
            "value": wanted,
            "version": version,
            "changed_at": clock.now(),
            "changed_by_name": actor.name,
        },
    )
    audit.record(
        actor,
        action="parameters.put",
        object_type="parameter",
        object_id=key,
        before={"value": before},
        after={"value": wanted},
    )
    transaction.on_commit(queries.forget)


def out_of_range(parameter: Parameter) -> Invalid:
    """The refusal of a value, with the bounds."""
    return Invalid(
        "parameter_out_of_range",
        f"须在 {parameter.least} 到 {parameter.most} 之间。",
        field="value",
        least=parameter.least,
        most=parameter.most,
    )
