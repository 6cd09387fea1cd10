"""By its bytes, never by its name."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.files import rules
from yiwang.core.files.rules import Unsatisfiable, byte_range, has_movie, is_heic, safe_name, sniff
from yiwang.core.files.tests.factories import PDF, box, picture, video


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (picture("JPEG"), rules.JPEG),
        (picture("PNG"), rules.PNG),
        (picture("WEBP"), rules.WEBP),
        (PDF, rules.PDF),
        (video(), rules.MP4),
        (b"<html><script>alert(1)</script>", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", None),
        (b"GIF89a", None),
        (b"PK\x03\x04", None),
        (b"MZ\x90", None),
        (b"RIFF\0\0\0\0WAVE", None),
        (b" %PDF-1.4", None),
        (b"", None),
        (box(b"ftyp", b"qt  "), None),
    ],
)
def test_a_kind_is_known_by_its_first_bytes(content: bytes, kind: rules.Kind | None) -> None:
    assert sniff(content[: rules.HEAD_BYTES]) is kind


def test_a_phones_heic_is_told_apart() -> None:
    heic = box(b"ftyp", b"heic\0\0\0\0mif1heic")
    assert is_heic(heic)
    assert sniff(heic) is None
    assert not is_heic(video())


@given(st.binary(max_size=100))
def test_any_bytes_can_be_sniffed(content: bytes) -> None:
    assert sniff(content) in {None, *rules.KINDS}
    assert is_heic(content) in {True, False}


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_can_be_looked_through_for_a_movie(content: bytes, led: bool) -> None:
    whole = (box(b"ftyp", b"isom") if led else b"") + content
    assert has_movie(io.BytesIO(whole), len(whole)) in {True, False}


def test_a_movie_is_whole_or_none() -> None:
    whole = video()
    assert has_movie(io.BytesIO(whole), len(whole))
    for cut in range(len(whole)):
        assert not has_movie(io.BytesIO(whole[:cut]), cut)
    assert not has_movie(io.BytesIO(box(b"ftyp", b"isom")), 12)


def test_a_movie_may_have_long_boxes_and_one_to_the_end() -> None:
    long_box = (1).to_bytes(4, "big") + b"mdat" + (20).to_bytes(8, "big") + b"abcd"
    to_the_end = (0).to_bytes(4, "big") + b"mdat" + b"rest"
    content = box(b"ftyp", b"isom") + long_box + box(b"moov") + to_the_end
    assert has_movie(io.BytesIO(content), len(content))


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("井盖.jpg", "井盖.jpg"),
        ("photo.exe", "photo.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\me\\照片 1.jpeg", "照片 1.jpg"),
        ("a/b", "b.jpg"),
        ("..", "image.jpg"),
        ("", "image.jpg"),
        (".jpg", "image.jpg"),
        ("evil\r\nSet-Cookie: a=b.jpg", "evilSet-Cookie: a=b.jpg"),
        ("gpj.\u202eexe", "gpj.jpg"),
        ("nul\x00byte.png", "nulbyte.jpg"),
        ("长" * 300 + ".jpg", "长" * 100 + ".jpg"),
    ],
)
def test_a_name_is_kept_without_what_could_mislead(given_name: str, kept: str) -> None:
    assert safe_name(given_name, rules.JPEG) == kept


@given(st.text())
def test_any_name_becomes_a_plain_one(name: str) -> None:
    kept = safe_name(name, rules.PDF)
    assert kept.endswith(".pdf")
    assert 4 < len(kept) <= rules.LONGEST_NAME + 4
    assert not set("/\\\0\r\n") & set(kept)


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("", None),
        ("bytes=0-", (0, 99)),
        ("bytes=0-0", (0, 0)),
        ("bytes=10-19", (10, 19)),
        ("bytes=90-200", (90, 99)),
        ("bytes=-5", (95, 99)),
        ("bytes=-500", (0, 99)),
        ("bytes=5-4", None),
        ("bytes=-", None),
        ("bytes=0-1,5-6", None),
        ("lines=1-2", None),
        ("bytes=a-b", None),
        ("bytes=٣-٤", None),
    ],
)
def test_a_range_is_first_and_last_byte(header: str, part: tuple[int, int] | None) -> None:
    assert byte_range(header, 100) == part


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_beyond_the_end_cannot_be_served(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        byte_range(header, 100)


@given(st.text(), st.integers(1, 1000))
def test_any_range_header_is_answered(header: str, size: int) -> None:
    for text in (header, f"bytes={header}"):
        try:
            part = byte_range(text, size)
        except Unsatisfiable:
            continue
        assert part is None or 0 <= part[0] <= part[1] < size
