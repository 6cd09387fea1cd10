"""Which policy holds for a class: its own, else that of its major class, else that of its kind.

For each of these keys the newest local version counts; without one, or when it was withdrawn, what is shipped.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from yiwang.core.errors import Invalid, NotFound
from yiwang.operations.cases.models import Category
from yiwang.operations.duplicates.models import PolicyVersion
from yiwang.operations.duplicates.rules import Policy, Sameness

EDITION = Path(__file__).parent / "editions" / "policies_1.json"
KINDS = {
    "component": {"zh": "部件", "en": "Components"},
    "event": {"zh": "事件", "en": "Events"},
}
KEY = re.compile(r"(component|event)(\.([0-9]{2}|[a-z][a-z0-9_]*))?")

Label = dict[str, str]


@dataclass(frozen=True, slots=True)
class InForce:
    """The policy that holds for `asked`, and whose it is: `key` equals `asked` when it has one of its own.

    `version` is that of the local version of `asked` (0 when it never had one), for the next change.
    """

    asked: str
    key: str
    label: Label
    policy: Policy
    version: int
    is_shipped: bool
    made_by: str = ""
    made_at: Any = None


@cache
def shipped() -> dict[str, Policy]:
    """The policies that come with the platform, by key."""
    data = json.loads(EDITION.read_text())
    return {
        key: Policy(**{**values, "same_class": Sameness(values["same_class"])})
        for key, values in data["policies"].items()
    }


def chain(key: str, major: str = "") -> tuple[str, ...]:
    """The keys that are asked for a policy, one after the other: class, major class, kind."""
    kind = key.partition(".")[0]
    return tuple(dict.fromkeys(item for item in (key, major, kind) if item))


def policy_for(key: str, major: str = "") -> InForce:
    """The policy that holds for a key; `major` (`event.01`) is that of a minor class when the caller knows it.

    Raises NotFound `unknown_class` for a key that is no class, major class or kind.
    """
    label, found_major = _named(key)
    keys = chain(key, major or found_major)
    newest = _newest(keys)
    own = newest.get(key)
    for candidate in keys:
        row = newest.get(candidate)
        if row is not None and not row.withdrawn:
            return _in_force(key, candidate, label, row, own)
        if candidate in shipped():
            version = own.version if own else 0
            return InForce(key, candidate, label, shipped()[candidate], version, is_shipped=True)
    raise AssertionError(f"no policy for the kind of {key}")  # the edition has one for each kind


def policy_of(category: Category) -> Policy:
    """The policy that holds for a class, in one query."""
    newest = _newest(keys := chain(category.key, major_of(category)))
    for key in keys:
        row = newest.get(key)
        if row is not None and not row.withdrawn:
            return policy(row)
        if key in shipped():
            return shipped()[key]
    raise AssertionError(f"no policy for the kind of {category.key}")


def known_class(key: str) -> Category:
    """The newest version of a minor class. Raises Invalid `unknown_category`."""
    row = Category.objects.filter(key=key).order_by("-version", "-rank").first()
    if row is None:
        raise Invalid("unknown_category", "没有这个案件类别。", field="category", category=key)
    return row


def listed() -> list[InForce]:
    """Those that are shipped and those with a local version, in the order of their keys."""
    local = PolicyVersion.objects.order_by().values_list("key", flat=True).distinct()
    return [policy_for(key) for key in sorted({*shipped(), *local})]


def history(key: str) -> list[PolicyVersion]:
    """The local versions of a key, newest first. Raises NotFound `unknown_class`."""
    _named(key)
    return list(PolicyVersion.objects.filter(key=key).order_by("-version"))


def policy(row: PolicyVersion) -> Policy:
    """A row as the rules take it."""
    return Policy(row.radius_m, row.days, row.words_min, Sameness(row.same_class), row.enabled)


def values(item: Policy) -> dict[str, Any]:
    """A policy as it is told and recorded."""
    return {**asdict(item), "same_class": item.same_class.value}


def major_of(category: Category) -> str:
    """The key of a class's major class: `event.01`."""
    return f"{category.kind}.{category.major_code}"


def _newest(keys: Iterable[str]) -> dict[str, PolicyVersion]:
    rows = PolicyVersion.objects.filter(key__in=list(keys)).order_by("key", "-version").distinct("key")
    return {row.key: row for row in rows}


def _in_force(asked: str, key: str, label: Label, row: PolicyVersion, own: PolicyVersion | None) -> InForce:
    version = own.version if own else 0
    return InForce(asked, key, label, policy(row), version, False, row.made_by_name, row.made_at)


def _named(key: str) -> tuple[Label, str]:
    """The key in words, and the key of its major class when it is a minor one. Raises NotFound."""
    if key in KINDS:
        return KINDS[key], ""
    kind, _, rest = key.partition(".")
    rows = Category.objects.order_by("-version", "-rank")
    if KEY.fullmatch(key) and rest.isdigit():
        row = rows.filter(kind=kind, major_code=rest).first()
        if row is not None:
            return {"zh": row.major_name_zh, "en": row.major_name_en}, ""
    elif KEY.fullmatch(key):
        row = rows.filter(key=key).first()
        if row is not None:
            return {"zh": row.name_zh, "en": row.name_en}, major_of(row)
    raise NotFound("unknown_class", "没有这个类别。", key=key)
