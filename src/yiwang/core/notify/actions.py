"""Tell people, and note that they read it."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict, Invalid, NotFound
from yiwang.core.events import actions as events
from yiwang.core.events.declare import Audience
from yiwang.core.notify import deliveries
from yiwang.core.notify.events import NoticeCreated, NoticesRead
from yiwang.core.notify.models import Delivery, Notice
from yiwang.core.notify.queries import Which, dead_deliveries, notices_of

# So many of the deliveries that somebody settles stand in the record by number.
MOST_NAMED = 200
_INSERT = """
INSERT INTO notify_notice (user_id, kind, params, link, created_at)
SELECT person, v.kind, v.params, v.link, %s
FROM jsonb_to_recordset(%s::jsonb) AS v(people uuid[], kind text, params jsonb, link text), unnest(v.people) AS person
RETURNING id
"""


@transaction.atomic
def notify(
    user_ids: Iterable[UUID], *, kind: str, params: Mapping[str, Any] | None = None, link: str = ""
) -> int:
    """Tell each of these people once; returns how many. Their browsers hear of it after commit.

    `kind` is `room.what` and is worded by the client with `params` (JSON values); `link` is a page's path.
    """
    people = sorted(set(user_ids))
    if not people:
        return 0
    now = clock.now()
    notices = Notice.objects.bulk_create(
        Notice(user_id=person, kind=kind, params=dict(params or {}), link=link, created_at=now)
        for person in people
    )
    deliveries.plan([notice.pk for notice in notices])
    # One event for all: it says that there is something, and each browser fetches its own.
    events.publish(NoticeCreated(notices[0].pk, kind), Audience(user_ids=tuple(people)))
    return len(notices)


@dataclass(frozen=True, slots=True)
class Word:
    """What some people are told; as in `notify`."""

    user_ids: frozenset[UUID]
    kind: str
    params: Mapping[str, Any]
    link: str = ""


@transaction.atomic
def notify_many(words: Iterable[Word]) -> int:
    """Tell many people many things, in four statements; returns how many notices. As `notify` otherwise.

    Browsers hear of it once for each kind.
    """
    given = [word for word in words if word.user_ids]
    if not given:
        return 0
    known = {people: sorted(map(str, people)) for people in {word.user_ids for word in given}}
    rows = [
        {
            "people": known[word.user_ids],
            "kind": word.kind,
            "params": dict(word.params),
            "link": word.link,
        }
        for word in given
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [clock.now(), json.dumps(rows)])
        numbers = [number for (number,) in cursor.fetchall()]
    deliveries.plan(numbers)
    told: dict[str, set[UUID]] = defaultdict(set)
    for word in given:
        told[word.kind] |= word.user_ids
    events.publish_many(
        (NoticeCreated(min(numbers), kind), Audience(user_ids=tuple(sorted(people))))
        for kind, people in sorted(told.items())
    )
    return len(numbers)


@transaction.atomic
def read(actor: Actor, notice_id: int) -> None:
    """Note that the actor read a notice of theirs; reading it again changes nothing. Raises NotFound."""
    mine = notices_of(actor).filter(pk=notice_id)
    if mine.filter(read_at__isnull=True).update(read_at=clock.now()):
        _tell_other_windows(actor)
    elif not mine.exists():
        raise NotFound("notice_not_found", "没有这条通知。")


@transaction.atomic
def read_all(actor: Actor) -> int:
    """Note that the actor read all their notices; returns how many were unread."""
    count = notices_of(actor, unread_only=True).update(read_at=clock.now())
    if count:
        _tell_other_windows(actor)
    return count


def _tell_other_windows(actor: Actor) -> None:
    if actor.user_id is not None:
        events.publish(NoticesRead(actor.user_id), Audience(user_ids=(actor.user_id,)))


@transaction.atomic
def send_again(actor: Actor, which: Which) -> int:
    """Try again what could not be sent out; returns how many. What is `unsure` may arrive twice by this."""
    return _settle(actor, "send_again", which, deliveries.retry)


@transaction.atomic
def give_up(actor: Actor, which: Which, because: str) -> int:
    """Send it no more, with the reason; returns how many. Raises Invalid `empty` without a reason."""
    if not because.strip():
        raise Invalid("empty", "请写明不再发送的理由。", field="because")
    return _settle(actor, "give_up", which, deliveries.give_up, because=because.strip())


def _settle(
    actor: Actor, verb: str, which: Which, settle: Callable[[QuerySet[Delivery]], int], **more: str
) -> int:
    """Settle them on the record: how many, and which. Raises Conflict `nothing_dead` when somebody else was faster."""
    dead = dead_deliveries(which).select_for_update().order_by("id")
    ids = list(dead.values_list("pk", flat=True))
    if not ids:
        raise Conflict("nothing_dead", "这些通知已经有人处理。")
    count = settle(Delivery.objects.filter(pk__in=ids))
    audit.record(
        actor,
        action=f"notify.{verb}",
        object_type="delivery",
        object_id=str(ids[0]) if len(ids) == 1 else "",
        before=None,
        after={
            "count": count,
            "channel": which.channel,
            "cause": which.reason,
            "ids": ids[:MOST_NAMED],
            **more,
        },
    )
    return count
