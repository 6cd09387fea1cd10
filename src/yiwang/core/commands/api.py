"""Commands over HTTP: what phones send, and the conflict box."""

import logging
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.commands import actions, queries, rules
from yiwang.core.commands.actions import Sent
from yiwang.core.commands.models import Command
from yiwang.core.commands.schemas import (
    AgainIn,
    CommandIn,
    CommandsIn,
    CommandsOut,
    ConflictPage,
    DropIn,
    TakenOut,
)
from yiwang.core.errors import DomainError, TooMany, Unavailable
from yiwang.core.files import queries as files
from yiwang.core.files.models import StoredFile
from yiwang.core.http.problems import PLAIN, described, refusal
from yiwang.core.http.routes import SIGNED_IN, ActingRequest, Router

router = Router(tags=["commands"])
log = logging.getLogger(__name__)
# What somebody else may see of what a person wanted: which matter, not what was written, of whom, or where.
OTHERS_SEE = frozenset({"case_id", "task_id", "verb"})


@router.post("/commands", permission=SIGNED_IN, response=CommandsOut)
def take_commands(request: ActingRequest, payload: CommandsIn) -> object:
    """Take in what a phone did, each once, in its order, each in a transaction of its own.

    Sent again, a command is answered from the record. At the first one that cannot be taken just now (503 by itself)
    all that follow are `waiting`, too, so that the order stays.
    """
    received_at = clock.now()
    behind = rules.skew(payload.sent_at, received_at)
    return {
        "received_at": received_at,
        "skew_s": behind.total_seconds(),
        "items": list(_each(request.actor, payload, received_at)),
    }


@router.get("/commands/conflicts", permission=SIGNED_IN, response=ConflictPage)
def list_conflicts(
    request: ActingRequest, others: bool = False, after: str | None = None, limit: int = 50
) -> object:
    """One's own conflict box; with `others` those of one's units, where one may look into them."""
    found = queries.conflicts(request.actor, others=others, after=after, limit=limit)
    pictures = files.by_ids(key for row in found.items for key in row.files)
    return {"items": [shown(request.actor, row, pictures) for row in found.items], "next": found.next}


@router.post("/commands/{uuid:command_id}/again", permission=SIGNED_IN, response=TakenOut)
def try_command_again(request: ActingRequest, command_id: UUID, payload: AgainIn) -> object:
    """Try a command of one's own conflict box with what was changed; what still speaks against it is the answer."""
    return told(actions.again(request.actor, command_id, payload.body))


@router.post("/commands/{uuid:command_id}/drop", permission=SIGNED_IN, response=TakenOut)
def drop_command(request: ActingRequest, command_id: UUID, payload: DropIn) -> object:
    """Give a command of one's own conflict box up."""
    return told(actions.drop(request.actor, command_id, payload.note))


def _each(actor: Actor, payload: CommandsIn, received_at: Any) -> Iterator[dict[str, Any]]:
    stopped: dict[str, Any] | None = None
    for item in payload.items:
        if stopped is None:
            answer = _take(actor, payload, item, received_at)
            stopped = answer if answer["state"] == "waiting" else None
            yield answer
        else:
            yield {"id": item.id, "state": "waiting"}


def _take(actor: Actor, payload: CommandsIn, item: CommandIn, received_at: Any) -> dict[str, Any]:
    sent = Sent(item.id, payload.device_id, item.seq, item.kind, item.at, item.body)
    moment = rules.moment(item.at, payload.sent_at, received_at)
    try:
        return told(actions.take(actor, sent, moment))
    except (Unavailable, TooMany) as error:
        return {"id": item.id, "state": "waiting", "problem": refusal(error)}
    except DomainError as error:
        return {"id": item.id, "state": "refused", "problem": refusal(error)}
    except Exception as error:
        # Not even noted: it lies in the phone's own box, and keeps nothing else back.
        log.error("command %s cannot be noted", item.id, exc_info=error)
        return {"id": item.id, "state": "refused", "problem": described(500, *PLAIN[500])}


def told(row: Command) -> dict[str, Any]:
    """What became of a command, for the phone that sent it."""
    return {"id": row.pk, "state": row.state, "result": row.result, "problem": row.problem}


def shown(actor: Actor, row: Command, pictures: dict[UUID, StoredFile]) -> dict[str, Any]:
    """A command in the conflict box."""
    kind = queries.kinds().get(row.kind)
    mine = row.user_id == actor.user_id
    body = row.body if mine else {key: said for key, said in (row.body or {}).items() if key in OTHERS_SEE}
    kept = [pictures[key] for key in row.files if key in pictures]
    return {
        "id": row.pk,
        "kind": row.kind,
        "label": kind.label if kind else {"zh": row.kind, "en": row.kind},
        "device_id": row.device_id,
        "claimed_at": row.claimed_at,
        "occurred_at": row.occurred_at,
        "received_at": row.received_at,
        "doubt": row.doubt,
        "body": body,
        "problem": row.problem,
        "photos": [
            {
                "id": one.pk,
                "url": files.link(actor, one),
                "thumbnail_url": files.link(actor, one, "thumbnail"),
            }
            for one in kept
        ],
        "who": row.user.name,
        "mine": mine,
    }
