"""Where content lies: a folder of this machine, or a bucket of an S3-compatible store. One small interface.

A key is a relative path of letters, digits, `/`, `.` and `-`, made here and never by a client. What `put` returned
from is there: synced to the disk, or acknowledged by the store. Errors of the place itself are `Unavailable`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from yiwang.core.errors import Unavailable

_CHUNK = 256 * 1024
# A bucket is read in pieces, each a request of its own: a slow reader then never meets the store's time-out.
_PIECE = 2 * 1024 * 1024
_PART = 8 * 1024 * 1024


class BadFilesUrl(ValueError):
    """YIWANG_FILES_URL cannot be used; the message says why."""


class Keeper(Protocol):
    """A place for content."""

    @property
    def name(self) -> str:
        """For people; never with credentials."""

    def put(self, key: str, draft: Path) -> None:
        """Keep what the local file `draft` holds under `key`, replacing what lay there; the draft may be gone then."""

    def size(self, key: str) -> int | None:
        """How many bytes lie there; None for nothing."""

    def read(self, key: str, first: int, last: int) -> Iterator[bytes]:
        """Bytes `first` to `last`, both included, in pieces; opened when the first is asked for."""

    def remove(self, key: str) -> None:
        """Take away what lies there, if anything does."""

    def older_than(self, folder: str, moment: float) -> Iterator[str]:
        """Keys below `folder` that were last written before `moment` (seconds since 1970)."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder on this machine, or on a shared file system."""

    root: Path

    @property
    def name(self) -> str:
        """For people."""
        return str(self.root)

    def put(self, key: str, draft: Path) -> None:
        """Move a draft into its place at once and durably; across file systems it is copied first."""
        place = self.root / key
        make_folder(place.parent)
        draft.chmod(0o440)
        if draft.stat().st_dev != place.parent.stat().st_dev:
            draft = copied(draft, place.with_name(f".{draft.name}"))
        draft.replace(place)
        sync_folder(place.parent)

    def size(self, key: str) -> int | None:
        """From the file itself."""
        try:
            return (self.root / key).stat().st_size
        except FileNotFoundError:
            return None

    def read(self, key: str, first: int, last: int) -> Iterator[bytes]:
        """Straight from the file."""
        with (self.root / key).open("rb") as content:
            content.seek(first)
            left = last - first + 1
            while left > 0 and (piece := content.read(min(_CHUNK, left))):
                left -= len(piece)
                yield piece

    def remove(self, key: str) -> None:
        """Delete the file."""
        (self.root / key).unlink(missing_ok=True)

    def older_than(self, folder: str, moment: float) -> Iterator[str]:
        """By the time of the last write."""
        for path in (self.root / folder).rglob("*"):
            if path.is_file() and path.stat().st_mtime < moment:
                yield str(path.relative_to(self.root))


class Bucket:
    """A bucket of an S3-compatible store, below a prefix.

    Every request is tried again for some seconds; what then still fails is `Unavailable`. The store checks what it
    gets by SHA-256 where it can (`checksum=none` for one that does not know it).
    """

    def __init__(self, url: str, credentials: tuple[str, str, str | None] | None) -> None:
        from obstore.store import S3Store

        where = S3Address.read(url)
        if credentials is None:
            raise BadFilesUrl("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are missing")
        key_id, secret, token = credentials
        options: dict[str, Any] = {
            "access_key_id": key_id,
            "secret_access_key": secret,
            "region": where.region,
            "virtual_hosted_style_request": where.is_virtual,
        }
        if where.endpoint:
            options["endpoint"] = where.endpoint
        if token:
            options["session_token"] = token
        if where.checks:
            options["checksum_algorithm"] = "SHA256"
        self.name = where.in_words
        self._store = S3Store(
            where.bucket,
            prefix=where.prefix or None,
            client_options={
                "allow_http": where.endpoint.startswith("http://"),
                "connect_timeout": "5s",
                "timeout": f"{where.timeout_s}s",
            },
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=where.timeout_s)},
            **options,
        )

    def put(self, key: str, draft: Path) -> None:
        """Upload, in parts when it is large: the object appears whole or not at all."""
        import obstore

        with self._asked("put"), draft.open("rb") as content:
            obstore.put(
                self._store, key, content, chunk_size=_PART, use_multipart=draft.stat().st_size > _PART
            )

    def size(self, key: str) -> int | None:
        """By a HEAD request."""
        import obstore

        with self._asked("head"):
            try:
                return int(obstore.head(self._store, key)["size"])
            except FileNotFoundError:
                return None

    def read(self, key: str, first: int, last: int) -> Iterator[bytes]:
        """By ranges of two MiB."""
        import obstore

        for start in range(first, last + 1, _PIECE):
            with self._asked("get"):
                piece = obstore.get_range(self._store, key, start=start, end=min(start + _PIECE, last + 1))
            yield bytes(piece)

    def remove(self, key: str) -> None:
        """Delete the object."""
        import obstore

        with self._asked("delete"):
            try:
                obstore.delete(self._store, key)
            except FileNotFoundError:
                return

    def older_than(self, folder: str, moment: float) -> Iterator[str]:
        """By what the store says of the last write, page by page."""
        import obstore

        with self._asked("list"):
            for page in obstore.list(self._store, folder):
                yield from (row["path"] for row in page if row["last_modified"].timestamp() < moment)

    @contextmanager
    def _asked(self, verb: str) -> Iterator[None]:
        """Turn what the client raises into our refusal; FileNotFoundError stays for who asked."""
        from obstore.exceptions import BaseError

        try:
            yield
        except (BaseError, TimeoutError, PermissionError) as error:
            first_line = str(error).split("\n", 1)[0]
            raise Unavailable(
                "files_away", "文件存储暂时不可用，请稍后再试。", retry_after_s=10, verb=verb
            ) from RuntimeError(f"{self.name}: {first_line}")


@dataclass(frozen=True, slots=True)
class S3Address:
    """s3://bucket/prefix?endpoint=…&region=…&style=path|virtual&checksum=sha256|none&timeout=seconds."""

    bucket: str
    prefix: str
    endpoint: str
    region: str
    is_virtual: bool
    checks: bool
    timeout_s: int

    @classmethod
    def read(cls, url: str) -> "S3Address":
        """The address in a URL. Raises BadFilesUrl naming the part that cannot be used."""
        parts = urlsplit(url)
        given = dict(parse_qsl(parts.query, keep_blank_values=True))
        unknown = set(given) - {"endpoint", "region", "style", "checksum", "timeout"}
        if unknown:
            raise BadFilesUrl(f"unknown option {sorted(unknown)[0]!r}")
        if not parts.netloc or "@" in parts.netloc:
            raise BadFilesUrl(
                "s3:// is followed by the bucket's name alone; credentials come from the environment"
            )
        endpoint = given.get("endpoint", "").rstrip("/")
        if endpoint and urlsplit(endpoint).scheme not in ("http", "https"):
            raise BadFilesUrl(f"endpoint {endpoint!r} is no http(s) address")
        style = one_of(given, "style", ("path", "virtual"))
        timeout = given.get("timeout", "30")
        if not (timeout.isascii() and timeout.isdecimal()) or not 0 < int(timeout) <= 600:
            raise BadFilesUrl(f"timeout {timeout!r} must be 1 to 600 seconds")
        return cls(
            bucket=parts.netloc,
            prefix=unquote(parts.path).strip("/"),
            endpoint=endpoint,
            region=given.get("region") or "us-east-1",
            is_virtual=style == "virtual",
            checks=one_of(given, "checksum", ("sha256", "none")) == "sha256",
            timeout_s=int(timeout),
        )

    @property
    def in_words(self) -> str:
        """For people: never with credentials."""
        place = f"s3://{self.bucket}/{self.prefix}".rstrip("/")
        return f"{place} at {self.endpoint or 'AWS'}"


def one_of(given: dict[str, str], name: str, known: tuple[str, ...]) -> str:
    """An option's value, the first of the known ones when it is missing. Raises BadFilesUrl."""
    value = given.get(name, known[0])
    if value not in known:
        raise BadFilesUrl(f"{name} {value!r} must be one of {', '.join(known)}")
    return value


def opened(url: str, credentials: tuple[str, str, str | None] | None) -> Keeper:
    """The place that a URL names. Raises BadFilesUrl."""
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.path.startswith("/") and not parts.netloc:
        return Folder(Path(unquote(parts.path)))
    if parts.scheme == "s3":
        return Bucket(url, credentials)
    raise BadFilesUrl(f"{url!r} must be file:///path or s3://bucket/prefix?endpoint=…&region=…")


def make_folder(folder: Path) -> None:
    """The folder and those above it, each entry synced in its parent."""
    if not folder.exists():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make what was added to or removed from a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def copied(draft: Path, beside: Path) -> Path:
    """A synced copy on the other file system; the draft itself goes."""
    with draft.open("rb") as content, beside.open("xb") as out:
        while piece := content.read(_CHUNK):
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    beside.chmod(0o440)
    draft.unlink()
    return beside
