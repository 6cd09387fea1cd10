"""Sends notices out, each once: planned with the notice, claimed before anything leaves, tried again only where surely
nothing was sent, dead where a person has to look."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from yiwang.core import clock
from yiwang.core.jobs import queries as jobs
from yiwang.core.notify import channels, rules
from yiwang.core.notify.channels import Message, NotSent, Refused, Silent, Unreachable, Unsure
from yiwang.core.notify.declare import Kind, find
from yiwang.core.notify.models import Choice, Delivery, Wishes
from yiwang.core.notify.notices import TRIAL, TRIAL_KIND
from yiwang.core.notify.queries import address_of

State = Delivery.State
GIVEN_UP = "given_up"
_PLAN = """
INSERT INTO notify_delivery (notice_id, channel, state, attempts, due_at, reason)
SELECT n.id, c.channel, 'waiting', 0, %s, '' FROM notify_notice AS n
JOIN notify_choice AS c ON c.user_id = n.user_id AND c.kind = n.kind WHERE n.id = ANY(%s)
ON CONFLICT DO NOTHING
"""


def plan(notice_ids: Collection[int]) -> int:
    """Have notices sent out by what their people chose, in the caller's transaction; returns how many deliveries."""
    with connection.cursor() as cursor:
        cursor.execute(_PLAN, [clock.now(), list(notice_ids)])
        planned: int = cursor.rowcount
    if planned:
        _wake()
    return planned


def plan_trial(notice_id: int, channel: str) -> None:
    """Have a trial notice sent out by a channel, whatever was chosen."""
    Delivery.objects.create(notice_id=notice_id, channel=channel, due_at=clock.now())
    _wake()


def _wake() -> None:
    """One job that waits is enough. Not by a queueing lock, for which writers would wait for each other."""
    from yiwang.core.notify.tasks import send_out

    if not jobs.waits(send_out.name):
        send_out.defer()


def wake_when_due() -> bool:
    """Have sent what has become due; whether anything has."""
    is_due = Delivery.objects.filter(state=State.WAITING, due_at__lte=clock.now()).exists()
    if is_due:
        _wake()
    return is_due


def send_waiting(most: int = 200, for_s: float = 30) -> int:
    """Send what is due, one after another; returns how many were taken up. Outside any transaction but a test's.

    Background work is never held up by a gateway: a channel that is away or hangs rests at its first failure, and
    after `for_s` seconds nothing more is begun. The rest goes with the next run.
    """
    began, resting = time.monotonic(), set[str]()
    for done in range(most):
        ready = _claim(resting) if time.monotonic() - began < for_s else None
        if ready is None:
            return done
        if ready.message is not None and not _send(ready.delivery, ready.message):
            resting.add(ready.delivery.channel)
    return most


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that was taken up; without a message there is nothing to send, or not now."""

    delivery: Delivery
    message: Message | None


@transaction.atomic
def _claim(resting: Collection[str] = ()) -> Claimed | None:
    """The next one that is due, marked as being sent before anything leaves; None when none is. Not by `resting`."""
    now = clock.now()
    waiting = Delivery.objects.filter(state=State.WAITING, due_at__lte=now).order_by("due_at", "id")
    waiting = waiting.exclude(channel__in=resting)
    row = waiting.select_related("notice__user").select_for_update(skip_locked=True, of=("self",)).first()
    if row is None:
        return None
    wishes = Wishes.objects.filter(user=row.notice.user_id).first() or Wishes(user=row.notice.user)
    kind = TRIAL_KIND if row.notice.kind == TRIAL else find(row.notice.kind)
    address = address_of(wishes, row.channel)
    why = _why_not(row, kind, address)
    if why or kind is None:
        _end(row, State.DROPPED, why)
        return Claimed(row, None)
    local = now.astimezone(clock.LOCAL)
    quiet = None if kind.urgent else rules.quiet_until(local, wishes.quiet_from, wishes.quiet_to)
    if quiet is not None:
        row.due_at = quiet
        row.save(update_fields=["due_at"])
        return Claimed(row, None)
    row.state, row.claimed_at, row.attempts = State.SENDING, now, row.attempts + 1
    row.save(update_fields=["state", "claimed_at", "attempts"])
    return Claimed(row, _message(row, kind, wishes, address))


def _why_not(row: Delivery, kind: Kind | None, address: str) -> str:
    """Why a delivery need not be sent any more; empty when it does."""
    notice = row.notice
    if notice.read_at is not None:
        return "read"
    if not notice.user.is_active:
        return "account_closed"
    if kind is None:
        return "unknown_kind"
    if row.channel not in channels.offered():
        return "not_offered"
    if not address:
        return "no_address"
    chosen = Choice.objects.filter(user=notice.user_id, kind=notice.kind, channel=row.channel)
    return "" if notice.kind == TRIAL or chosen.exists() else "not_wanted"


def _message(row: Delivery, kind: Kind, wishes: Wishes, address: str) -> Message:
    notice, language = row.notice, wishes.language
    platform = {"zh": "一网", "en": "Yiwang"}[language]
    return Message(
        id=f"notice-{notice.pk}-{row.channel}",
        to=address,
        subject=f"[{platform}] {kind.name[language]}",
        text=rules.text(kind.text, notice.params, language, clock.LOCAL),
        link=f"{settings.PUBLIC_ORIGIN or ''}{notice.link}",
        kind=notice.kind,
        params=notice.params,
    )


def _send(row: Delivery, message: Message) -> bool:
    """Send it and note what came of it; whether its channel answers at all."""
    try:
        channels.send(row.channel, message)
    except NotSent as error:
        again = rules.next_try(row.attempts, clock.now())
        if again is None:
            _end(row, State.DEAD, str(error))
        else:
            _wait(row, again, str(error))
        return not isinstance(error, Unreachable)
    except Refused as error:
        _end(row, State.DEAD, str(error))
    except Unsure as error:
        _end(row, State.DEAD, f"unsure: {error}")
        return not isinstance(error, Silent)
    else:
        _end(row, State.SENT, "")
    return True


def _wait(row: Delivery, until: datetime, reason: str) -> None:
    row.state, row.due_at, row.claimed_at, row.reason = State.WAITING, until, None, reason[:60]
    row.save(update_fields=["state", "due_at", "claimed_at", "reason"])


def _end(row: Delivery, state: str, reason: str) -> None:
    row.state, row.ended_at, row.claimed_at, row.reason = state, clock.now(), None, reason[:60]
    row.save(update_fields=["state", "ended_at", "claimed_at", "reason"])


def give_up_cut_off() -> int:
    """What was being sent when its worker ended may have arrived: it is dead, and a person decides."""
    long_ago = clock.now() - rules.CUT_OFF_AFTER
    cut = Delivery.objects.filter(state=State.SENDING, claimed_at__lt=long_ago)
    return cut.update(state=State.DEAD, claimed_at=None, ended_at=clock.now(), reason="unsure: cut off")


@transaction.atomic
def retry(dead: QuerySet[Delivery]) -> int:
    """Try dead ones again from the first attempt; returns how many."""
    count = dead.update(state=State.WAITING, attempts=0, due_at=clock.now(), ended_at=None, reason="")
    if count:
        _wake()
    return count


def give_up(dead: QuerySet[Delivery]) -> int:
    """Send dead ones no more; returns how many."""
    return dead.update(state=State.DROPPED, ended_at=clock.now(), reason=GIVEN_UP)


def forget_erased() -> int:
    """Addresses and choices of people who were erased go, too."""
    gone = Wishes.objects.filter(user__erased_at__isnull=False).delete()[0]
    return gone + Choice.objects.filter(user__erased_at__isnull=False).delete()[0]
