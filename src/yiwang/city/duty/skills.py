"""What people can do."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from yiwang.city.duty import access
from yiwang.city.duty.models import PersonSkill
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.codes import queries as codes
from yiwang.core.errors import Invalid
from yiwang.core.locks import hold

TABLE = "duty_skills"


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill of somebody: its code, the certificate's number ("" without), the first day it no longer holds."""

    code: str
    certificate: str = ""
    valid_to: date | None = None


@transaction.atomic
def give(actor: Actor, user_id: UUID, skill: Skill) -> PersonSkill:
    """Write a skill down, or until when it holds. Raises NotFound `person_not_found`, Invalid `unknown_skill`."""
    user = access.get_person_for(actor, user_id, access.EDIT)
    known = codes.table(TABLE).find(skill.code)
    if known is None or not known.active:
        raise Invalid("unknown_skill", "没有这项技能，请先在代码表中添加。", field="skill")
    hold(f"duty.skills:{user_id}")
    before = PersonSkill.objects.filter(user=user, skill=skill.code).first()
    told = _told(before) if before else None
    row, _ = PersonSkill.objects.update_or_create(
        user=user,
        skill=skill.code,
        defaults={"certificate": skill.certificate.strip(), "valid_to": skill.valid_to},
    )
    if told != _told(row):
        _record(actor, "duty.give_skill", user_id, told, _told(row))
    return row


@transaction.atomic
def take(actor: Actor, user_id: UUID, code: str) -> None:
    """Strike a skill; one that is not there is struck already. Raises NotFound `person_not_found`."""
    user = access.get_person_for(actor, user_id, access.EDIT)
    row = PersonSkill.objects.select_for_update().filter(user=user, skill=code).first()
    if row is not None:
        row.delete()
        _record(actor, "duty.take_skill", user_id, _told(row), None)


def _told(row: PersonSkill) -> dict[str, str | None]:
    return {"skill": row.skill, "valid_to": row.valid_to.isoformat() if row.valid_to else None}


def _record(
    actor: Actor,
    action: str,
    user_id: UUID,
    before: dict[str, str | None] | None,
    after: dict[str, str | None] | None,
) -> None:
    audit.record(
        actor, action=action, object_type="person", object_id=str(user_id), before=before, after=after
    )
