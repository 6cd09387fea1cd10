"""Change a policy, or go back to the one that is shipped."""

from django.db import transaction

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict, Invalid
from yiwang.core.locks import hold
from yiwang.operations.duplicates import policies
from yiwang.operations.duplicates.models import PolicyVersion
from yiwang.operations.duplicates.policies import InForce
from yiwang.operations.duplicates.rules import Policy

LARGEST_RADIUS_M = 2000
LONGEST_DAYS = 365


@transaction.atomic
def change_policy(actor: Actor, key: str, wanted: Policy, *, expected_version: int) -> InForce:
    """Let a policy hold for a class, major class or kind from now on; the versions before it stay.

    Raises NotFound `unknown_class`, Conflict `policy_changed` when somebody was first, Invalid `out_of_bounds`
    naming the field. The same policy again changes nothing. Effects: version, audit entry.
    """
    _check(wanted)
    before = _locked(key, expected_version)
    if before.key == key and not before.is_shipped and before.policy == wanted:
        return before
    _add(actor, before, wanted, withdrawn=False)
    return policies.policy_for(key)


@transaction.atomic
def withdraw_policy(actor: Actor, key: str, *, expected_version: int) -> InForce:
    """Let what is shipped, or what holds for the larger class, hold again. Without a local policy nothing changes.

    Raises NotFound `unknown_class`, Conflict `policy_changed`.
    """
    before = _locked(key, expected_version)
    if before.key != key or before.is_shipped:
        return before
    _add(actor, before, before.policy, withdrawn=True)
    return policies.policy_for(key)


def _locked(key: str, expected_version: int) -> InForce:
    hold(f"duplicates.policy:{key}")
    before = policies.policy_for(key)
    if before.version != expected_version:
        raise Conflict(
            "policy_changed",
            f"规则刚刚被{before.made_by or '别人'}改过，请看最新内容。",
            version=before.version,
            actor=before.made_by,
        )
    return before


def _check(wanted: Policy) -> None:
    bounds = {
        "radius_m": 1 <= wanted.radius_m <= LARGEST_RADIUS_M,
        "days": 1 <= wanted.days <= LONGEST_DAYS,
        "words_min": 0 <= wanted.words_min <= 1,
    }
    for field, holds in bounds.items():
        if not holds:
            raise Invalid("out_of_bounds", "数值超出允许的范围。", field=field)


def _add(actor: Actor, before: InForce, wanted: Policy, *, withdrawn: bool) -> None:
    row = PolicyVersion.objects.create(
        key=before.asked,
        version=before.version + 1,
        **policies.values(wanted),
        withdrawn=withdrawn,
        made_by_id=actor.user_id,
        made_by_name=actor.name,
        made_at=clock.now(),
    )
    audit.record(
        actor,
        action="duplicates.withdraw_policy" if withdrawn else "duplicates.change_policy",
        object_type="duplicates_policy",
        object_id=before.asked,
        before={"key": before.key, **policies.values(before.policy)},
        after=None if withdrawn else {"version": row.version, **policies.values(wanted)},
    )
