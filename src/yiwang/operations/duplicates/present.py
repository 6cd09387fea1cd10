"""Proposals and policies as the wire shows them."""

from typing import Any
from uuid import UUID

from yiwang.core.actor import Actor
from yiwang.core.files import queries as files
from yiwang.operations.cases import queries as cases
from yiwang.operations.cases.models import Case
from yiwang.operations.duplicates import policies
from yiwang.operations.duplicates.models import PolicyVersion
from yiwang.operations.duplicates.policies import InForce
from yiwang.operations.duplicates.queries import Found, Similar
from yiwang.operations.duplicates.rules import Likeness, Sameness

Label = dict[str, str]
HOURS_A_DAY = 24


def similar(actor: Actor, found: Similar) -> dict[str, Any]:
    """The proposals, with the policy that they were made by."""
    return {
        "items": [item(actor, one) for one in found.items],
        "hidden": found.hidden,
        "policy": policies.values(found.policy),
    }


def item(actor: Actor, found: Found) -> dict[str, Any]:
    """One proposal with its reasons."""
    likeness = found.likeness
    return {
        "case": case(actor, found.case, found.picture),
        "distance_m": round(likeness.distance_m, 1),
        "hours_apart": round(likeness.hours_apart, 1),
        "words_score": round(likeness.words_score, 3),
        "score": round(likeness.score, 3),
        "reasons": reasons(found.case, likeness, found.common_words),
        "common_words": list(found.common_words),
    }


def case(actor: Actor, one: Case, picture: UUID | None) -> dict[str, Any]:
    """A case as much as one needs to compare, with the file of its first picture."""
    unit = one.handling_unit
    return {
        "id": one.pk,
        "number": one.number,
        "version": one.version,
        "state": one.state,
        "state_label": cases.table(one.lifecycle_id).states[one.state].label,
        "group": one.group,
        "category": {
            "key": one.category.key,
            "zh": one.category.name_zh,
            "en": one.category.name_en,
            "kind": one.category.kind,
        },
        "description": one.description,
        "address": one.address,
        "reported_at": one.reported_at,
        "occurred_at": one.occurred_at,
        "ended_at": one.ended_at,
        "unit": {"id": unit.pk, "name": unit.short_name} if unit else None,
        "thumbnail_url": files.thumbnail(actor, picture) if picture else None,
        "lon": one.location.x,
        "lat": one.location.y,
    }


def reasons(one: Case, likeness: Likeness, common: tuple[str, ...]) -> list[dict[str, Any]]:
    """Why it is proposed, in words."""
    told: list[tuple[str, Label]] = []
    category = one.category
    if likeness.same_class is Sameness.MINOR:
        told.append(
            ("class", {"zh": f"同一小类：{category.name_zh}", "en": f"Same class: {category.name_en}"})
        )
    elif likeness.same_class is Sameness.MAJOR:
        told.append(
            (
                "class",
                {
                    "zh": f"同一大类：{category.major_name_zh}",
                    "en": f"Same major class: {category.major_name_en}",
                },
            )
        )
    metres = round(likeness.distance_m)
    told.append(("place", {"zh": f"相距 {metres} 米", "en": f"{metres} m apart"}))
    told.append(("time", apart(likeness.hours_apart)))
    if common:
        words = "、".join(common)
        told.append(("words", {"zh": f"都提到：{words}", "en": f"Both say: {words}"}))
    return [{"code": code, "label": label} for code, label in told]


def apart(hours: float) -> Label:
    """Hours in words: minutes below one hour, days above two."""
    if hours < 1:
        minutes = round(hours * 60)
        return {"zh": f"相隔 {minutes} 分钟", "en": f"{minutes} min apart"}
    if hours < 2 * HOURS_A_DAY:
        return {"zh": f"相隔 {round(hours)} 小时", "en": f"{round(hours)} h apart"}
    days = round(hours / HOURS_A_DAY)
    return {"zh": f"相隔 {days} 天", "en": f"{days} days apart"}


def policy(one: InForce) -> dict[str, Any]:
    """The policy that holds for a key."""
    return {
        **policies.values(one.policy),
        "asked": one.asked,
        "key": one.key,
        "label": one.label,
        "version": one.version,
        "is_shipped": one.is_shipped,
        "made_by": one.made_by,
        "made_at": one.made_at,
    }


def version(row: PolicyVersion) -> dict[str, Any]:
    """A local version."""
    return {
        **policies.values(policies.policy(row)),
        "version": row.version,
        "withdrawn": row.withdrawn,
        "made_by": row.made_by_name,
        "made_at": row.made_at,
    }
