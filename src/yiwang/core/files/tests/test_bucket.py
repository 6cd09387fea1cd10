"""Content in an S3-compatible store: a real server on a real socket, one that fails, and one that never answers."""

import hashlib
import io
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from yiwang.core import clock
from yiwang.core.accounts.tests.people import Browser, actor, person
from yiwang.core.actor import Actor
from yiwang.core.errors import Unavailable
from yiwang.core.files import actions, keepers, moving, store, sweeping
from yiwang.core.files.keepers import BadFilesUrl, Bucket, Folder, S3Address
from yiwang.core.files.models import StoredFile
from yiwang.core.files.tests.factories import PDF, picture, video

pytestmark = pytest.mark.django_db

KEYS = ("test-key", "test-secret", None)
LARGE = video() + (9 * 1024 * 1024).to_bytes(4, "big") + b"free" + os.urandom(9 * 1024 * 1024 - 8)


@pytest.fixture(scope="module")
def server(free_port: int) -> Iterator[str]:
    """The address of an S3 server with an empty bucket `city`."""
    program = Path(sys.prefix) / "s3" / "bin" / "moto_server"
    assert program.exists(), "the S3 server of the tests is missing: run scripts/bootstrap.sh"
    process = subprocess.Popen(
        [program, "-p", str(free_port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{free_port}"
    give_up_at = time.monotonic() + 30
    while True:
        try:
            request = urllib.request.Request(f"{address}/city", method="PUT", data=b"")
            urllib.request.urlopen(request, timeout=5).close()
            break
        except urllib.error.URLError:
            assert time.monotonic() < give_up_at
            time.sleep(0.1)
    yield address
    process.kill()
    process.wait()


@pytest.fixture
def bucket(server: str, settings: Any) -> Bucket:
    """Content goes into the bucket, below a prefix of this test's own."""
    settings.FILES_CREDENTIALS = KEYS
    settings.FILES_URL = f"s3://city/{time.monotonic_ns()}?endpoint={server}&region=us-east-1"
    keeper = store.keeper()
    assert isinstance(keeper, Bucket)
    return keeper


@pytest.fixture
def officer(db: None) -> Actor:
    return actor(person("officer", "files.upload_file"))


def keys(bucket: Bucket) -> list[str]:
    ahead = time.time() + 3600
    return sorted(
        k for folder in ("originals", "thumbnails", "probe") for k in bucket.older_than(folder, ahead)
    )


def test_what_is_uploaded_lies_in_the_bucket_and_nowhere_else(
    bucket: Bucket, officer: Actor, files_dir: Path
) -> None:
    content = picture()
    file = actions.store(officer, stream=io.BytesIO(content), name="现场.jpg")
    assert keys(bucket) == [store.original(file.sha256), store.thumbnail(file.sha256)]
    assert b"".join(bucket.read(store.original(file.sha256), 0, len(content) - 1)) == content
    assert [path for path in files_dir.rglob("*") if path.is_file()] == []


def test_links_serve_whole_and_part_as_from_a_disk(bucket: Bucket) -> None:
    browser = Browser(person("officer", "files.upload_file"))
    upload = io.BytesIO(LARGE)
    upload.name = "巡查.mp4"
    token = browser.client.cookies["csrftoken"].value
    answer = browser.client.post(
        "/api/v1/files", {"file": upload}, headers={"X-CSRFToken": token, "Idempotency-Key": "one"}
    )
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert told["sha256"] == hashlib.sha256(LARGE).hexdigest()
    whole = browser.client.get(told["url"])
    assert whole.getvalue() == LARGE
    part = browser.client.get(told["url"], headers={"Range": "bytes=2097150-4194310"})
    assert (part.status_code, part.getvalue()) == (206, LARGE[2097150:4194311])
    assert part["Content-Range"] == f"bytes 2097150-4194310/{len(LARGE)}"


def test_the_same_content_is_sent_once_and_originals_are_never_written_again(
    bucket: Bucket, officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.store(officer, stream=io.BytesIO(PDF), name="a")
    monkeypatch.setattr(Bucket, "put", lambda *_: pytest.fail("it is there"))
    actions.store(officer, stream=io.BytesIO(PDF), name="b")
    assert StoredFile.objects.count() == 2


def test_what_nobody_needs_is_swept_from_the_bucket(
    bucket: Bucket, officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, left = (actions.store(officer, stream=io.BytesIO(c), name="a") for c in (PDF, picture()))
    actions.claim(officer, [kept.pk], area_code="420117")
    StoredFile.objects.update(created_at=clock.now() - timedelta(days=8))
    assert sweeping.forget_unclaimed() == 1
    assert sweeping.forget_orphans() == 0, "content of today is left alone"
    monkeypatch.setattr(sweeping, "ORPHAN_FOR", timedelta(hours=-1))
    assert sweeping.forget_orphans() == 1
    assert keys(bucket) == [store.original(kept.sha256)]
    assert left.sha256 not in str(keys(bucket))


def test_a_missing_content_is_told_and_not_a_failure(bucket: Bucket, officer: Actor) -> None:
    file = actions.store(officer, stream=io.BytesIO(PDF), name="a")
    assert list(moving.missing(deep=True)) == []
    store.remove(file.sha256)
    store.remove(file.sha256)
    assert list(moving.missing()) == [(file.sha256, "missing")]


def test_trying_it_out_leaves_nothing(bucket: Bucket) -> None:
    name, seconds = moving.try_out()
    assert name.startswith("s3://city/")
    assert "test-secret" not in name
    assert seconds < 10
    assert keys(bucket) == []


def test_a_move_from_disk_to_bucket_copies_checks_and_can_be_run_again(
    server: str, officer: Actor, files_dir: Path
) -> None:
    files = [actions.store(officer, stream=io.BytesIO(c), name="a") for c in (PDF, picture(), LARGE)]
    broken = files_dir / store.original(files[0].sha256)
    broken.chmod(0o640)
    broken.write_bytes(b"x" * len(PDF))
    to = f"s3://city/moved-{time.monotonic_ns()}?endpoint={server}"
    first = moving.copy_to(to, KEYS)
    assert (first.copied, first.there, first.damaged) == (2, 0, (files[0].sha256,))
    assert list(moving.missing(deep=True)) == [(files[0].sha256, "altered")]
    broken.write_bytes(PDF)
    again = moving.copy_to(to, KEYS)
    assert (again.copied, again.there, again.damaged) == (1, 2, ())
    there = keepers.opened(to, KEYS)
    assert isinstance(there, Bucket)
    assert len(keys(there)) == 4
    assert b"".join(there.read(store.original(files[2].sha256), 0, len(LARGE) - 1)) == LARGE


class Unreliable(ThreadingHTTPServer):
    """Stands before the store and answers 503 to as many requests as it is told."""

    def __init__(self, behind: str) -> None:
        self.behind, self.failures, self.seen = behind, 0, 0
        super().__init__(("127.0.0.1", 0), Between)


class Between(BaseHTTPRequestHandler):
    server: Unreliable
    protocol_version = "HTTP/1.1"

    def forward(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.seen += 1
        if self.server.failures > 0:
            self.server.failures -= 1
            self.answer(503, [], b"")
            return
        headers = {"Content-Type": "application/octet-stream", **dict(self.headers)}
        request = urllib.request.Request(
            self.server.behind + self.path, data=body or None, method=self.command, headers=headers
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as told:
                self.answer(told.status, told.getheaders(), told.read())
        except urllib.error.HTTPError as error:
            self.answer(error.code, list(error.headers.items()), error.read())

    def answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        length = next((v for k, v in headers if k.lower() == "content-length"), str(len(body)))
        for name, value in headers:
            if name.lower() not in ("content-length", "connection", "transfer-encoding", "server", "date"):
                self.send_header(name, value)
        self.send_header("Content-Length", length)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = forward

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def unreliable(server: str) -> Iterator[Unreliable]:
    one = Unreliable(server)
    thread = threading.Thread(target=one.serve_forever)
    thread.start()
    yield one
    one.shutdown()
    one.server_close()
    thread.join()


def test_a_store_that_stumbles_is_asked_again(unreliable: Unreliable, settings: Any, officer: Actor) -> None:
    settings.FILES_CREDENTIALS = KEYS
    settings.FILES_URL = f"s3://city/stumbling?endpoint=http://127.0.0.1:{unreliable.server_port}"
    unreliable.failures = 2
    file = actions.store(officer, stream=io.BytesIO(PDF), name="a")
    assert unreliable.failures == 0
    assert b"".join(store.read_part(store.original(file.sha256), 0, len(PDF) - 1)) == PDF


def test_a_store_that_stays_away_refuses_the_upload_whole_and_says_so(
    unreliable: Unreliable, settings: Any, files_dir: Path
) -> None:
    settings.FILES_CREDENTIALS = KEYS
    settings.FILES_URL = f"s3://city/away?endpoint=http://127.0.0.1:{unreliable.server_port}&timeout=2"
    browser = Browser(person("officer", "files.upload_file"))
    unreliable.failures = 1000
    upload = io.BytesIO(PDF)
    upload.name = "a.pdf"
    token = browser.client.cookies["csrftoken"].value
    answer = browser.client.post(
        "/api/v1/files", {"file": upload}, headers={"X-CSRFToken": token, "Idempotency-Key": "one"}
    )
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "files_away", "10")
    assert not StoredFile.objects.exists()
    assert [path for path in files_dir.rglob("*") if path.is_file()] == []
    unreliable.failures = 0
    upload.seek(0)
    answer = browser.client.post(
        "/api/v1/files", {"file": upload}, headers={"X-CSRFToken": token, "Idempotency-Key": "one"}
    )
    assert answer.status_code == 201, "the same request again, with its key, once the store is back"


def test_a_store_that_never_answers_is_given_up(settings: Any, officer: Actor) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=50) as silent:
        settings.FILES_CREDENTIALS = KEYS
        settings.FILES_URL = f"s3://city/silent?endpoint=http://127.0.0.1:{silent.getsockname()[1]}&timeout=1"
        started_at = time.monotonic()
        with pytest.raises(Unavailable) as refused:
            actions.store(officer, stream=io.BytesIO(PDF), name="a")
        assert time.monotonic() - started_at < 8
    assert "test-secret" not in str(refused.value.__cause__)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("s3://city?endpoint=ftp://x", "endpoint"),
        ("s3://city?colour=red", "colour"),
        ("s3://city?style=odd", "style"),
        ("s3://city?timeout=0", "timeout"),
        ("s3://key:secret@city", "environment"),
        ("gopher://city", "must be"),
        ("file://host/path", "must be"),
    ],
)
def test_an_address_that_cannot_be_used_is_told_by_its_part(url: str, said: str) -> None:
    with pytest.raises(BadFilesUrl, match=said):
        keepers.opened(url, KEYS)


def test_addresses_are_read(tmp_path: Path) -> None:
    assert keepers.opened(tmp_path.as_uri(), None) == Folder(tmp_path)
    where = S3Address.read(
        "s3://city/a/b/?endpoint=https://oss.example.cn/&region=cn-1&style=virtual&checksum=none"
    )
    assert (where.bucket, where.prefix, where.endpoint) == ("city", "a/b", "https://oss.example.cn")
    assert (where.region, where.is_virtual, where.checks, where.timeout_s) == ("cn-1", True, False, 30)
    with pytest.raises(BadFilesUrl, match="AWS_ACCESS_KEY_ID"):
        keepers.opened("s3://city", None)
