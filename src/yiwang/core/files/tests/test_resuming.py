"""Uploads that resume, over HTTP as a tus client speaks: broken in the middle, twice at once, wrong, swept."""

import base64
import hashlib
import io
import os
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.http import UnreadablePostError
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core import clock
from yiwang.core.accounts.tests.people import Browser, actor, person
from yiwang.core.errors import Conflict, Invalid, Unavailable
from yiwang.core.files import actions, keepers, resuming, store, tasks
from yiwang.core.files.models import StoredFile, Upload, UploadPart
from yiwang.core.files.resuming import Checksum, Joined
from yiwang.core.files.tests.factories import PDF, picture, video
from yiwang.core.ids import uuid7

pytestmark = pytest.mark.django_db
MIB = 1024 * 1024
LARGE = video() + (9 * MIB).to_bytes(4, "big") + b"free" + os.urandom(9 * MIB - 8)


class Tus(Browser):
    """A browser that uploads in parts."""

    def send(self, method: str, path: str, body: bytes = b"", **headers: str) -> Any:
        sent = {"X-CSRFToken": self.client.cookies["csrftoken"].value, "Tus-Resumable": "1.0.0"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        kind = "application/offset+octet-stream"
        return self.client.generic(method, path, body, content_type=kind, headers=sent)

    def begin(self, length: int, name: str = "巡查.mp4", chosen: UUID | None = None) -> Any:
        told = f"filename {base64.b64encode(name.encode()).decode()}"
        if chosen:
            told += f",id {base64.b64encode(str(chosen).encode()).decode()}"
        return self.send("POST", "/api/v1/uploads", Upload_Length=str(length), Upload_Metadata=told)

    def part(self, path: str, offset: int, body: bytes, **headers: str) -> Any:
        return self.send("PATCH", path, body, Upload_Offset=str(offset), **headers)


@pytest.fixture
def officer() -> Tus:
    return Tus(person("officer", "files.upload_file"))


def left_on_disk(files_dir: Path) -> list[str]:
    return sorted(str(p.relative_to(files_dir)) for p in files_dir.rglob("*") if p.is_file())


def test_an_upload_in_parts_is_the_file_that_was_sent_under_the_id_that_was_chosen(
    officer: Tus, files_dir: Path
) -> None:
    chosen = uuid7()
    made = officer.begin(len(LARGE), chosen=chosen)
    path = made["Location"]
    assert (made.status_code, path, made["Tus-Resumable"]) == (201, f"/api/v1/uploads/{chosen}", "1.0.0")
    assert officer.begin(len(LARGE), chosen=chosen)["Location"] == path
    for start in range(0, len(LARGE), 3 * MIB):
        asked = officer.send("HEAD", path)
        assert (asked["Upload-Offset"], asked["Upload-Length"]) == (str(start), str(len(LARGE)))
        assert asked["Cache-Control"] == "no-store"
        taken = officer.part(path, start, LARGE[start : start + 3 * MIB])
        assert taken.status_code == 204, taken.content
    assert taken["Upload-Offset"] == str(len(LARGE))
    told = officer.get(f"/uploads/{chosen}").json()
    assert told["file"]["id"] == str(chosen)
    assert told["file"]["sha256"] == hashlib.sha256(LARGE).hexdigest()
    assert officer.client.get(told["file"]["url"]).getvalue() == LARGE
    assert StoredFile.objects.get().name == "巡查.mp4"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_but_the_file(officer: Tus, files_dir: Path) -> None:
    path = officer.begin(len(PDF), "a.pdf")["Location"]
    officer.part(path, 0, PDF[:100])
    officer.part(path, 100, PDF[100:])
    digest = StoredFile.objects.get().sha256
    assert left_on_disk(files_dir) == [store.original(digest)]
    assert not UploadPart.objects.exists()


class Breaking(io.BytesIO):
    """A body whose line breaks after so many bytes."""

    def __init__(self, content: bytes, breaks_at: int) -> None:
        super().__init__(content)
        self.breaks_at = breaks_at

    def read(self, size: int | None = -1) -> bytes:
        left = self.breaks_at - self.tell()
        if left <= 0:
            raise UnreadablePostError("connection reset")
        return super().read(min(size if size and size > 0 else left, left))


def test_what_came_before_a_break_counts_and_the_rest_goes_on(files_dir: Path) -> None:
    who = actor(person("walker", "files.upload_file"))
    upload = resuming.begin(who, length=len(LARGE), name="a.mp4", upload_id=None)
    broken = resuming.append(who, upload.pk, offset=0, stream=Breaking(LARGE, 5 * MIB + 17), checksum=None)
    assert broken.offset == 5 * MIB + 17
    rest = cast(BinaryIO, io.BytesIO(LARGE[broken.offset :]))
    done = resuming.append(who, upload.pk, offset=broken.offset, stream=rest, checksum=None)
    assert done.file is not None
    assert done.file.sha256 == hashlib.sha256(LARGE).hexdigest()


def test_a_part_with_a_checksum_counts_whole_or_not_at_all(officer: Tus) -> None:
    path = officer.begin(len(PDF), "a.pdf")["Location"]

    def checksum(body: bytes, algorithm: str = "sha256") -> str:
        return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, body).digest()).decode()}"

    wrong = officer.part(path, 0, PDF[:50], Upload_Checksum=checksum(b"other"))
    assert (wrong.status_code, wrong.json()["code"]) == (460, "checksum_mismatch")
    cut = officer.part(path, 0, PDF[:30], Upload_Checksum=checksum(PDF[:50]))
    assert cut.status_code == 460
    assert officer.send("HEAD", path)["Upload-Offset"] == "0"
    unknown = officer.part(path, 0, PDF[:50], Upload_Checksum="crc32 AAAA")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "bad_checksum")
    assert officer.part(path, 0, PDF[:50], Upload_Checksum=checksum(PDF[:50], "sha1")).status_code == 204
    assert officer.part(path, 50, PDF[50:], Upload_Checksum=checksum(PDF[50:])).status_code == 204
    assert StoredFile.objects.get().size_bytes == len(PDF)


def test_a_part_at_another_place_is_refused_with_where_it_is(officer: Tus) -> None:
    path = officer.begin(len(PDF), "a.pdf")["Location"]
    officer.part(path, 0, PDF[:50])
    for offset in (0, 20, 51, len(PDF)):
        answer = officer.part(path, offset, PDF[50:])
        assert (answer.status_code, answer.json()["params"]) == (409, {"offset": 50})
    assert officer.part(path, 50, PDF[50:] + b"x").json()["code"] == "more_than_announced"


@pytest.mark.django_db(transaction=True)
def test_of_two_parts_at_once_one_counts(files_dir: Path) -> None:
    who = actor(person("walker", "files.upload_file"))
    upload = resuming.begin(who, length=len(LARGE), name="a.mp4", upload_id=None)
    start, results = threading.Barrier(2), []

    def send() -> None:
        start.wait()
        try:
            body = cast(BinaryIO, io.BytesIO(LARGE[: 2 * MIB]))
            results.append(resuming.append(who, upload.pk, offset=0, stream=body, checksum=None).offset)
        except Conflict as error:
            results.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results, key=str) == [2 * MIB, "wrong_offset"]
    assert UploadPart.objects.count() == 1
    assert len(left_on_disk(files_dir)) == 1, "the other's bytes are gone"


def test_what_is_not_taken_is_refused_with_its_first_part_and_stays_refused(
    officer: Tus, files_dir: Path
) -> None:
    path = officer.begin(10 * MIB, "a.exe")["Location"]
    refused = officer.part(path, 0, b"MZ" * 100)
    assert (refused.status_code, refused.json()["code"]) == (422, "file_type_not_taken")
    gone = officer.send("HEAD", path)
    assert gone.status_code == 410
    assert officer.get(path.removeprefix("/api/v1")).json()["params"] == {"reason": "file_type_not_taken"}
    assert left_on_disk(files_dir) == []


def test_a_picture_larger_than_pictures_may_be_is_refused_with_its_first_part(officer: Tus) -> None:
    path = officer.begin(30 * MIB, "a.jpg")["Location"]
    assert officer.part(path, 0, picture()).json()["code"] == "file_too_large"


def test_a_damaged_file_is_found_out_at_the_end(officer: Tus, files_dir: Path) -> None:
    broken = picture(size=(640, 480))[:-200]
    path = officer.begin(len(broken), "a.jpg")["Location"]
    assert officer.part(path, 0, broken[:500]).status_code == 204
    assert officer.part(path, 500, broken[500:]).json()["code"] == "file_damaged"
    assert officer.part(path, 500, broken[500:]).status_code == 410
    assert left_on_disk(files_dir) == []


def test_tiny_parts_are_parts(officer: Tus) -> None:
    path = officer.begin(len(PDF), "a.pdf")["Location"]
    for at, one in enumerate(PDF[:70]):
        assert officer.part(path, at, bytes([one])).status_code == 204
    officer.part(path, 70, PDF[70:])
    assert StoredFile.objects.get().media_type == "application/pdf"


def test_lengths_that_cannot_be(officer: Tus) -> None:
    assert (officer.begin(101 * MIB).status_code, officer.begin(0).status_code) == (413, 422)
    bad = officer.send("POST", "/api/v1/uploads", Upload_Length="many")
    assert (bad.status_code, bad.json()["field"]) == (422, "Upload-Length")
    odd = officer.send("POST", "/api/v1/uploads", Upload_Length="5", Upload_Metadata="filename ???")
    assert odd.json()["code"] == "bad_metadata"


def test_the_protocol_is_the_one_that_is_spoken(officer: Tus) -> None:
    told = officer.client.options("/api/v1/uploads")
    assert (told.status_code, told["Tus-Version"], told["Tus-Max-Size"]) == (204, "1.0.0", str(100 * MIB))
    assert set(told["Tus-Extension"].split(",")) == {"creation", "checksum", "expiration", "termination"}
    other = officer.send("POST", "/api/v1/uploads", Tus_Resumable="0.2.2", Upload_Length="5")
    assert (other.status_code, other["Tus-Version"]) == (412, "1.0.0")
    path = officer.begin(5)["Location"]
    token = {"X-CSRFToken": officer.client.cookies["csrftoken"].value, "Tus-Resumable": "1.0.0"}
    plain = officer.client.patch(
        path, b"hello", content_type="text/plain", headers={**token, "Upload-Offset": "0"}
    )
    # Anything but a part must say which write it is, as everywhere.
    assert plain.status_code == 415


def test_ones_uploads_are_ones_own(officer: Tus) -> None:
    chosen = uuid7()
    path = officer.begin(len(PDF), "a.pdf", chosen)["Location"]
    other = Tus(person("other", "files.upload_file"))
    assert other.send("HEAD", path).status_code == 404
    assert other.part(path, 0, PDF).status_code == 404
    assert other.send("DELETE", path).status_code == 404
    assert other.begin(len(PDF), "a.pdf", chosen).json()["code"] == "upload_id_taken"
    assert officer.begin(len(PDF) + 1, "a.pdf", chosen).json()["code"] == "upload_id_taken"
    nobody = Tus(person("nobody"))
    assert nobody.begin(5).status_code == 403


def test_a_person_has_only_so_many_under_way(officer: Tus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resuming, "MOST_OPEN", 2)
    paths = [officer.begin(5)["Location"] for _ in range(2)]
    refused = officer.begin(5)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_uploads")
    assert officer.send("DELETE", paths[0]).status_code == 204
    assert officer.begin(5).status_code == 201
    monkeypatch.setattr(resuming, "MOST_OPEN", 20)
    monkeypatch.setattr(resuming, "MOST_OPEN_BYTES", 12)
    assert officer.begin(5).status_code == 429


def test_what_nobody_goes_on_with_is_swept_after_a_day(officer: Tus, files_dir: Path) -> None:
    path = officer.begin(len(PDF), "a.pdf")["Location"]
    officer.part(path, 0, PDF[:50])
    whole = officer.begin(len(PDF), "b.pdf")["Location"]
    officer.part(whole, 0, PDF)
    assert tasks.forget_unclaimed_files() == 0
    Upload.objects.update(touched_at=clock.now() - timedelta(hours=25))
    assert officer.send("HEAD", path).status_code == 410
    assert tasks.forget_unclaimed_files() == 2
    assert not Upload.objects.exists()
    assert StoredFile.objects.count() == 1, "the file that one of them became stays"
    left = path.rpartition("/")[2]
    assert not [name for name in left_on_disk(files_dir) if name.startswith(f"uploads/{left}")]


def test_parts_that_were_kept_and_never_noted_are_swept(officer: Tus, files_dir: Path) -> None:
    path = officer.begin(len(PDF), "a.pdf")["Location"]
    officer.part(path, 0, PDF[:50])
    lost = files_dir / "uploads" / str(uuid4()) / "000000000000-lost"
    lost.parent.mkdir(parents=True)
    lost.write_bytes(b"x")
    assert resuming.forget_lost_parts(time.time() + 10) == 1
    assert not lost.exists()
    assert officer.part(path, 50, PDF[50:]).status_code == 204


def test_a_store_that_is_away_at_the_last_part_loses_nothing(
    officer: Tus, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = officer.begin(len(PDF), "a.pdf")["Location"]
    officer.part(path, 0, PDF[:50])
    put = keepers.Folder.put

    def away(self: keepers.Folder, key: str, draft: Path) -> None:
        if key.startswith("originals"):
            raise Unavailable("files_away", "", retry_after_s=1)
        put(self, key, draft)

    monkeypatch.setattr(keepers.Folder, "put", away)
    assert officer.part(path, 50, PDF[50:]).status_code == 503
    assert officer.send("HEAD", path)["Upload-Offset"] == "50"
    monkeypatch.setattr(keepers.Folder, "put", put)
    assert officer.part(path, 50, PDF[50:]).status_code == 204


def test_the_file_is_the_uploaders_to_claim(officer: Tus) -> None:
    chosen = uuid7()
    officer.part(officer.begin(len(PDF), "a.pdf", chosen)["Location"], 0, PDF)
    user = StoredFile.objects.get(pk=chosen).uploaded_by
    assert user is not None
    assert actions.claim(actor(user), [chosen], area_code="420117")[chosen].claimed_at


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=8), st.lists(st.integers(1, 50), min_size=1))
def test_joined_parts_read_as_one(pieces: list[bytes], sizes: list[int]) -> None:
    joined = Joined([])
    joined._pieces = iter(pieces)
    whole, read = b"".join(pieces), b""
    for size in sizes * 400:
        got = joined.read(size)
        assert len(got) == min(size, len(whole) - len(read))
        read += got
        if not got:
            break
    assert read == whole


@pytest.mark.parametrize("header", ["", "sha256", "sha256 x", "md5 AAAA", "sha1 AAAA", "sha256 ===="])
def test_checksums_that_cannot_be_read(header: str) -> None:
    with pytest.raises(Invalid, match="bad_checksum"):
        Checksum.read(header)
