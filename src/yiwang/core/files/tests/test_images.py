"""Pictures are decoded wholly, turned upright and made small; hostile ones are refused."""

import struct
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from yiwang.core.files import images, rules
from yiwang.core.files.tests.factories import picture

KINDS = {"JPEG": rules.JPEG, "PNG": rules.PNG, "WEBP": rules.WEBP}


def looked_at(folder: Path, content: bytes, kind: rules.Kind) -> tuple[images.Looks, list[Image.Image]]:
    """What is seen in a picture, and the small copies that were handed over."""
    path = folder / "picture"
    path.write_bytes(content)
    small: list[Image.Image] = []
    return images.look_at(path, kind, small.append), small


@pytest.mark.parametrize("form", KINDS)
def test_a_large_picture_becomes_small(tmp_path: Path, form: str) -> None:
    looks, [small] = looked_at(tmp_path, picture(form, (1600, 900)), KINDS[form])
    assert (looks.width_px, looks.height_px, looks.taken_at) == (1600, 900, None)
    assert small.size == (480, 270)
    red, green, blue = small.getpixel((100, 100))
    assert (red > 180, green < 50, blue < 50) == (True, True, True)


def test_a_small_picture_is_not_blown_up(tmp_path: Path) -> None:
    _, [small] = looked_at(tmp_path, picture("PNG", (20, 10)), rules.PNG)
    assert small.size == (20, 10)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_cameras_rotation_is_applied(tmp_path: Path, orientation: int) -> None:
    looks, [small] = looked_at(tmp_path, picture("JPEG", (64, 32), orientation=orientation), rules.JPEG)
    upright = (64, 32) if orientation <= 4 else (32, 64)
    assert (looks.width_px, looks.height_px) == small.size == upright


@pytest.mark.parametrize(
    ("offset", "at"),
    [
        (None, datetime(2026, 11, 22, 1, 30, tzinfo=UTC)),
        ("+08:00", datetime(2026, 11, 22, 1, 30, tzinfo=UTC)),
        ("+00:00", datetime(2026, 11, 22, 9, 30, tzinfo=UTC)),
    ],
)
def test_the_cameras_time_is_read(tmp_path: Path, offset: str | None, at: datetime) -> None:
    content = picture("JPEG", taken="2026:11:22 09:30:00", offset=offset)
    assert looked_at(tmp_path, content, rules.JPEG)[0].taken_at == at


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "yesterday", " "])
def test_a_time_that_is_none_is_left_out(tmp_path: Path, taken: str) -> None:
    assert looked_at(tmp_path, picture("JPEG", taken=taken), rules.JPEG)[0].taken_at is None


def test_what_shines_through_lies_on_white(tmp_path: Path) -> None:
    content = picture("PNG", mode="RGBA", colour=(0, 0, 0, 0))
    _, [small] = looked_at(tmp_path, content, rules.PNG)
    assert (small.mode, small.getpixel((5, 5))) == ("RGB", (255, 255, 255))


@pytest.mark.parametrize(
    ("mode", "colour"), [("CMYK", (0, 255, 255, 0)), ("L", 100), ("P", 3), ("I;16", 9000), ("1", 1)]
)
def test_other_colour_modes_become_rgb(tmp_path: Path, mode: str, colour: object) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    _, [small] = looked_at(tmp_path, picture(form, mode=mode, colour=colour), KINDS[form])
    assert small.mode == "RGB"


def test_the_small_picture_tells_nothing_of_the_camera(tmp_path: Path) -> None:
    content = picture("JPEG", (900, 900), taken="2026:11:22 09:30:00", orientation=6)
    _, [small] = looked_at(tmp_path, content, rules.JPEG)
    images.save_small(small, tmp_path / "small.webp")
    with Image.open(tmp_path / "small.webp") as written:
        assert written.format == "WEBP"
        assert not dict(written.getexif())
    assert b"2026:11:22" not in (tmp_path / "small.webp").read_bytes()


def bomb(side: int) -> bytes:
    """A PNG of a few kilobytes that claims to be `side` pixels square."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_a_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    with pytest.raises(images.TooManyPixels):
        looked_at(tmp_path, bomb(30_000), rules.PNG)


@pytest.mark.parametrize("form", KINDS)
def test_a_truncated_picture_is_damaged(tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when another library of this process has asked Pillow for patience."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    content = picture(form, (400, 400), colour=(1, 2, 3))
    with pytest.raises(images.Damaged):
        looked_at(tmp_path, content[: len(content) // 2], KINDS[form])


def test_a_picture_under_another_kinds_name_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(images.Damaged):
        looked_at(tmp_path, picture("PNG"), rules.JPEG)


@pytest.mark.parametrize("form", KINDS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_hostile_bytes_are_refused_or_read(tmp_path: Path, form: str, data: st.DataObject) -> None:
    content = bytearray(picture(form, (40, 30), orientation=3, taken="2026:11:22 09:30:00"))
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(8, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(8, len(content))) :]
    try:
        looks, [small] = looked_at(tmp_path, bytes(content), KINDS[form])
    except (images.Damaged, images.TooManyPixels):
        return
    assert looks.width_px > 0
    assert max(small.size) <= images.THUMBNAIL_PX
