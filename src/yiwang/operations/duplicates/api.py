"""Duplicates over HTTP. Binding itself is a step of the case: its verbs `merge` and `unmerge`."""

from typing import Annotated
from uuid import UUID

from ninja import Query

from yiwang.core.http.routes import SIGNED_IN, ActingRequest, Router
from yiwang.operations.cases import access
from yiwang.operations.duplicates import actions, policies, present, queries
from yiwang.operations.duplicates.queries import NewReport
from yiwang.operations.duplicates.rules import Policy, Sameness
from yiwang.operations.duplicates.schemas import (
    ClassKey,
    Policies,
    PolicyIn,
    PolicyOut,
    PolicyVersions,
    SimilarIn,
    SimilarOut,
)

router = Router(tags=["duplicates"])

EDIT = "duplicates.edit_policy"


@router.post("/duplicates/similar", permission=access.VIEW, response=SimilarOut)
def find_similar(request: ActingRequest, payload: SimilarIn) -> object:
    """Cases like a report that is still being written; asking changes nothing."""
    report = NewReport(
        category=payload.category,
        lon=payload.lon,
        lat=payload.lat,
        description=payload.description,
        occurred_at=payload.occurred_at,
        left_out=payload.exclude,
    )
    return present.similar(request.actor, queries.similar_to_report(request.actor, report))


@router.get("/cases/{uuid:case_id}/duplicates", permission=access.VIEW, response=SimilarOut)
def list_duplicates(request: ActingRequest, case_id: UUID) -> object:
    """Cases that may be about the same matter as this one."""
    return present.similar(request.actor, queries.similar_to_case(request.actor, case_id))


@router.get("/duplicates/policies", permission=SIGNED_IN, response=Policies)
def list_duplicate_policies(request: ActingRequest) -> object:
    """The policies that are shipped and those with a local version."""
    return {"items": [present.policy(one) for one in policies.listed()]}


@router.get("/duplicates/policies/{key}", permission=SIGNED_IN, response=PolicyOut)
def show_duplicate_policy(request: ActingRequest, key: ClassKey) -> object:
    """The policy that holds for a class (`event.exposed_waste`), a major class (`event.01`) or a kind (`event`)."""
    return present.policy(policies.policy_for(key))


@router.get("/duplicates/policies/{key}/versions", permission=SIGNED_IN, response=PolicyVersions)
def list_duplicate_policy_versions(request: ActingRequest, key: ClassKey) -> object:
    """The local versions of a key, newest first."""
    return {"items": [present.version(row) for row in policies.history(key)]}


@router.put("/duplicates/policies/{key}", permission=EDIT, response=PolicyOut)
def change_duplicate_policy(request: ActingRequest, key: ClassKey, payload: PolicyIn) -> object:
    """Let a policy hold from now on; 409 when somebody was first."""
    wanted = Policy(
        payload.radius_m, payload.days, payload.words_min, Sameness(payload.same_class), payload.enabled
    )
    changed = actions.change_policy(request.actor, key, wanted, expected_version=payload.expected_version)
    return present.policy(changed)


@router.delete("/duplicates/policies/{key}", permission=EDIT, response=PolicyOut)
def withdraw_duplicate_policy(
    request: ActingRequest,
    key: ClassKey,
    expected_version: Annotated[int, Query(ge=0, le=2**31 - 1)],
) -> object:
    """Let what is shipped, or what holds for the larger class, hold again."""
    changed = actions.withdraw_policy(request.actor, key, expected_version=expected_version)
    return present.policy(changed)
