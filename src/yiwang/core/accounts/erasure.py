"""A former member of the staff asks to be forgotten: the account's values go, what was done in office stays."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q

from yiwang.core import clock, erasing
from yiwang.core.accounts import access
from yiwang.core.accounts.models import Absence, Assignment, PasswordLink, Session, SignInAttempt, User
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict, Invalid, NotFound
from yiwang.core.http.once import forget_answers_of

ERASE = access.ERASE


@transaction.atomic
def erase_person(actor: Actor, user_id: UUID, *, reason: str) -> User:
    """Replace name, account name and number by a pseudonym, and destroy what the audit holds of them.

    Only for who holds no post any more and held one in the actor's subtree. Raises NotFound, Conflict
    `still_employed` / `already_erased`, Invalid (reason). Steps and audit entries keep the person's id and the name
    under which they acted in office (docs/adr/0005).
    """
    user: User | None = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None or not access.once_managed(actor, user_id, ERASE):
        raise NotFound("person_not_found", "没有这位人员，或不在您的管理范围内。")
    if user.erased_at is not None:
        raise Conflict("already_erased", "这位人员的信息已经抹除。")
    still = Q(valid_to__isnull=True) | Q(valid_to__gt=clock.today())
    if user.pk == actor.user_id or Assignment.objects.filter(still, user=user).exists():
        raise Conflict("still_employed", "这位人员还在任，请先结束任职。")
    reason = reason.strip()
    if not reason:
        raise Invalid("required", "请填写抹除依据。", field="reason")
    if user.name in reason or (user.phone and user.phone in reason):
        raise Invalid("names_the_person", "依据里不要写本人的姓名或电话。", field="reason")
    known_as = user.username
    audit.erase_person(actor, user.pk)
    mark = user.pk.hex[-8:]
    user.name, user.username, user.phone = f"离职人员{mark}", f"erased-{mark}", ""
    user.is_active, user.erased_at = False, clock.now()
    user.set_unusable_password()
    user.save()
    Session.objects.filter(user_id=user.pk).delete()
    PasswordLink.objects.filter(user=user).delete()
    SignInAttempt.objects.filter(username=known_as).delete()
    # Why somebody was away is theirs; that they were, and who stood in, explains what was done.
    Absence.objects.filter(user=user).update(note="", reason="other")
    forget_answers_of(user.pk)
    erasing.forget(user.pk)
    audit.record(
        actor.at(actor.scope_for(ERASE)),
        action="accounts.erase_person",
        object_type="user",
        object_id=str(user.pk),
        before=None,
        after={"reason": reason},
    )
    return user
