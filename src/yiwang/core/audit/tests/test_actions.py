"""Entries stand or fall with what they tell of; personal values can be taken out again."""

import pytest
from django.db import IntegrityError, connection, transaction

from yiwang.core.actor import system
from yiwang.core.audit import actions, queries, sealer, secrets
from yiwang.core.audit.actions import PersonalField
from yiwang.core.audit.models import Entry, PersonalValue, Seal, SubjectKey
from yiwang.core.audit.tests.factories import ACCEPTOR, make_entry
from yiwang.core.ids import uuid7

pytestmark = pytest.mark.django_db


def test_an_entry_says_who_what_when_from_where() -> None:
    entry = Entry.objects.get(pk=make_entry(7, before={"state": None}).pk)
    assert (entry.actor_id, entry.actor_name, entry.ip, entry.via) == (
        ACCEPTOR.user_id,
        "李敏",
        "10.1.2.3",
        "console",
    )
    assert (entry.action, entry.object_type, entry.object_id) == ("cases.open_case", "case", "case-7")
    assert entry.before == {"state": None}
    assert entry.after["no"] == 7


def test_the_system_is_an_actor_without_a_user() -> None:
    with transaction.atomic():
        actions.record(
            system("worker"), action="x.y", object_type="x", object_id="1", before=None, after=None
        )
        entry = Entry.objects.latest("pk")
    assert (entry.actor_id, entry.actor_name, entry.via, entry.ip) == (None, "worker", "system", None)


def test_an_entry_rolls_back_with_its_act() -> None:
    with transaction.atomic():
        make_entry()
        transaction.set_rollback(True)
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="in the transaction of the act"):
        actions.record(ACCEPTOR, action="x.y", object_type="x", object_id="1", before=None, after=None)


def test_history_is_one_objects_entries_in_order() -> None:
    first, _, second = make_entry(1), make_entry(2), make_entry(1)
    assert list(queries.history("case", "case-1")) == [first, second]


def test_personal_values_are_apart_and_readable() -> None:
    person = uuid7()
    entry = make_entry(personal=[PersonalField(person, "reporter.phone", "13871234567")])
    [item] = Entry.objects.get(pk=entry.pk).personal
    assert set(item) == {"subject", "field", "digest"}
    assert "13871234567" not in str(item)
    assert b"13871234567" not in bytes(PersonalValue.objects.get().ciphertext)
    [reading] = queries.personal_values(entry)
    assert (reading.subject_id, reading.field, reading.value) == (person, "reporter.phone", "13871234567")


def test_the_same_value_of_one_person_has_the_same_digest_and_of_another_person_not() -> None:
    person, other = uuid7(), uuid7()
    digests = [
        make_entry(personal=[PersonalField(who, "phone", "13871234567")]).personal[0]["digest"]
        for who in (person, person, other)
    ]
    assert digests[0] == digests[1] != digests[2]


def test_two_people_may_have_the_same_field_in_one_entry() -> None:
    people = [PersonalField(uuid7(), "name", "甲"), PersonalField(uuid7(), "name", "乙")]
    readings = queries.personal_values(make_entry(personal=people))
    assert [(r.subject_id, r.value) for r in readings] == [(p.subject_id, p.value) for p in people]


def test_a_personal_value_in_plain_is_refused() -> None:
    personal = [PersonalField(uuid7(), "reporter.phone", "13871234567")]
    with pytest.raises(ValueError, match="never be erased"):
        make_entry(personal=personal, after={"reporter": [{"phone": "13871234567"}]})
    assert not Entry.objects.exists()


def test_a_value_that_happens_to_stand_under_another_name_is_no_mistake() -> None:
    entry = make_entry(personal=[PersonalField(uuid7(), "name", "reported")], after={"state": "reported"})
    assert entry.after == {"state": "reported"}


def test_erasing_a_person_takes_key_and_values_and_leaves_the_chain_whole() -> None:
    person, other = uuid7(), uuid7()
    mine = make_entry(personal=[PersonalField(person, "phone", "1"), PersonalField(person, "name", "甲")])
    theirs = make_entry(personal=[PersonalField(other, "phone", "2")])
    sealer.seal_pending()
    assert actions.erase_person(ACCEPTOR, person) == 2
    assert not SubjectKey.objects.filter(pk=person).exists()
    assert [r.value for r in queries.personal_values(mine)] == [None, None]
    assert [r.value for r in queries.personal_values(theirs)] == ["2"]
    sealer.seal_pending()
    report = queries.verify()
    assert report.ok
    assert report.sealed == 3
    last = Entry.objects.latest("id")
    assert (last.action, last.object_id, last.after) == (
        "audit.erase_person",
        str(person),
        {"values_erased": 2},
    )


def test_a_person_who_was_erased_gets_a_new_key() -> None:
    person = uuid7()
    before = make_entry(personal=[PersonalField(person, "phone", "1")]).personal[0]["digest"]
    actions.erase_person(ACCEPTOR, person)
    after = make_entry(personal=[PersonalField(person, "phone", "1")]).personal[0]["digest"]
    assert before != after


def test_erasing_somebody_unknown_is_recorded_too() -> None:
    assert actions.erase_person(ACCEPTOR, uuid7()) == 0
    assert Entry.objects.get().action == "audit.erase_person"


def test_a_personal_value_that_was_moved_to_another_field_is_not_shown() -> None:
    person = uuid7()
    entry = make_entry(personal=[PersonalField(person, "phone", "1"), PersonalField(person, "name", "甲")])
    phone, name = PersonalValue.objects.order_by("id")
    PersonalValue.objects.filter(pk=phone.pk).update(ciphertext=name.ciphertext)
    with pytest.raises(ValueError, match="was altered"):
        queries.personal_values(entry)


def test_a_personal_value_that_was_replaced_with_the_right_key_is_not_shown() -> None:
    person = uuid7()
    entry = make_entry(personal=[PersonalField(person, "phone", "1")])
    secret = bytes(SubjectKey.objects.get().secret)
    forged = secrets.encrypt(secret, actions.binding(entry.pk, "phone"), "2")
    PersonalValue.objects.update(ciphertext=forged)
    with pytest.raises(ValueError, match="not the one that was recorded"):
        queries.personal_values(entry)


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_refuses_to_change_the_record(table: str, statement: str) -> None:
    make_entry()
    sealer.seal_pending()
    column = "action = 'x'" if table == "audit_entry" else "sealed_at = now()"
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match=r"is append-only: (UPDATE|DELETE|TRUNCATE) is refused"):
            cursor.execute(statement.format(table, column))


def test_even_a_change_of_no_row_is_refused() -> None:
    with pytest.raises(IntegrityError, match="append-only"):
        Seal.objects.filter(position=999).update(hash=b"")
