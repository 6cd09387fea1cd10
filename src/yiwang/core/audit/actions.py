"""Write an entry, and erase a person's values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.audit import secrets
from yiwang.core.audit.entries import entry_of, require_transaction
from yiwang.core.audit.many import record_many
from yiwang.core.audit.models import Entry, PersonalValue, SubjectKey
from yiwang.core.prepared import insert

__all__ = ["PersonalField", "binding", "erase_person", "record", "record_many"]


@dataclass(frozen=True, slots=True)
class PersonalField:
    """A personal value that an act touched: whose it is, which field, and the value itself."""

    subject_id: UUID
    field: str
    value: str


def record(
    actor: Actor,
    *,
    action: str,
    object_type: str,
    object_id: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    personal: Sequence[PersonalField] = (),
) -> None:
    """Append one entry in the caller's transaction; it stands or falls with what it tells of.

    `before` and `after` hold what changed, without personal values: those go into `personal`.
    Raises RuntimeError outside a transaction, ValueError when a personal value also stands in before or after.
    """
    require_transaction()
    _refuse_plain_personal_values(personal, before, after)
    keys = {item.subject_id: _secret_of(item.subject_id) for item in personal}
    entry = entry_of(
        actor,
        clock.now(),
        action=action,
        object_type=object_type,
        object_id=object_id,
        before=before,
        after=after,
        personal=[_digested(item, keys[item.subject_id]) for item in personal],
    )
    insert([entry], keys=bool(personal))
    PersonalValue.objects.bulk_create(_encrypted(item, keys[item.subject_id], entry) for item in personal)


@transaction.atomic
def erase_person(actor: Actor, subject_id: UUID) -> int:
    """Destroy a person's key and values; the entries and the chain stay whole. Returns the values erased.

    Waits for entries about the same person that are being written. Records itself, by the person's id only.
    """
    key = SubjectKey.objects.select_for_update().filter(pk=subject_id).first()
    erased = 0
    if key is not None:
        erased, _ = PersonalValue.objects.filter(subject=key).delete()
        key.delete()
    record(
        actor,
        action="audit.erase_person",
        object_type="person",
        object_id=str(subject_id),
        before=None,
        after={"values_erased": erased},
    )
    return erased


def _secret_of(subject_id: UUID) -> bytes:
    """The person's secret, made at first need; the row stays locked, so that an erasure cannot come between."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_subjectkey (subject_id, secret, made_at) VALUES (%s, %s, %s)"
            " ON CONFLICT (subject_id) DO UPDATE SET subject_id = EXCLUDED.subject_id RETURNING secret",
            [subject_id, secrets.new_secret(), clock.now()],
        )
        return bytes(cursor.fetchone()[0])


def _digested(item: PersonalField, secret: bytes) -> dict[str, str]:
    return {
        "subject": str(item.subject_id),
        "field": item.field,
        "digest": secrets.digest(secret, item.field, item.value),
    }


def _encrypted(item: PersonalField, secret: bytes, entry: Entry) -> PersonalValue:
    return PersonalValue(
        entry=entry,
        subject_id=item.subject_id,
        field=item.field,
        ciphertext=secrets.encrypt(secret, binding(entry.pk, item.field), item.value),
    )


def binding(entry_id: int, field: str) -> str:
    """What a ciphertext is bound to, so that it cannot be moved to another entry or field."""
    return f"{entry_id}/{field}"


def _refuse_plain_personal_values(
    personal: Sequence[PersonalField], *documents: Mapping[str, Any] | None
) -> None:
    """A value under its own field's name is a programmer's mistake; elsewhere it may be a chance likeness."""
    plain = {(item.field.rpartition(".")[2], item.value) for item in personal if item.value}
    if plain and any(leaf in plain for leaf in _leaves("", documents)):
        raise ValueError(
            "a personal value stands in before or after: it could never be erased from the chain"
        )


def _leaves(name: str, value: object) -> Iterable[tuple[str, str]]:
    """Every text in a document, with the name that it stands under."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(str(key), item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(name, item)
    elif isinstance(value, str):
        yield name, value
