"""One sequencer, batches, nothing passed by."""

import json
import threading
from collections.abc import Callable

import pytest
from django.db import close_old_connections, connection, transaction

from yiwang.core import clock
from yiwang.core.audit import anchors, queries, sealer
from yiwang.core.audit.models import Entry, Seal, Unsealed
from yiwang.core.audit.tests.factories import make_entries, make_entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def audit_dir(tmp_path, settings):
    settings.AUDIT_DIR = tmp_path / "audit"


def in_thread(work: Callable[[], None]) -> threading.Thread:
    """`work` on a connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_every_entry_gets_one_seal_in_order() -> None:
    entries = make_entries(5)
    assert sealer.seal_pending(batch=2) == 5
    seals = Seal.objects.order_by("position")
    assert [seal.position for seal in seals] == [0, 1, 2, 3, 4, 5]
    assert [seal.entry_id for seal in seals] == [None, *(entry.pk for entry in entries)]
    assert not Unsealed.objects.exists()
    assert sealer.seal_pending() == 0


def test_a_chain_goes_on_where_it_stopped() -> None:
    make_entries(2)
    sealer.seal_pending()
    make_entries(2)
    sealer.seal_pending()
    assert queries.verify().sealed == 4
    assert queries.verify().ok


def test_nothing_to_seal_makes_no_chain() -> None:
    assert sealer.seal_pending() == 0
    assert not Seal.objects.exists()
    assert queries.verify().ok


def test_a_batch_costs_the_same_statements_as_one_entry(django_assert_num_queries) -> None:
    make_entry()
    sealer.seal_pending()
    statements = 9  # savepoint, lock, sync, queue, head, entries, seals, queue emptied, release
    make_entry()
    with django_assert_num_queries(statements):
        sealer.seal_batch()
    make_entries(300)
    with django_assert_num_queries(statements):
        assert sealer.seal_batch() == 300


def test_an_entry_written_behind_the_models_back_is_sealed_too() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_entry (at, actor_name, post, via, action, object_type, object_id, personal)"
            " SELECT now(), 'x', '', 'console', 'a.b', 'x', '1', '[]' FROM generate_series(1, 2)"
        )
    assert sealer.seal_pending() == 2


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_commits_late_is_sealed_after_those_that_overtook_it() -> None:
    written, go_on = threading.Event(), threading.Event()
    late: list[int] = []

    @transaction.atomic
    def write_slowly() -> None:
        late.append(make_entry(1).pk)
        written.set()
        assert go_on.wait(10)

    thread = in_thread(write_slowly)
    assert written.wait(10)
    early = make_entry(2).pk
    assert early > late[0]
    assert sealer.seal_pending() == 1
    go_on.set()
    thread.join(10)
    assert sealer.seal_pending() == 1
    assert list(Seal.objects.order_by("position").values_list("entry_id", flat=True)) == [
        None,
        early,
        late[0],
    ]
    assert queries.verify().ok


@pytest.mark.django_db(transaction=True)
def test_a_second_sealer_keeps_away_while_one_is_at_work() -> None:
    make_entry()
    holding, done = threading.Event(), threading.Event()

    @transaction.atomic
    def hold() -> None:
        assert sealer.seal_batch() == 1
        holding.set()
        assert done.wait(10)

    thread = in_thread(hold)
    assert holding.wait(10)
    make_entry()
    assert sealer.seal_pending() == 0
    done.set()
    thread.join(10)
    assert sealer.seal_pending() == 1
    assert queries.verify().sealed == 2


@pytest.mark.django_db(transaction=True)
def test_writers_and_sealers_at_once_leave_one_sound_chain() -> None:
    stop = threading.Event()

    def seal() -> None:
        while not stop.is_set():
            sealer.seal_pending(batch=3)

    sealers = [in_thread(seal) for _ in range(2)]
    writers = [in_thread(lambda: make_entries(25) and None) for _ in range(3)]
    for writer in writers:
        writer.join(30)
    stop.set()
    for thread in sealers:
        thread.join(30)
    sealer.seal_pending()
    report = queries.verify()
    assert report.ok
    assert report.sealed == Entry.objects.count() == 75
    close_old_connections()


def test_the_head_is_anchored_outside_the_database_and_not_twice() -> None:
    make_entries(3)
    worker = sealer.Sealer()
    assert worker.turn() == 3
    worker.anchor()
    sealer.Sealer().anchor()
    [line] = anchors.path().read_text().splitlines()
    head = Seal.objects.get(position=3)
    genesis = Seal.objects.get(position=0)
    assert json.loads(line)["position"] == 3
    assert json.loads(line)["hash"] == bytes(head.hash).hex()
    assert json.loads(line)["chain"] == bytes(genesis.hash).hex()
    report = queries.verify()
    assert (report.ok, report.anchors_met, report.anchored_to) == (True, 1, 3)


def test_anchors_come_at_most_every_ten_seconds() -> None:
    worker = sealer.Sealer()
    start = clock.now()
    for second in range(0, 25, 5):
        with clock.frozen(start + second * sealer.ANCHOR_EVERY / 10):
            make_entry(second)
            worker.turn()
    positions = [json.loads(line)["position"] for line in anchors.path().read_text().splitlines()]
    assert positions == [1, 3, 5]


def test_a_line_that_a_crash_cut_short_does_not_swallow_the_next() -> None:
    make_entry()
    worker = sealer.Sealer()
    anchors.path().parent.mkdir(parents=True)
    anchors.path().write_bytes(b'{"chain": "00", "posi')
    worker.turn()
    report = queries.verify()
    assert (report.ok, report.anchors_met, report.unreadable_anchors) == (True, 1, 1)


def test_anchors_of_another_database_are_counted_apart() -> None:
    anchors.append(b"\x01" * 32, 77, b"\x02" * 32, clock.now())
    make_entry()
    sealer.Sealer().turn()
    report = queries.verify()
    assert (report.ok, report.other_chains, report.anchors_met) == (True, 1, 1)
