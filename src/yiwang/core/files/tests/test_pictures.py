"""Pictures for paper: upright, small, without metadata; and what cannot be shown is left out, not an error."""

from io import BytesIO

import pytest
from PIL import Image

from yiwang.core.accounts.tests.people import SYSTEM
from yiwang.core.files import actions, queries, store

pytestmark = pytest.mark.django_db


def stored(content: bytes, name: str = "a.jpg") -> queries.StoredFile:
    return actions.store(SYSTEM, stream=BytesIO(content), name=name)


def jpeg(size: tuple[int, int], orientation: int = 1) -> bytes:
    picture, body = Image.new("RGB", size, "green"), BytesIO()
    exif = picture.getexif()
    exif[0x0112] = orientation
    picture.save(body, "JPEG", exif=exif)
    return body.getvalue()


def test_a_picture_for_paper_is_upright_small_and_bare() -> None:
    content = queries.picture(stored(jpeg((1600, 800), orientation=6)), 900)
    assert content is not None
    with Image.open(BytesIO(content)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (450, 900))
        assert not dict(picture.getexif())


def test_what_is_no_picture_or_is_gone_gives_none() -> None:
    file = stored(jpeg((64, 48)))
    store.remove(file.sha256)
    assert queries.picture(file, 900) is None
    file.media_type = "application/pdf"
    assert queries.picture(file, 900) is None


def test_a_picture_that_cannot_be_decoded_gives_none(monkeypatch: pytest.MonkeyPatch) -> None:
    file = stored(jpeg((64, 48)))
    monkeypatch.setattr(store, "read_part", lambda *part: iter([b"no picture at all"]))
    assert queries.picture(file, 900) is None
