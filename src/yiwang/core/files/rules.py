"""What a file is, by its bytes; how large it may be; what it is called; which part of it is asked for."""

import re
import unicodedata
from dataclasses import dataclass
from typing import BinaryIO

MIB = 1024 * 1024
HEAD_BYTES = 64
LONGEST_NAME = 100
MOST_PIXELS = 60_000_000


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of file that is taken: `family` is image, document or video."""

    family: str
    media_type: str
    extension: str
    most_bytes: int


JPEG = Kind("image", "image/jpeg", ".jpg", 20 * MIB)
PNG = Kind("image", "image/png", ".png", 20 * MIB)
WEBP = Kind("image", "image/webp", ".webp", 20 * MIB)
PDF = Kind("document", "application/pdf", ".pdf", 50 * MIB)
MP4 = Kind("video", "video/mp4", ".mp4", 100 * MIB)
KINDS = (JPEG, PNG, WEBP, PDF, MP4)
MOST_BYTES = max(kind.most_bytes for kind in KINDS)

# Brands of ISO base media files, ISO/IEC 14496-12 (8.2 in the 2015 edition) and the registry at mp4ra.org.
MP4_BRANDS = frozenset(
    {
        b"isom",
        b"iso2",
        b"iso4",
        b"iso5",
        b"iso6",
        b"mp41",
        b"mp42",
        b"avc1",
        b"M4V ",
        b"MSNV",
        b"dash",
        b"3gp4",
    }
)
HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"})


def sniff(head: bytes) -> Kind | None:
    """The kind of file that begins with these bytes (64 are enough); None when it is none that is taken."""
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(b"%PDF-"):
        return PDF
    return MP4 if _brand(head) in MP4_BRANDS else None


def is_heic(head: bytes) -> bool:
    """Whether it is a phone's HEIC or AVIF picture, which is refused with advice of its own."""
    return _brand(head) in HEIC_BRANDS


def _brand(head: bytes) -> bytes:
    return head[8:12] if head[4:8] == b"ftyp" else b""


def has_movie(video: BinaryIO, size_bytes: int) -> bool:
    """Whether an MP4 is whole: its boxes fill the file exactly, and one of them is the movie (`moov`)."""
    at, found = 0, False
    while at < size_bytes:
        video.seek(at)
        header = video.read(16)
        length, kind = int.from_bytes(header[:4], "big"), header[4:8]
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        elif length == 0:
            length = size_bytes - at
        if length < 8 or at + length > size_bytes:
            return False
        found = found or kind == b"moov"
        at += length
    return found


def safe_name(given: str, kind: Kind) -> str:
    """The last part of the name as given, without what could mislead; its extension is the bytes' own."""
    last = re.split(r"[/\\]", given)[-1]
    plain = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C")
    stem = plain.rsplit(".", 1)[0].strip(" .")[:LONGEST_NAME].strip(" .")
    return (stem or kind.family) + kind.extension


class Unsatisfiable(Exception):
    """The part asked for lies beyond the end."""


def byte_range(header: str, size_bytes: int) -> tuple[int, int] | None:
    """First and last byte (inclusive) that a Range header asks for; None when the whole is to be sent.

    Several ranges, other units and malformed headers count as none. Raises Unsatisfiable.
    Source: RFC 9110, 14.1.2 and 14.2.
    """
    match = re.fullmatch(r"bytes=([0-9]{0,18})-([0-9]{0,18})", header.strip())
    if not match or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        start, end = max(size_bytes - int(last), 0), size_bytes - 1
    else:
        start, end = int(first), min(int(last), size_bytes - 1) if last else size_bytes - 1
        if last and int(last) < start:
            return None
    if start >= size_bytes or start > end:
        raise Unsatisfiable
    return start, end
