"""Content is kept once, and belongs to its uploader until a room claims it."""

import io
from pathlib import Path

import pytest

from yiwang.core import clock
from yiwang.core.accounts.tests.people import actor, person
from yiwang.core.actor import Actor
from yiwang.core.errors import Conflict, Invalid
from yiwang.core.files import actions, queries, rules
from yiwang.core.files.models import StoredFile
from yiwang.core.files.tests import on_disk
from yiwang.core.files.tests.factories import PDF, box, picture, video
from yiwang.core.ids import uuid7

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Actor:
    return actor(person("officer"))


def kept(who: Actor, content: bytes, name: str = "a.jpg", **options: object) -> StoredFile:
    return actions.store(who, stream=io.BytesIO(content), name=name, **options)


def contents(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_photo_is_kept_as_it_came(officer: Actor, files_dir: Path) -> None:
    content = picture("JPEG", (640, 480), taken="2026:11:22 09:30:00", orientation=6)
    file = StoredFile.objects.get(pk=kept(officer, content, "井盖.JPG").pk)
    assert on_disk.original(file.sha256).read_bytes() == content
    assert (file.name, file.media_type, file.size_bytes) == ("井盖.jpg", "image/jpeg", len(content))
    assert (file.width_px, file.height_px) == (480, 640)
    assert file.taken_at is not None
    assert (file.uploaded_by_id, file.claimed_at, file.area_code) == (officer.user_id, None, "")
    assert on_disk.thumbnail(file.sha256).read_bytes()[8:12] == b"WEBP"
    assert len(contents(files_dir)) == 2


def test_the_sweep_is_held_off_before_the_thumbnail_is_looked_for(
    officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    for name in ("lock_content", "keep_thumbnail"):
        real = getattr(actions, name)
        monkeypatch.setattr(
            actions, name, lambda *given, real=real, name=name: (done.append(name), real(*given))
        )
    kept(officer, picture())
    assert done == ["lock_content", "keep_thumbnail"]


@pytest.mark.parametrize(("content", "media_type"), [(PDF, "application/pdf"), (video(), "video/mp4")])
def test_documents_and_videos_have_no_thumbnail(officer: Actor, content: bytes, media_type: str) -> None:
    file = kept(officer, content)
    assert file.media_type == media_type
    assert not on_disk.thumbnail(file.sha256).exists()
    assert queries.link(officer, file, "thumbnail") is None
    assert queries.link(officer, file) is not None


def test_the_same_content_is_kept_once(officer: Actor, files_dir: Path) -> None:
    other = actor(person("other"))
    first, second = kept(officer, picture()), kept(other, picture())
    assert first.pk != second.pk
    assert first.sha256 == second.sha256
    assert len(contents(files_dir)) == 2


def test_content_cut_short_on_the_disk_is_mended_by_the_next_upload(officer: Actor) -> None:
    file = kept(officer, picture())
    place = on_disk.original(file.sha256)
    place.chmod(0o600)
    place.write_bytes(b"half")
    kept(officer, picture())
    assert place.read_bytes() == picture()


def test_the_original_cannot_be_written_to(officer: Actor) -> None:
    assert on_disk.original(kept(officer, picture()).sha256).stat().st_mode & 0o777 == 0o440


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"<script>alert(1)</script>", "file_type_not_taken"),
        (b"MZ" + b"\0" * 100, "file_type_not_taken"),
        (box(b"ftyp", b"heic\0\0\0\0mif1"), "heic_not_taken"),
        (picture()[:200], "file_damaged"),
        (b"\xff\xd8\xff" + b"x" * 500, "file_damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 500, "file_damaged"),
        (video()[:-1], "file_damaged"),
    ],
)
def test_what_is_not_taken_leaves_nothing(officer: Actor, files_dir: Path, content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        kept(officer, content)
    assert (refusal.value.code, refusal.value.field) == (code, "file")
    assert contents(files_dir) == []
    assert not StoredFile.objects.exists()


def test_each_kind_has_its_limit(officer: Actor, files_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = rules.Kind("document", "application/pdf", ".pdf", rules.MIB)
    monkeypatch.setattr(rules, "PDF", small)
    assert kept(officer, PDF.ljust(rules.MIB)).size_bytes == rules.MIB
    with pytest.raises(Invalid) as refusal:
        kept(officer, PDF.ljust(rules.MIB + 1))
    assert (refusal.value.code, refusal.value.params) == ("file_too_large", {"most_mib": 1})
    assert len(contents(files_dir)) == 1


def test_an_id_that_the_client_chose_makes_a_repeat_the_same_file(officer: Actor) -> None:
    chosen = uuid7()
    first = kept(officer, picture(), file_id=chosen)
    again = kept(officer, picture(), file_id=chosen)
    assert first.pk == again.pk == chosen
    assert StoredFile.objects.count() == 1


def test_an_id_that_stands_for_something_else_is_a_conflict(officer: Actor) -> None:
    chosen = uuid7()
    kept(officer, picture(), file_id=chosen)
    with pytest.raises(Conflict):
        kept(officer, picture(colour=(1, 2, 3)), file_id=chosen)
    with pytest.raises(Conflict):
        kept(actor(person("other")), picture(), file_id=chosen)


def test_claimed_files_belong_to_a_place(officer: Actor) -> None:
    one, two = kept(officer, picture()), kept(officer, PDF)
    claimed = actions.claim(officer, [one.pk, two.pk, one.pk], area_code="420117001001001")
    assert set(claimed) == {one.pk, two.pk}
    stored = queries.by_ids([one.pk, two.pk, uuid7()])
    assert {file.area_code for file in stored.values()} == {"420117001001001"}
    assert all(file.claimed_at is not None for file in stored.values())
    assert len(stored) == 2


def test_a_second_claim_by_the_uploader_keeps_the_first_place(officer: Actor) -> None:
    file = kept(officer, picture())
    actions.claim(officer, [file.pk], area_code="420117001001001")
    with clock.frozen(clock.now()):
        assert (
            actions.claim(officer, [file.pk], area_code="420117002002002")[file.pk].area_code
            == "420117001001001"
        )


def test_nobody_claims_what_others_uploaded_or_what_is_not_there(officer: Actor) -> None:
    theirs, mine, nothing = kept(actor(person("other")), picture()), kept(officer, picture()), uuid7()
    with pytest.raises(Invalid) as refusal:
        actions.claim(officer, [mine.pk, theirs.pk, nothing], area_code="420117")
    assert refusal.value.code == "file_not_found"
    assert refusal.value.params == {"files": sorted([str(theirs.pk), str(nothing)])}
    mine.refresh_from_db()
    assert mine.claimed_at is None


def test_claiming_nothing_is_nothing(officer: Actor) -> None:
    assert actions.claim(officer, [], area_code="420117") == {}


@pytest.mark.parametrize("bad", ["../../etc/passwd", "", "A" * 64, "a" * 63, "a" * 64 + "\n", "a/" * 32])
def test_only_a_digest_becomes_part_of_a_path(bad: str) -> None:
    for place in (on_disk.original, on_disk.thumbnail):
        with pytest.raises(ValueError, match="not a SHA-256"):
            place(bad)
