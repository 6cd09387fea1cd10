"""What nobody claimed goes; what somebody needs stays, whoever is faster."""

import io
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from yiwang.core import clock
from yiwang.core.accounts.tests.people import actor, person
from yiwang.core.files import actions, store, sweeping, tasks
from yiwang.core.files.models import StoredFile
from yiwang.core.files.tests import on_disk
from yiwang.core.files.tests.factories import PDF, picture

pytestmark = pytest.mark.django_db

LONG_AGO = time.time() - 30 * 24 * 3600


def aged(path: Path) -> Path:
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


def test_cut_off_uploads_go_after_a_day() -> None:
    old, fresh = store.new_draft(), store.new_draft()
    old.write_bytes(b"half")
    fresh.write_bytes(b"half")
    aged(old)
    assert sweeping.forget_drafts() == 1
    assert not old.exists()
    assert fresh.exists()


def test_unclaimed_files_go_after_a_week_and_their_content_with_them() -> None:
    officer = actor(person("officer"))
    unclaimed, claimed = (actions.store(officer, stream=io.BytesIO(c), name="a") for c in (picture(), PDF))
    actions.claim(officer, [claimed.pk], area_code="420117")
    assert tasks.forget_unclaimed_files() == 0
    StoredFile.objects.update(created_at=clock.now() - timedelta(days=8))
    assert tasks.forget_unclaimed_files() == 1
    assert list(StoredFile.objects.all()) == [claimed]
    assert tasks.forget_orphaned_content() == 0
    for file in (unclaimed, claimed):
        aged(on_disk.original(file.sha256))
    assert tasks.forget_orphaned_content() == 1
    assert not on_disk.original(unclaimed.sha256).exists()
    assert not on_disk.thumbnail(unclaimed.sha256).exists()
    assert on_disk.original(claimed.sha256).exists()


def test_content_stays_while_one_of_its_files_does() -> None:
    officer = actor(person("officer"))
    one, two = (actions.store(officer, stream=io.BytesIO(PDF), name="a") for _ in range(2))
    aged(on_disk.original(one.sha256))
    one.delete()
    assert sweeping.forget_orphans() == 0
    two.delete()
    assert sweeping.forget_orphans() == 1


def test_copies_and_probes_that_a_kill_cut_off_go_too(files_dir: Path) -> None:
    strays = [files_dir / "originals" / "ab" / ".cut-off", files_dir / "probe" / "left"]
    for stray in strays:
        stray.parent.mkdir(parents=True)
        stray.write_bytes(b"half")
    assert sweeping.forget_orphans() == 0
    assert all(stray.exists() for stray in strays)
    for stray in strays:
        aged(stray)
    assert sweeping.forget_orphans() == 0
    assert not any(stray.exists() for stray in strays)


def test_a_rolled_back_upload_leaves_an_orphan_and_no_file() -> None:
    officer = actor(person("officer"))
    with transaction.atomic():
        file = actions.store(officer, stream=io.BytesIO(PDF), name="a")
        transaction.set_rollback(True)
    assert not StoredFile.objects.exists()
    assert aged(on_disk.original(file.sha256)).exists()
    assert sweeping.forget_orphans() == 1


@pytest.mark.django_db(transaction=True)
def test_the_sweep_waits_for_an_upload_of_the_same_content() -> None:
    officer = actor(person("officer"))
    with transaction.atomic():
        digest = actions.store(officer, stream=io.BytesIO(PDF), name="a").sha256
        transaction.set_rollback(True)
    aged(on_disk.original(digest))
    swept: list[int] = []

    def sweep() -> None:
        swept.append(sweeping.forget_orphans())
        connection.close()

    thread = threading.Thread(target=sweep)
    with transaction.atomic():
        actions.store(officer, stream=io.BytesIO(PDF), name="a")
        thread.start()
        time.sleep(0.5)
        assert swept == []
    thread.join(10)
    assert swept == [0]
    assert on_disk.original(digest).exists()


UPLOAD = """
    import io, sys, time, uuid
    import django
    from django.conf import settings
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    settings.DATABASES["default"]["HOST"] = sys.argv[2]
    settings.FILES_DIR = sys.argv[3]
    django.setup()
    from django.db import transaction
    from yiwang.core.actor import system
    from yiwang.core.files import actions
    from yiwang.core.files.tests.factories import PDF

    with transaction.atomic():
        file = actions.store(system("upload"), stream=io.BytesIO(PDF), name="a")
        print(file.sha256, flush=True)
        time.sleep(60)
"""


@pytest.mark.django_db(transaction=True)
def test_a_kill_before_the_commit_loses_nothing_that_was_acknowledged(files_dir: Path) -> None:
    reached = connection.get_connection_params()
    victim = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(UPLOAD), reached["dbname"], reached["host"], str(files_dir)],
        stdout=subprocess.PIPE,
    )
    assert victim.stdout is not None
    digest = victim.stdout.readline().decode().strip()
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    victim.stdout.close()
    assert on_disk.original(digest).read_bytes() == PDF
    assert not StoredFile.objects.exists()
    file = actions.store(actor(person("officer")), stream=io.BytesIO(PDF), name="a")
    assert file.sha256 == digest
    assert sweeping.forget_orphans() == 0
