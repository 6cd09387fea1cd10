"""Leave and substitution (请假与代理): entering an absence, cancelling it, telling whose authority changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from yiwang.core import clock
from yiwang.core.accounts import access, rules
from yiwang.core.accounts.events import AbsenceChanged, AuthorityChanged
from yiwang.core.accounts.models import Absence, User
from yiwang.core.accounts.rules import AbsenceReason, Days
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict, Invalid, Refused
from yiwang.core.events import actions as events
from yiwang.core.events.declare import Audience
from yiwang.core.locks import hold


@dataclass(frozen=True, slots=True)
class NewAbsence:
    """Who is away (None: the actor), from a day to a day (both included), why, and who stands in."""

    starts_on: date
    ends_on: date
    reason: AbsenceReason
    user_id: UUID | None = None
    substitute_id: UUID | None = None
    note: str = ""


@transaction.atomic
def enter(actor: Actor, new: NewAbsence) -> Absence:
    """Enter an absence; from its first day on the substitute carries the absent person's assignments.

    Anybody enters their own, with a substitute of the same unit; others' need accounts.manage_absences for the
    person's unit, with a substitute from there or from the same unit, but never oneself: nobody gives themselves
    another's authority. Raises Invalid (starts_on, ends_on, user_id, substitute_id), Refused `not_your_people` /
    `not_to_yourself` / `posts_elsewhere`, Conflict `already_away` / `substitute_away`.
    Effects: audit entry, `account.absence_changed`, and `account.authority_changed` when it runs already.
    """
    today = clock.today()
    days = Days(new.starts_on, new.ends_on)
    rules.check_days(days, today)
    person = _open_account(new.user_id or actor.user_id, "user_id")
    if person.pk != actor.user_id and not access.manages_absences_of(actor, person.pk):
        raise Refused("not_your_people", "您不能为这位人员登记缺勤。")
    # Two absences of one person wait for each other here, and a substitute's own absence waits for both.
    for one in sorted({person.pk, new.substitute_id or person.pk}):
        hold(f"accounts.absence:{one}")
    _refuse_overlap(person.pk, days, "already_away", "这段时间已有缺勤登记。")
    if new.substitute_id is not None:
        _check_substitute(actor, person, new.substitute_id, days)
    row = Absence.objects.create(
        user=person,
        substitute_id=new.substitute_id,
        starts_on=days.first,
        ends_on=days.last,
        reason=new.reason.value,
        note=new.note.strip(),
        entered_by=actor.user_id,
        entered_by_name=actor.name,
    )
    _record(actor, row, "enter_absence")
    return row


@transaction.atomic
def cancel(actor: Actor, absence_id: UUID) -> Absence:
    """End an absence now: before it began it never was, in its course it ends at this moment.

    For the absent person and for who manages absences there. Raises NotFound, Refused `not_your_absence` (a
    substitute cannot end what they stand in for), Conflict `absence_over`.
    """
    row = access.lock_absence_for(actor, absence_id)
    if row.user_id != actor.user_id and not access.manages_absences_of(actor, row.user_id):
        raise Refused("not_your_absence", "只有本人或缺勤管理人可以销假。")
    if row.cancelled_at is not None or row.ends_on < clock.today():
        raise Conflict("absence_over", "这条缺勤已经结束。")
    row.cancelled_at, row.cancelled_by_name = clock.now(), actor.name
    row.save(update_fields=["cancelled_at", "cancelled_by_name"])
    _record(actor, row, "cancel_absence")
    return row


def announce_the_day(today: date) -> int:
    """Tell the browsers of substitutes whose authority begins today or ended yesterday; returns how many."""
    running = Absence.objects.filter(cancelled_at__isnull=True, substitute__isnull=False)
    begun = running.filter(starts_on=today).values_list("substitute_id", flat=True)
    ended = running.filter(ends_on=today - timedelta(days=1)).values_list("substitute_id", flat=True)
    people = {one for one in (*begun, *ended) if one is not None}
    with transaction.atomic():
        tell_authority_changed(people)
    return len(people)


def tell_authority_changed(people: Iterable[UUID]) -> None:
    """Let these people's browsers fetch their session again, after commit."""
    for one in sorted(people):
        events.publish(AuthorityChanged(one), Audience(user_ids=(one,)))


def _open_account(user_id: UUID | None, field: str) -> User:
    user: User | None = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise Invalid("unknown_person", "没有这位人员，或账号已停用。", field=field)
    return user


def _check_substitute(actor: Actor, person: User, substitute_id: UUID, days: Days) -> None:
    substitute = _open_account(substitute_id, "substitute_id")
    if substitute.pk == person.pk:
        raise Invalid("own_substitute", "不能由本人代理自己。", field="substitute_id")
    if person.pk != actor.user_id and substitute.pk == actor.user_id:
        raise Refused("not_to_yourself", "不能把别人的权限交给自己，请由本人或其他管理人登记代理。")
    if person.pk != actor.user_id and not access.manages_every_post_of(actor, person.pk):
        # The substitute carries all of the person's posts, those in other units too.
        raise Refused("posts_elsewhere", "此人在您管理范围外也有任职，请由本人或上级指定代理人。")
    managed = person.pk != actor.user_id and access.manages_absences_of(actor, substitute.pk)
    if not managed and not access.share_a_unit(person.pk, substitute.pk):
        raise Invalid("substitute_elsewhere", "代理人须与缺勤人在同一单位。", field="substitute_id")
    _refuse_overlap(substitute.pk, days, "substitute_away", "代理人这段时间也不在岗，请另选。")


def _refuse_overlap(user_id: UUID, days: Days, code: str, message: str) -> None:
    """Raises Conflict with the days of the absence that is in the way."""
    known = Absence.objects.filter(
        user_id=user_id, cancelled_at__isnull=True, starts_on__lte=days.last, ends_on__gte=days.first
    ).first()
    if known is not None:
        raise Conflict(
            code, message, starts_on=known.starts_on.isoformat(), ends_on=known.ends_on.isoformat()
        )


def _record(actor: Actor, row: Absence, verb: str) -> None:
    # Why somebody is away (an illness) is theirs: the entry names who, when and by whom represented, no more.
    after = {
        "user": str(row.user_id),
        "substitute": str(row.substitute_id) if row.substitute_id else None,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "cancelled": row.cancelled_at is not None,
    }
    audit.record(
        actor,
        action=f"accounts.{verb}",
        object_type="absence",
        object_id=str(row.pk),
        before=None,
        after=after,
    )
    concerned = tuple(one for one in (row.user_id, row.substitute_id) if one)
    events.publish(AbsenceChanged(row.pk), Audience(user_ids=concerned))
    if row.substitute_id and row.starts_on <= clock.today():
        tell_authority_changed(concerned)
