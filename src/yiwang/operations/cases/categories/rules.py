"""What a local version of a class must fulfil, how a class makes requests stricter, and what tells two versions
apart. Pure: no database, no clock.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from yiwang.core.errors import Invalid
from yiwang.operations.cases.lifecycle import Approval, Reach, RequestPolicy, Table

RULES = ("most", "evidence", "before_due", "longest_days", "also")


def stricter(policy: RequestPolicy, rule: Mapping[str, Any] | None) -> RequestPolicy:
    """The policy of a request as it holds for a case whose class says `rule` (the snapshot's `requests[kind]`).

    `most`: how many may be approved, 0 never; `evidence`, `before_due`: asked for although the table does not;
    `longest_days`: how far ahead at most; `also`: further approvals after the table's, {label, permission}, by whoever
    holds the permission for the case's area.
    A rule never loosens what the table says. Source: local rule, "policy is data per class".
    """
    if not rule:
        return policy
    return replace(
        policy,
        most=_least(policy.most, rule.get("most")),
        evidence=policy.evidence or bool(rule.get("evidence")),
        before_due=policy.before_due or bool(rule.get("before_due")),
        longest_days=_least(policy.longest_days, rule.get("longest_days")),
        approvals=(*policy.approvals, *(_approval(level) for level in rule.get("also", ()))),
    )


def stricter_table(table: Table, rules: Mapping[str, Mapping[str, Any]]) -> Table:
    """The table as it holds for a case whose class has these request rules."""
    requests = {kind: stricter(policy, rules.get(kind)) for kind, policy in table.requests.items()}
    return replace(table, requests=requests)


def _least(one: int | None, other: int | None) -> int | None:
    known = [value for value in (one, other) if value is not None]
    return min(known) if known else None


def _approval(level: Mapping[str, Any]) -> Approval:
    return Approval(dict(level["label"]), level["permission"], Reach.AREA)


def faults_of(
    conditions: Sequence[Mapping[str, Any]],
    requests: Mapping[str, Mapping[str, Any]],
    policies: Mapping[str, RequestPolicy],
    permissions: Iterable[str],
) -> list[Invalid]:
    """Everything that is wrong with conditions and request rules, each named by its field: `conditions.2.text`."""
    known = frozenset(permissions)
    return [
        *_twice(conditions),
        *(f for kind, rule in requests.items() for f in _rule(kind, rule, policies, known)),
    ]


def _twice(conditions: Sequence[Mapping[str, Any]]) -> Iterator[Invalid]:
    seen: dict[str, int] = {}
    for row, condition in enumerate(conditions):
        text = condition["text"]["zh"].strip()
        if text in seen:
            first = seen[text] + 1
            message = f"与第 {first} 行的立案条件相同，请合并或改写。"
            yield Invalid("twice", message, field=f"conditions.{row}.text", row=row + 1, first=first)
        seen.setdefault(text, row)


def _rule(
    kind: str, rule: Mapping[str, Any], policies: Mapping[str, RequestPolicy], permissions: frozenset[str]
) -> Iterator[Invalid]:
    where = f"requests.{kind}"
    policy = policies.get(kind)
    if policy is None:
        yield Invalid(
            "unknown_request", "流程中没有这种申请。", field=where, kind=kind, known=sorted(policies)
        )
        return
    for name in ("most", "longest_days"):
        wanted, given = rule.get(name), getattr(policy, name)
        if wanted is not None and given is not None and wanted > given:
            message = f"只能比流程更严：流程规定为 {given}。"
            yield Invalid("not_stricter", message, field=f"{where}.{name}", most=given)
    for number, level in enumerate(rule.get("also") or ()):
        if level["permission"] not in permissions:
            field = f"{where}.also.{number}.permission"
            yield Invalid("unknown_permission", "没有这个权限。", field=field, permission=level["permission"])


def check_day(valid_from: date, today: date) -> Invalid | None:
    """A version begins today or later: what was decided by the rules of yesterday stays."""
    if valid_from < today:
        message = "启用日期不能早于今天；已登记的案件按当时的规定办理。"
        return Invalid("in_the_past", message, field="valid_from", earliest=today.isoformat())
    return None


def changes(
    local: Mapping[str, Any], shipped: Mapping[str, Any], base: Mapping[str, Any] | None
) -> list[dict[str, Any]]:
    """Field by field what a local version and the newest shipped edition say differently.

    Each row: `{field, local, shipped, base, by}`; `by` says who moved away from the edition that the local version
    was made from (`base`): "local", "shipped" or "both"; "local" when that edition is not known. Conditions are
    matched by their Chinese text: `conditions.<text>.limit`; a row that one side lacks is None there.
    """
    one, other, origin = _flat(local), _flat(shipped), None if base is None else _flat(base)
    fields = [*one, *(field for field in other if field not in one)]
    return [
        {
            "field": field,
            "local": one.get(field),
            "shipped": other.get(field),
            "base": None if origin is None else origin.get(field),
            "by": _who(one.get(field), other.get(field), origin, field),
        }
        for field in fields
        if one.get(field) != other.get(field)
    ]


def _who(local: Any, shipped: Any, base: Mapping[str, Any] | None, field: str) -> str:
    if base is None or base.get(field) == shipped:
        return "local"
    return "shipped" if base.get(field) == local else "both"


def _flat(version: Mapping[str, Any]) -> dict[str, Any]:
    flat = {name: version[name] for name in ("name", "usual_unit", "synonyms", "active", "requests")}
    for condition in version["conditions"]:
        at = f"conditions.{condition['text']['zh']}"
        flat |= {f"{at}.{name}": condition[name] for name in ("limit", "area_limits", "handling", "closing")}
    return flat
