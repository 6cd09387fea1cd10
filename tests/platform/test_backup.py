"""A backup while people write, and the way back: on a real cluster, with files, through the command."""

import hashlib
import json
import os
import shutil
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.platform.running_platform import RunningPlatform
from yiwang.core import clock
from yiwang.core.accounts.models import PasswordLink
from yiwang.core.accounts.tests.people import Browser, person
from yiwang.core.exports.models import Export
from yiwang.core.notify import deliveries
from yiwang.core.notify.models import Delivery, Notice
from yiwang.core.notify.rules import CHANNELS
from yiwang.project.backup import manifest, shelf
from yiwang.project.backup.checking import differences, faults
from yiwang.project.backup.making import contents_known, linked
from yiwang.project.backup.manifest import BadBackup, StoredContent, TableState
from yiwang.project.backup.restoring import end_what_lived
from yiwang.project.supervisor import orphans

MOMENTS = st.datetimes(timezones=st.just(UTC), min_value=datetime(2026, 1, 1), max_value=datetime(2027, 1, 1))  # noqa: DTZ001


@given(MOMENTS, st.integers(0, 23))
def test_a_night_is_due_once(now: datetime, hour: int) -> None:
    assert shelf.is_due(now, hour, now - timedelta(days=1, minutes=1))
    assert not shelf.is_due(now, hour, now)


def test_the_same_rows_are_no_difference_and_others_are_named() -> None:
    a, b = TableState(3, "7"), TableState(3, "8")
    assert differences({"x": a}, {"x": a}) == ()
    found = differences({"x": a, "gone": a}, {"x": b, "new": b})
    assert [(one.table, one.expected, one.found) for one in found] == [
        ("gone", 3, -1),
        ("new", -1, 3),
        ("x", 3, 3),
    ]


CONTENT = b"what somebody photographed"
DIGEST = "ab" + "0" * 62
KEY = f"originals/ab/{DIGEST}"


def listing(folder: Path, *contents: StoredContent) -> Path:
    """A folder whose list names these contents."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(asdict(one)) + "\n" for one in contents)
    (folder / manifest.FILE_LIST).write_text("".join(lines))
    return folder


@pytest.mark.parametrize(
    "key",
    [
        "../../etc/cron.d/x", f"/originals/ab/{DIGEST}", f"originals/ab/../{DIGEST}", f"originals/cd/{DIGEST}",
        f"{KEY}\n", f"thumbnails/ab/{DIGEST}", f"aside/imports/{DIGEST}", 7,
    ],
)  # fmt: skip
def test_a_list_that_names_anything_but_content_is_refused(tmp_path: Path, key: str) -> None:
    """Also when it fits its manifest, which anybody can write."""
    with pytest.raises(BadBackup, match="line 1 names no content"):
        list(manifest.contents(listing(tmp_path, StoredContent(key, 1, DIGEST))))
    with pytest.raises(BadBackup, match="line 1 names no content"):
        list(manifest.contents(listing(tmp_path, StoredContent(KEY, 1, "f" * 64))))
    good = [StoredContent(KEY, 1, DIGEST), StoredContent(f"thumbnails/ab/{DIGEST}.webp", 1, "f" * 64)]
    assert list(manifest.contents(listing(tmp_path, *good))) == good


def test_damaged_content_is_never_linked_into_the_next_backup(tmp_path: Path) -> None:
    digest = hashlib.sha256(CONTENT).hexdigest()
    known = StoredContent(f"originals/{digest[:2]}/{digest}", len(CONTENT), digest)
    before = tmp_path / "earlier" / "files" / known.key
    before.parent.mkdir(parents=True)
    before.write_bytes(CONTENT)
    assert linked(known, tmp_path / "a", tmp_path / "earlier") == known
    before.unlink()
    before.write_bytes(b"X" + CONTENT[1:])
    assert linked(known, tmp_path / "b", tmp_path / "earlier") is None
    assert contents_known(tmp_path / "earlier") == {}


@pytest.mark.django_db
def test_what_lived_then_does_not_live_again(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR, aside = tmp_path, tmp_path / "aside" / "exports" / "x"
    aside.parent.mkdir(parents=True)
    aside.write_bytes(CONTENT)
    os.utime(aside, (0, 0))
    user, now = person("anna"), clock.now()
    browser = Browser(user)
    PasswordLink.objects.create(user=user, digest=b"a" * 32, expires_at=now, used_at=None)
    used = PasswordLink.objects.create(user=user, digest=b"b" * 32, expires_at=now, used_at=now)
    for state in Export.State:
        Export.objects.create(
            owner=user, list_key="x", columns=[], state=state, size_bytes=1,
            ended_at=None if state in ("waiting", "running") else now,
        )  # fmt: skip
    notice = Notice.objects.create(user=user, kind="x")
    for state, channel in zip(("waiting", "sending", "sent"), CHANNELS, strict=False):
        Delivery.objects.create(notice=notice, channel=channel, state=state, due_at=now)
    end_what_lived()
    assert not aside.exists()
    assert browser.get("/cases").status_code == 401
    assert list(PasswordLink.objects.all()) == [used]
    assert Counter(Export.objects.values_list("state", flat=True)) == {"gone": 4, "failed": 1, "stopped": 1}
    rows = list(Delivery.objects.order_by("id").values_list("state", "reason"))
    assert rows == [("dead", "restored"), ("dead", "restored"), ("sent", "")]
    assert deliveries.send_waiting() == 0


def sql(home: Path, statement: str) -> list[tuple[object, ...]]:
    from yiwang.project.cluster import url_of
    from yiwang.project.cluster.place import find_place

    with psycopg.connect(url_of(find_place(home / "var" / "pg"), "yiwang"), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


INSERT_FILE = (
    "INSERT INTO files_storedfile (id, sha256, size_bytes, media_type, name, area_code, created_at)"
    " VALUES (gen_random_uuid(), '{}', {}, 'image/jpeg', 'photo.jpg', '', now())"
)


@pytest.fixture(scope="module")
def backed_up(platform: RunningPlatform) -> tuple[RunningPlatform, Path]:
    """A running platform with one file, and its backup, made while it runs."""
    # A platform that is new before two in the night makes its nightly one beside ours.
    sql(platform.home, "INSERT INTO parameters_setvalue VALUES ('backup.nightly', 'false', 1, now(), 'x')")
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    place = platform.home / "var" / "files" / "originals" / sha256[:2] / sha256
    place.parent.mkdir(parents=True)
    place.write_bytes(CONTENT)
    sql(platform.home, INSERT_FILE.format(sha256, len(CONTENT)))
    made = platform.yiwang("backup")
    assert made.returncode == 0, made.stderr
    [name] = shelf.names(platform.home / "var" / "backups")
    return platform, platform.home / "var" / "backups" / name


@pytest.mark.full
def test_a_backup_of_a_running_platform_is_whole_and_tried_out(
    backed_up: tuple[RunningPlatform, Path],
) -> None:
    platform, folder = backed_up
    assert faults(folder) == []
    found = manifest.read(folder)
    assert found.files == 1
    assert found.tables["codes_codeitem"].rows > 20
    tried = platform.yiwang("restore", str(folder), "--trial")
    assert tried.returncode == 0, tried.stdout + tried.stderr
    assert "equal" in tried.stdout
    assert "audit chain: OK" in tried.stdout
    names = sql(platform.home, "SELECT datname FROM pg_database WHERE datname LIKE 'trial%'")
    assert names == []


@pytest.mark.full
def test_a_second_backup_links_what_the_first_has(backed_up: tuple[RunningPlatform, Path]) -> None:
    platform, folder = backed_up
    assert platform.yiwang("backup").returncode == 0
    [second, first] = shelf.listed(folder.parent)
    file = next(manifest.contents(folder)).key
    inodes = {(folder.parent / one.id / "files" / file).stat().st_ino for one in (first, second)}
    assert len(inodes) == 1
    assert shelf.keep_newest(folder.parent, 1) == [first.id]
    shutil.copytree(folder.parent / second.id, folder)


@pytest.mark.full
def test_a_running_platform_is_not_restored_over(backed_up: tuple[RunningPlatform, Path]) -> None:
    platform, folder = backed_up
    refused = platform.yiwang("restore", str(folder), "--replace")
    assert refused.returncode == 1
    assert "runs here already" in refused.stderr


def damage(folder: Path, to: Path, **changes: object) -> Path:
    """A copy of a backup whose manifest says something else."""
    shutil.copytree(folder, to)
    file = to / manifest.MANIFEST
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))
    return to


@pytest.mark.full
def test_what_is_damaged_or_newer_is_refused(backed_up: tuple[RunningPlatform, Path], tmp_path: Path) -> None:
    _, folder = backed_up
    with pytest.raises(BadBackup, match="damaged"):
        manifest.read(damage(folder, tmp_path / "a", version="9"))
    with pytest.raises(BadBackup, match="newer version"):
        manifest.read(damage(folder, tmp_path / "b", format=99))
    (tmp_path / "a" / manifest.MANIFEST).write_text("{")
    with pytest.raises(BadBackup, match="no manifest"):
        manifest.read(tmp_path / "a")
    shutil.copytree(folder, tmp_path / "c")
    (tmp_path / "c" / manifest.DUMP).write_bytes(b"x")
    [content] = (one for one in (tmp_path / "c" / "files").rglob("*") if one.is_file())
    content.unlink()
    assert faults(tmp_path / "c") == [manifest.DUMP, next(manifest.contents(folder)).key]


@pytest.mark.full
def test_all_of_it_comes_back(backed_up: tuple[RunningPlatform, Path]) -> None:
    platform, folder = backed_up
    sql(platform.home, "INSERT INTO parameters_setvalue VALUES ('later', '1', 1, now(), 'x')")
    platform.stop()
    orphans.end(orphans.find(platform.home / "var"))
    shutil.rmtree(platform.home / "var" / "files")
    refused = platform.yiwang("restore", str(folder))
    assert refused.returncode == 1
    assert "Say --replace" in refused.stderr
    done = platform.yiwang("restore", str(folder), "--replace")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "all equal (1 files were put back)" in done.stdout
    assert "kept as database yiwang_before_restore" in done.stdout
    assert "audit chain: OK" in done.stdout
    [content] = (one for one in (platform.home / "var" / "files" / "originals").rglob("*") if one.is_file())
    assert content.read_bytes() == CONTENT
    assert platform.yiwang("audit", "verify").returncode == 0
    assert platform.yiwang("restore", str(folder)).returncode == 1, "it is not empty again"
