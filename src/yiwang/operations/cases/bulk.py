"""One step for many cases: each case stands or falls alone, and says what became of it."""

import json
import logging
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from django.db import connection
from django.http import HttpResponse
from ninja import Field, Schema
from pydantic import field_validator

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.errors import DomainError, Invalid, Unavailable
from yiwang.core.http.once import each
from yiwang.core.http.problems import Problem, from_domain_error, from_unexpected
from yiwang.core.http.routes import ActingRequest, Router
from yiwang.core.http.schemas import Label
from yiwang.operations.cases import access, actions, queries, rules, store
from yiwang.operations.cases.models import Case
from yiwang.operations.cases.schemas import GivenIn

router = Router(tags=["cases"])

MOST_AT_ONCE = 500
log = logging.getLogger(__name__)


class BulkItem(Schema):
    """One case as the person saw it; `task_id` where the person may act on several tasks of it and
    not on their own one."""

    id: UUID
    expected_version: int = Field(ge=0, le=2**31 - 1)
    task_id: UUID | None = None


class BulkIn(GivenIn):
    """One step for up to 500 cases, with what is given for all of them. Photos are of one case: none here."""

    verb: Annotated[str, Field(max_length=30)]
    items: list[BulkItem] = Field(min_length=1, max_length=MOST_AT_ONCE)

    @field_validator("items")
    @classmethod
    def _each_once(cls, items: list[BulkItem]) -> list[BulkItem]:
        if len({item.id for item in items}) < len(items):
            raise ValueError("a case stands there twice")
        return items


class BulkResult(Schema):
    """What became of one case: its new version and state, or the problem that it would have been alone.

    `replayed`: it had been done by the same request before. `retryable`: nothing is wrong with it, and the same request
    sent again may do it.
    """

    id: UUID
    ok: bool
    replayed: bool = False
    retryable: bool = False
    number: str | None = None
    version: int | None = None
    state: str | None = None
    state_label: Label | None = None
    problem: Problem | None = None


class BulkOut(Schema):
    """The results in the order of the items."""

    done: int
    failed: int
    results: list[BulkResult]


@router.post("/cases/bulk", permission=access.VIEW, response=BulkOut)
def advance_cases(request: ActingRequest, payload: BulkIn) -> object:
    """Take one step with many cases, each in its own transaction: what fails keeps nothing else back.

    Sent again with the same `Idempotency-Key` (a broken line, a server that was killed), what was done is not done
    twice, and what was not is tried.
    """
    if payload.photos:
        raise Invalid("not_in_bulk", "照片只属于一个案件，批量办理不能附照片。", field="photos")
    results = [_result(request, payload, item) for item in payload.items]
    done = sum(result["ok"] for result in results)
    return {"done": done, "failed": len(results) - done, "results": results}


def _result(request: ActingRequest, payload: BulkIn, item: BulkItem) -> dict[str, Any]:
    wish = ActionOf(payload, item)
    try:
        told, replayed = each(request, request.actor, str(item.id), wish.told(), lambda: wish.do(request))
    except DomainError as error:
        return _failed(item, from_domain_error(error))
    except Exception as error:
        # One case that the platform fails on must not keep the others from being done.
        log.warning("step %r of case %s failed within a batch", payload.verb, item.id)
        if not connection.in_atomic_block:
            connection.close()  # whatever state it was left in: the next case gets a fresh one
        return _failed(item, from_unexpected(request, error))
    return {**told, "replayed": replayed}


def _failed(item: BulkItem, answer: HttpResponse) -> dict[str, Any]:
    """The problem that the case would have been alone; one that passes by itself may be sent again."""
    return {
        "id": item.id,
        "ok": False,
        "retryable": answer.status_code == Unavailable.status,
        "problem": json.loads(answer.content),
    }


class ActionOf:
    """The step of one item of a batch."""

    def __init__(self, payload: BulkIn, item: BulkItem) -> None:
        self.payload, self.item = payload, item

    def told(self) -> object:
        """What is asked for, the other items left out: a request with fewer of them asks the same of this one."""
        return [self.payload.dict(exclude={"items"}), self.item.dict()]

    def do(self, request: ActingRequest) -> dict[str, Any]:
        """Take it; where the person may act on several tasks and none is named, on their own."""
        named = self.item.task_id or self.payload.task_id
        try:
            return shown(self._advance(request.actor, named))
        except Invalid as fault:
            if fault.code != "which_task":
                raise
        return shown(self._advance(request.actor, own_task(request.actor, self.item.id, self.payload.verb)))

    def _advance(self, actor: Actor, task_id: UUID | None) -> Case:
        return actions.advance(
            actor,
            self.item.id,
            verb=self.payload.verb,
            expected_version=self.item.expected_version,
            given=replace(self.payload.given(), task_id=task_id),
        )


def own_task(actor: Actor, case_id: UUID, verb: str) -> UUID:
    """The task that is plainly the person's among those to which a step would fit (`rules.own`).

    Raises NotFound, Invalid `which_task` with the units whose tasks they are: then only the person can say.
    """
    dossier = store.load(case_id)
    if dossier is None:
        raise access.missing()
    table, facts = queries.table_of(dossier.case), dossier.facts(clock.now(), today=clock.today())
    row = table.find(facts.state, verb)
    ways = rules.candidates(row, facts) if row else ()
    mine = [way for way in ways if rules.may(table, actor, way, facts)]
    found = rules.own(mine, actor)
    if found is not None and found.task is not None:
        return found.task.id
    fitting = {way.task.id for way in mine if way.task}
    units = "、".join(task.unit.short_name for task in dossier.tasks if task.pk in fitting and task.unit)
    message = f"您能办几个单位的任务（{units}），请打开案件分别办理。"
    raise Invalid("which_task", message, field="task_id", units=units)


def shown(case: Case) -> dict[str, Any]:
    """A case that has taken the step."""
    return {
        "id": str(case.pk),
        "ok": True,
        "number": case.number,
        "version": case.version,
        "state": case.state,
        "state_label": queries.table(case.lifecycle_id).states[case.state].label,
    }
