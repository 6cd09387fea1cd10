"""Whoever has the tables' owner on their side can change them, and is found out."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiwang.core.audit import queries, sealer
from yiwang.core.audit.actions import PersonalField
from yiwang.core.audit.models import Entry, Seal, Unsealed
from yiwang.core.audit.tests.factories import guards_off, make_entry
from yiwang.core.ids import uuid7

pytestmark = pytest.mark.django_db

LENGTH = 12
FORGED = {
    "id": "id + 1000",
    "at": "at + interval '1 microsecond'",
    "actor_id": "gen_random_uuid()",
    "actor_name": "actor_name || '.'",
    "post": "post || '.'",
    "ip": "'10.1.2.4'",
    "via": "'import'",
    "action": "'cases.close_case'",
    "object_type": "'task'",
    "object_id": "object_id || '0'",
    "before": "'{}'",
    "after": "jsonb_set(after, '{lon}', '114.80170000000000001')",
    "personal": "'[]'",
}
FORGED_SEALS = {
    "entry_id": "(SELECT max(entry_id) + 1 FROM audit_seal)",
    "hash": "decode(md5('x') || md5('y'), 'hex')",
    "sealed_at": "sealed_at + interval '1 microsecond'",
    "position": "position + 1000",
}


@pytest.fixture
def chain(tmp_path, settings) -> None:
    """A sealed and anchored chain, its guards switched off; all within the test's transaction."""
    settings.AUDIT_DIR = tmp_path / "audit"
    person = uuid7()
    for number in range(LENGTH):
        make_entry(number, personal=[PersonalField(person, "phone", f"1387123{number:04}")])
    worker = sealer.Sealer()
    worker.turn()
    assert queries.verify().ok
    assert queries.verify().anchors_met == 1
    with guards_off():
        yield


def break_found(statement: str, *values: object) -> queries.Broken | None:
    """What verify says after a statement, which is then undone."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount > 0
        broken = queries.verify().broken
        transaction.set_rollback(True)
    return broken


def entry_at(position: int) -> int:
    return Seal.objects.get(position=position).entry_id


def test_the_list_of_forgeries_is_complete() -> None:
    assert set(FORGED) == {field.attname for field in Entry._meta.concrete_fields}
    assert set(FORGED_SEALS) == {field.attname for field in Seal._meta.concrete_fields}


@pytest.mark.parametrize("column", FORGED)
def test_any_altered_field_of_any_sealed_entry_is_found(chain, column: str) -> None:
    for position in (1, LENGTH // 2, LENGTH):
        broken = break_found(
            f"UPDATE audit_entry SET {column} = {FORGED[column]} WHERE id = %s", entry_at(position)
        )
        assert broken is not None
        assert broken.position == position
        assert broken.reason == ("entry_missing" if column == "id" else "altered")


@pytest.mark.parametrize("column", FORGED_SEALS)
def test_any_altered_field_of_any_seal_is_found(chain, column: str) -> None:
    for position in (1, LENGTH // 2, LENGTH):
        broken = break_found(
            f"UPDATE audit_seal SET {column} = {FORGED_SEALS[column]} WHERE position = %s", position
        )
        assert broken is not None
        assert broken.position == position


@pytest.mark.parametrize("column", ["hash", "sealed_at"])
def test_an_altered_genesis_is_found(chain, column: str) -> None:
    broken = break_found(f"UPDATE audit_seal SET {column} = {FORGED_SEALS[column]} WHERE position = 0")
    assert broken is not None
    assert (broken.reason, broken.position) == ("altered", 1)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.integers(1, LENGTH), seal_too=st.booleans())
def test_a_deleted_entry_is_found(chain, position: int, seal_too: bool) -> None:
    statement = "WITH e AS (DELETE FROM audit_entry WHERE id = %s RETURNING id) "
    statement += "DELETE FROM audit_seal USING e WHERE entry_id = e.id" if seal_too else "SELECT id FROM e"
    broken = break_found(statement, entry_at(position))
    assert broken is not None
    assert broken.position == position
    if not seal_too:
        assert broken.reason == "entry_missing"
    else:
        assert broken.reason == ("tail_cut" if position == LENGTH else "seal_missing")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pair=st.sets(st.integers(1, LENGTH), min_size=2, max_size=2))
def test_two_swapped_seals_are_found(chain, pair: set[int]) -> None:
    first, second = sorted(pair)
    with transaction.atomic(), connection.cursor() as cursor:
        entries = entry_at(first), entry_at(second)
        cursor.execute("ALTER TABLE audit_seal DROP CONSTRAINT audit_seal_entry_id_key")
        cursor.execute("UPDATE audit_seal SET entry_id = %s WHERE position = %s", [entries[1], first])
        cursor.execute("UPDATE audit_seal SET entry_id = %s WHERE position = %s", [entries[0], second])
        broken = queries.verify().broken
        transaction.set_rollback(True)
    assert broken == queries.Broken("altered", first, entries[1])


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(left=st.integers(0, LENGTH - 1))
def test_a_cut_tail_is_found(chain, left: int) -> None:
    statement = (
        "WITH s AS (DELETE FROM audit_seal WHERE position > %s RETURNING entry_id)"
        " DELETE FROM audit_entry USING s WHERE id = s.entry_id"
    )
    broken = break_found(statement, left)
    assert broken == queries.Broken("tail_cut", left + 1)


def test_a_tail_cut_and_sealed_anew_is_found(chain) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_seal WHERE position > 5 RETURNING entry_id")
        entries = [row[0] for row in cursor.fetchall()]
        Entry.objects.filter(pk=entries[0]).update(action="nothing.happened")
        Unsealed.objects.bulk_create(Unsealed(entry_id=entry) for entry in entries)
        assert sealer.seal_pending() == LENGTH - 5
        broken = queries.verify().broken
        transaction.set_rollback(True)
    assert broken is not None
    assert (broken.reason, broken.position) == ("anchor_differs", LENGTH)


def test_an_entry_slipped_in_beside_the_chain_is_found(chain) -> None:
    with transaction.atomic():
        slipped = make_entry(99)
        broken = queries.verify().broken
        transaction.set_rollback(True)
    assert broken == queries.Broken("outside_chain", LENGTH + 1, slipped.pk)


def test_entries_that_wait_are_counted_and_no_break(tmp_path, settings) -> None:
    settings.AUDIT_DIR = tmp_path
    make_entry()
    sealer.seal_pending()
    make_entry()
    report = queries.verify()
    assert (report.ok, report.sealed, report.waiting) == (True, 1, 1)


def test_verify_reads_in_chunks(tmp_path, settings, monkeypatch, django_assert_num_queries) -> None:
    settings.AUDIT_DIR = tmp_path
    for number in range(10):
        make_entry(number)
    sealer.seal_pending()
    monkeypatch.setattr(queries, "_CHUNK", 4)
    with django_assert_num_queries(1 + 2 * 3 + 1 + 1):
        assert queries.verify().sealed == 10


def test_a_long_time_between_seals_changes_nothing(tmp_path, settings) -> None:
    from yiwang.core import clock

    settings.AUDIT_DIR = tmp_path
    for days in (0, 400):
        with clock.frozen(clock.now() + timedelta(days=days)):
            make_entry(days)
            sealer.seal_pending()
    assert queries.verify().ok


def test_the_finding_reads_well_at_a_terminal(chain) -> None:
    assert str(queries.verify()) == f"OK: {LENGTH} sealed, 0 waiting, anchored to {LENGTH} (1 anchors met)"
    broken = break_found("UPDATE audit_entry SET post = 'x' WHERE id = %s", entry_at(3))
    assert str(broken) == f"记录或封条与封存时不符 (altered) at position 3, entry {entry_at(3)}"
