"""Small files of every kind, made here: nothing of anybody's."""

import io

from PIL import ExifTags, Image


def picture(
    form: str = "JPEG",
    size: tuple[int, int] = (64, 32),
    *,
    colour: object = (200, 30, 30),
    mode: str = "RGB",
    orientation: int | None = None,
    taken: str | None = None,
    offset: str | None = None,
) -> bytes:
    """A picture in one colour, optionally as a camera would mark it."""
    exif = Image.Exif()
    if orientation:
        exif[ExifTags.Base.Orientation] = orientation
    if taken:
        details = exif.get_ifd(ExifTags.IFD.Exif)
        details[ExifTags.Base.DateTimeOriginal] = taken
        if offset:
            details[ExifTags.Base.OffsetTimeOriginal] = offset
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, form, exif=exif)
    return out.getvalue()


def box(kind: bytes, content: bytes = b"") -> bytes:
    """One box of an ISO base media file."""
    return (8 + len(content)).to_bytes(4, "big") + kind + content


def video(brand: bytes = b"isom") -> bytes:
    """The boxes of an MP4 without a picture in it; the movie comes last."""
    movie = box(b"moov", box(b"mvhd", b"\0" * 100))
    return box(b"ftyp", brand + b"\0\0\2\0" + brand) + box(b"mdat", b"\0" * 50) + movie


PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
