"""Take a command in, once; try one of the conflict box again, or give it up."""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from pydantic import ValidationError
from pydantic_core import to_jsonable_python

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.commands import access, queries, rules
from yiwang.core.commands.declare import CommandKind, Doubt, Moment
from yiwang.core.commands.models import Command
from yiwang.core.errors import Conflict, DomainError, Invalid, Refused, TooMany, Unavailable
from yiwang.core.files import actions as files
from yiwang.core.files import queries as stored
from yiwang.core.http.problems import PLAIN, described, refusal
from yiwang.core.http.trouble import trouble_of
from yiwang.core.locks import hold

log = logging.getLogger(__name__)
State = Command.State
UUID_LENGTH = 36


@dataclass(frozen=True, slots=True)
class Sent:
    """A command as a phone sent it: `seq` counts on the device, `at` is the phone's clock (aware)."""

    id: UUID
    device_id: UUID
    seq: int
    kind: str
    at: datetime
    body: Mapping[str, Any]


def take(actor: Actor, sent: Sent, moment: Moment) -> Command:
    """Run a command, or find what became of it before: done, or refused into its person's conflict box.

    Raises Conflict `command_id_taken` when the id stands for something else, Unavailable and TooMany when it shall
    be sent again: nothing is noted then. All else that goes wrong is noted, and its pictures are kept.
    """
    try:
        return _run_once(actor, sent, moment)
    except (Unavailable, TooMany, _Taken):
        raise
    except Exception as error:
        return _refuse(actor, sent, moment, _problem_of(error, sent.kind))


@transaction.atomic
def again(actor: Actor, command_id: UUID, body: Mapping[str, Any]) -> Command:
    """Run a command of the conflict box once more, with what its person changed.

    Raises NotFound, and whatever speaks against it now: it stays in the box as it is.
    """
    row = access.lock_conflict_for(actor, command_id)
    # Unless a picture proves when it was done, what is tried again counts now: others have gone on meanwhile.
    moment = Moment(row.occurred_at, clock.now(), row.claimed_at, Doubt(row.doubt))
    row.result = _run(actor, row.kind, row.pk, body, moment)
    row.state, row.body, row.problem = State.DONE, None, None
    row.tries, row.settled_at = row.tries + 1, clock.now()
    row.save()
    return row


@transaction.atomic
def drop(actor: Actor, command_id: UUID, note: str) -> Command:
    """Give a command of one's own conflict box up, with a reason. Raises NotFound. Its pictures stay with it."""
    row = access.lock_conflict_for(actor, command_id)
    row.state, row.note, row.settled_at = State.DROPPED, note.strip(), clock.now()
    row.save(update_fields=["state", "note", "settled_at"])
    told = {"kind": row.kind, "reason": row.problem["code"] if row.problem else "", "note": row.note}
    audit.record(
        actor, action="commands.drop", object_type="command", object_id=str(row.pk), before=None, after=told
    )
    return row


def forget_old(kept: timedelta) -> int:
    """Delete what was done or given up so long ago; what is refused stays until somebody sees to it."""
    settled = Command.objects.exclude(state=State.REFUSED)
    deleted, _ = settled.filter(settled_at__lt=clock.now() - kept).delete()
    return deleted


class _Taken(Conflict):
    """The id stands for another command: this one cannot even be noted under it."""


def _known(actor: Actor, sent: Sent) -> Command | None:
    """What became of it before; whoever sends the same id at the same moment waits here."""
    hold(f"commands:{sent.id}")
    row = Command.objects.filter(pk=sent.id).first()
    if row is None:
        return None
    if row.user_id != actor.user_id or bytes(row.digest) != rules.digest(sent.kind, sent.at, sent.body):
        raise _Taken("command_id_taken", "这个指令编号已用于另一条指令。", field="id")
    return row


@transaction.atomic
def _run_once(actor: Actor, sent: Sent, moment: Moment) -> Command:
    known = _known(actor, sent)
    if known is not None:
        return known
    row = _row(actor, sent, moment)
    row.result = _run(actor, sent.kind, sent.id, sent.body, moment)
    row.save(force_insert=True)
    return row


@transaction.atomic
def _refuse(actor: Actor, sent: Sent, moment: Moment, problem: dict[str, Any]) -> Command:
    known = _known(actor, sent)
    if known is not None:
        return known
    row = _row(actor, sent, moment)
    row.state, row.problem, row.body = State.REFUSED, problem, to_jsonable_python(sent.body)
    row.files = _kept_files(actor, sent.body)
    row.save(force_insert=True)
    return row


def _row(actor: Actor, sent: Sent, moment: Moment) -> Command:
    if actor.user_id is None:
        raise Refused("only_people_send", "指令只能由人员发出。")
    return Command(
        id=sent.id,
        user_id=actor.user_id,
        device_id=sent.device_id,
        seq=sent.seq,
        kind=sent.kind[:60],
        claimed_at=moment.claimed_at,
        occurred_at=moment.occurred_at,
        received_at=moment.received_at,
        doubt=moment.doubt.value,
        digest=rules.digest(sent.kind, sent.at, sent.body),
        state=State.DONE,
        settled_at=clock.now(),
    )


def _run(actor: Actor, key: str, command_id: UUID, body: Mapping[str, Any], moment: Moment) -> Any:
    """What the room's action answers, as JSON."""
    kind = _kind_for(actor, key)
    given = _parsed(kind, body)
    result = kind.run(replace(actor, via="phone"), command_id, given, moment)
    return to_jsonable_python(result)


def _kind_for(actor: Actor, key: str) -> CommandKind:
    kind = queries.kinds().get(key)
    if kind is None:
        raise Invalid("unknown_command", "平台不认识这条指令，请更新手机端。", field="kind", kind=key)
    if kind.permission is not None and not actor.can(kind.permission):
        raise Refused("permission_denied", "您的岗位没有这项权限。", permission=kind.permission)
    return kind


def _parsed(kind: CommandKind, body: Mapping[str, Any]) -> Any:
    try:
        return kind.body.model_validate_json(json.dumps(body))
    except ValidationError as error:
        faults = tuple(
            Invalid(item["type"], item["msg"], field=".".join(str(part) for part in item["loc"]))
            for item in error.errors()
        )
        raise Invalid("invalid_input", "有字段填写不正确。", fields=faults) from error


def _problem_of(error: Exception, key: str) -> dict[str, Any]:
    """What a person is told; raises Unavailable where the same command sent again may pass."""
    if isinstance(error, DomainError):
        return refusal(error).model_dump(mode="json")
    trouble = trouble_of(error)
    if trouble is not None:
        raise trouble from error
    log.error("command %r failed", key, exc_info=error)
    return described(500, *PLAIN[500]).model_dump(mode="json")


def _kept_files(actor: Actor, body: Mapping[str, Any]) -> list[UUID]:
    """The person's own pictures that a refused command names, wherever in it, kept from being swept."""
    mine = [key for key, file in stored.by_ids(_ids_in(body)).items() if file.uploaded_by_id == actor.user_id]
    files.claim(actor, mine, area_code="")
    return mine


def _ids_in(value: Any) -> Iterator[UUID]:
    """Whatever looks like an id, in a document of any shape: a command that cannot be read names its pictures, too."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _ids_in(item)
    elif isinstance(value, str) and len(value) == UUID_LENGTH:
        with suppress(ValueError):
            yield UUID(value)
