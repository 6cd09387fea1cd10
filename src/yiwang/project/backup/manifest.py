"""What a backup says of itself: a folder with the database, the files and this manifest.

<id>/manifest.json     what is in it, sealed by a digest of its own
<id>/database.dump     pg_dump's custom format
<id>/files.jsonl       key, size and SHA-256 of each stored file, one line each
<id>/files/<key>       their content
<id>/anchors.jsonl     the audit chain's anchors as they stood before
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from yiwang.project.failure import Failure

FORMAT = 1
MANIFEST, DUMP, FILE_LIST, FILES, ANCHORS = (
    "manifest.json",
    "database.dump",
    "files.jsonl",
    "files",
    "anchors.jsonl",
)
_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}")
_KEY = re.compile(
    r"originals/(?P<a>[0-9a-f]{2})/(?P<digest>(?P=a)[0-9a-f]{62})|thumbnails/(?P<b>[0-9a-f]{2})/(?P=b)[0-9a-f]{62}\.webp"
)
_PIECE = 1024 * 1024


class BadBackup(Failure):
    """A backup cannot be used; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class TableState:
    """One table as it stood: its rows, and a sum over the digests of all of them, in whatever order."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the backup itself."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class StoredContent:
    """One stored file: its key in the files storage, its size and its SHA-256."""

    key: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A whole backup. `missing` are contents that the running platform did not have itself any more.

    `note` is what preparation had written down of the database. `occasion`: `asked`, `nightly` or `command`.
    """

    id: str
    made_at: datetime
    made_by: str
    occasion: str
    version: str
    server: str
    migrations: tuple[str, ...]
    note: Mapping[str, Any]
    dump: Part
    tables: Mapping[str, TableState]
    file_list: Part
    files: int
    file_bytes: int
    missing: tuple[str, ...] = ()
    anchors: Part | None = None
    format: int = field(default=FORMAT)

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(table.rows for table in self.tables.values())

    @property
    def bytes(self) -> int:
        """The size of the whole."""
        return self.dump.bytes + self.file_bytes


def is_id(text: str) -> bool:
    """Whether a text is the name of a backup, and so may become part of a path."""
    return _ID.fullmatch(text) is not None


def write(folder: Path, manifest: Manifest) -> None:
    """Write the manifest down, the last thing of a backup."""
    document = json.loads(json.dumps(asdict(manifest), default=_plain))
    document["digest"] = _digest(document)
    (folder / MANIFEST).write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises BadBackup: none, damaged, or of a newer format."""
    file = folder / MANIFEST
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        digest = document.pop("digest")
        newer = int(document["format"]) > FORMAT
    except OSError as error:
        raise BadBackup(f"{file} cannot be read: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadBackup(f"{file} is damaged: it is no manifest of a backup.") from None
    if newer:
        raise BadBackup(f"{file} was made by a newer version of Yiwang. Install that version first.")
    if digest != _digest(document):
        raise BadBackup(f"{file} is damaged: it says something else than when it was written.")
    return _from(document)


def contents(folder: Path) -> Iterator[StoredContent]:
    """The stored files of a backup. Raises BadBackup for a list that is none, or names what no content is called:
    its keys become paths."""
    with (folder / FILE_LIST).open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                one = StoredContent(**json.loads(line))
                named = _KEY.fullmatch(one.key)
            except (ValueError, TypeError):
                named = None
            if named is None or named["digest"] not in (None, one.sha256):
                raise BadBackup(
                    f"{folder / FILE_LIST} is damaged: line {number} names no content of the files storage."
                )
            yield one


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while piece := content.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def part(file: Path) -> Part:
    """Size and digest of a file of the backup."""
    return Part(file.stat().st_size, sha256_of(file))


def _digest(document: Mapping[str, Any]) -> str:
    plain = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _from(document: dict[str, Any]) -> Manifest:
    return Manifest(
        **{
            **document,
            "made_at": datetime.fromisoformat(document["made_at"]),
            "migrations": tuple(document["migrations"]),
            "missing": tuple(document["missing"]),
            "dump": Part(**document["dump"]),
            "file_list": Part(**document["file_list"]),
            "anchors": Part(**document["anchors"]) if document["anchors"] else None,
            "tables": {name: TableState(**one) for name, one in document["tables"].items()},
        }
    )
