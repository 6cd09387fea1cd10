"""Looks at pictures: whether they are whole, how large, when taken; and makes the small one."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from PIL import ExifTags, Image, ImageFile, ImageOps

from yiwang.core import clock
from yiwang.core.files.rules import MOST_PIXELS, Kind

THUMBNAIL_PX = 480
_QUALITY = 78
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
Image.MAX_IMAGE_PIXELS = None  # the check is ours, on the header, before a pixel is decoded


class Damaged(Exception):
    """The bytes are no whole picture of their kind."""


class TooManyPixels(Exception):
    """The picture would take too much memory to decode."""


@dataclass(frozen=True, slots=True)
class Looks:
    """Width and height as shown (after rotation), in pixels; `taken_at` from the camera, None when unknown."""

    width_px: int
    height_px: int
    taken_at: datetime | None


def look_at(path: Path, kind: Kind, write_thumbnail: Callable[[Image.Image], None]) -> Looks:
    """Decode a picture wholly and hand a small upright copy without any metadata to `write_thumbnail`.

    Raises Damaged or TooManyPixels. A decoder meets hostile bytes here, so whatever it raises means damaged.
    """
    ImageFile.LOAD_TRUNCATED_IMAGES = (
        False  # some libraries switch it on for the whole process when they load
    )
    try:
        with Image.open(path, formats=[_FORMATS[kind.media_type]]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise TooManyPixels
            shown, taken_at = shown_size(picture), camera_time(picture)
            picture.draft("RGB", (2 * THUMBNAIL_PX, 2 * THUMBNAIL_PX))
            picture.load()
            small = small_copy(picture)
    except TooManyPixels:
        raise
    except Exception as error:
        raise Damaged(str(error)) from error
    write_thumbnail(small)
    return Looks(*shown, taken_at)


def shown_size(picture: Image.Image) -> tuple[int, int]:
    """Width and height once the camera's rotation is applied."""
    turned = orientation(picture) in (5, 6, 7, 8)
    return (picture.height, picture.width) if turned else (picture.width, picture.height)


def orientation(picture: Image.Image) -> int:
    """EXIF orientation, 1 (upright) to 8; 1 when there is none or it cannot be read."""
    with suppress(Exception):
        value = picture.getexif().get(ExifTags.Base.Orientation, 1)
        return value if value in range(1, 9) else 1
    return 1


def camera_time(picture: Image.Image) -> datetime | None:
    """When the camera says that it took the picture, UTC; local time where it names no offset."""
    with suppress(Exception):
        tags = picture.getexif().get_ifd(ExifTags.IFD.Exif)
        written = str(tags[ExifTags.Base.DateTimeOriginal]).strip("\0 ")
        offset = str(tags.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\0 ")
        if offset:
            return datetime.strptime(written + offset, "%Y:%m:%d %H:%M:%S%z").astimezone(UTC)
        taken = datetime.strptime(written, "%Y:%m:%d %H:%M:%S").replace(tzinfo=clock.LOCAL)
        return taken.astimezone(UTC)
    return None


def reduced(content: bytes, longest_px: int) -> bytes | None:
    """A stored picture as an upright JPEG of at most `longest_px`; None when it cannot be decoded."""
    try:
        with Image.open(BytesIO(content), formats=list(_FORMATS.values())) as picture:
            picture.draft("RGB", (longest_px, longest_px))
            small = small_copy(picture, longest_px)
    except Exception:  # as in `look_at`: whatever a decoder raises means damaged
        return None
    out = BytesIO()
    small.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def small_copy(picture: Image.Image, longest_px: int = THUMBNAIL_PX) -> Image.Image:
    """At most 480 px (or so many) on the longer side, upright, in RGB on white."""
    picture.thumbnail((longest_px, longest_px))
    turned = picture
    with suppress(Exception):
        turned = ImageOps.exif_transpose(picture)
    if not turned.has_transparency_data:
        return turned.convert("RGB")
    paper = Image.new("RGBA", turned.size, "white")
    paper.alpha_composite(turned.convert("RGBA"))
    return paper.convert("RGB")


def save_small(small: Image.Image, path: Path) -> None:
    """As WebP, with nothing but the pixels."""
    small.save(path, "WEBP", quality=_QUALITY, exif=b"", icc_profile=None, xmp=b"")
