"""Reads tables row by row: CSV, JSON lines (plain or gzip) and Excel. Whatever the bytes, rows or faults come out.

What a file is, is seen from its bytes, not from its name. No more than one row is held in memory.
"""

import codecs
import gzip
import hashlib
import io
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from yiwang.core.imports.faults import BadTable, Cell, Cells, Fault

Format = Literal["csv", "jsonl", "xlsx"]
PIECE = 1 << 20
LONGEST_LINE = 1_000_000  # characters
MOST_COLUMNS = 1_000
BROKEN_BYTE, TOO_LONG = "\udcff", "\udcfe"  # marks that no valid text holds
UNFIT = re.compile("[\0\ud800-\udfff]")  # what no database holds, those marks among it
GZIP, ZIP, OLD_EXCEL = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def _mark(error: UnicodeError) -> tuple[str, int]:
    """Stands a mark in the place of bytes that are no text, so that only their row is at fault."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return BROKEN_BYTE, max(error.end, error.start + 1)


codecs.register_error("yiwang.mark", _mark)


@dataclass(frozen=True, slots=True)
class Survey:
    """What a file is. `digest` is the SHA-256 of its bytes; `size` counts them; `encoding` is None for Excel."""

    path: Path
    format: Format
    encoding: str | None
    zipped: bool
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row by its columns. `line` is where it begins, from 1; `done` is how far the file has been read, 0 to 1.

    `fault` says why the row cannot be used, as far as that is seen without a mapping.
    """

    line: int
    cells: Cells
    done: float
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file. `columns` are its headings; empty for JSON lines, where each row names its own."""

    survey: Survey
    columns: tuple[str, ...]
    rows: Iterator[Row]


def survey(path: Path, *, encoding: str = "auto") -> Survey:
    """Looks through a whole file once. Raises BadTable when it is none that can be read."""
    try:
        size = path.stat().st_size
        with path.open("rb") as raw:
            head = raw.read(8)
    except OSError as error:
        raise BadTable(f"{path} cannot be read: {error.strerror or error}.") from None
    if not head:
        raise BadTable(f"{path.name} is empty.")
    if head.startswith(OLD_EXCEL):
        raise BadTable(f"{path.name} is an old Excel file (.xls); save it as .xlsx or CSV.")
    if head.startswith(ZIP):
        return Survey(path, "xlsx", None, False, _digest(path), size)
    zipped = head.startswith(GZIP)
    found, first = _encoding_of(path, zipped) if encoding == "auto" else (encoding, "")
    if not first:
        first = _first_mark(path, zipped, found)
    return Survey(path, "jsonl" if first == "{" else "csv", found, zipped, _digest(path), size)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _encoding_of(path: Path, zipped: bool) -> tuple[str, str]:
    """UTF-8 when all of it is, else GB18030, which holds every older Chinese encoding but Big5."""
    with _bytes(path, zipped) as stream:
        head = _read(stream, path, 4)
        for mark, encoding in BYTE_ORDER_MARKS:
            if head.startswith(mark):
                return encoding, ""
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            decoder.decode(head)
            while piece := _read(stream, path):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "gb18030", ""
    return "utf-8", ""


def _first_mark(path: Path, zipped: bool, encoding: str) -> str:
    """The first character that is no blank; a file of JSON lines begins with a brace."""
    with _bytes(path, zipped) as stream:
        try:
            text = _read(stream, path).decode(encoding, "ignore").lstrip()
        except LookupError:
            raise BadTable(f"There is no encoding {encoding!r}; use utf-8 or gb18030.") from None
    if text.startswith("["):
        raise BadTable(f"{path.name} is one JSON list; write one object to a line (JSON lines).")
    return text[:1]


def _bytes(path: Path, zipped: bool) -> IO[bytes]:
    return gzip.open(path, "rb") if zipped else path.open("rb")  # type: ignore[return-value]


def _read(stream: IO[bytes], path: Path, count: int = PIECE) -> bytes:
    try:
        return stream.read(count)
    except (EOFError, OSError, zlib.error):
        raise BadTable(f"{path.name} is broken off or not a whole gzip file; copy it again.") from None


def open_table(found: Survey, *, delimiter: str = "auto", sheet: str = "") -> Table:
    """The rows of a surveyed file. Raises BadTable when its headings cannot be used."""
    if found.format == "xlsx":
        from yiwang.core.imports.sheets import open_sheet

        return open_sheet(found, sheet)
    if found.format == "jsonl":
        return Table(found, (), _json_rows(found))
    from yiwang.core.imports.csv_rows import open_csv

    return open_csv(found, delimiter)


class Lines:
    """The lines of a text file, each of bounded length. `number` counts them, `done` is the share that was read."""

    def __init__(self, found: Survey) -> None:
        self._raw = found.path.open("rb")
        stream = gzip.GzipFile(fileobj=self._raw) if found.zipped else self._raw
        self._text = io.TextIOWrapper(
            stream,
            encoding=found.encoding or "utf-8",
            errors="yiwang.mark",
            newline="",
        )
        self._size = max(found.size, 1)
        self._name = found.path.name
        self.number = 0

    @property
    def done(self) -> float:
        """0 to 1."""
        return 1.0 if self._raw.closed else min(self._raw.tell() / self._size, 1.0)

    def __iter__(self) -> Iterator[str]:
        try:
            while line := self._text.readline(LONGEST_LINE):
                self.number += 1
                if len(line) < LONGEST_LINE or line.endswith(("\n", "\r")):
                    yield line
                    continue
                while (rest := self._text.readline(LONGEST_LINE)) and not rest.endswith(("\n", "\r")):
                    pass
                yield f"{TOO_LONG}\n"
        except (EOFError, OSError, zlib.error, UnicodeError):
            raise BadTable(f"{self._name} ends in the middle; copy it again.") from None
        finally:
            self._text.close()
            self._raw.close()


def fault_in_text(line: int, texts: list[str]) -> Fault | None:
    """Why the texts of a row cannot be used: bytes that are no text, marks that no database holds, no end."""
    for text in texts:
        if not UNFIT.search(text):
            continue
        if TOO_LONG in text:
            return Fault(line, "", "", "line_too_long", f"这一行超过 {LONGEST_LINE:,} 个字符。",
                "检查有没有没闭合的引号。")  # fmt: skip
        if BROKEN_BYTE in text:
            return Fault(line, "", text.replace(BROKEN_BYTE, "\N{REPLACEMENT CHARACTER}")[:80], "not_text",
                "这一行有不属于该文件编码的字节。",
                "把文件另存为 UTF-8，或在映射中写明编码。")  # fmt: skip
        return Fault(line, "", "", "bad_character", "这一行有不能保存的字符。",
                "删掉它；多半是看不见的字符。")  # fmt: skip
    return None


def _json_rows(found: Survey) -> Iterator[Row]:
    lines = Lines(found)
    for text in lines:
        if not text.strip():
            continue
        fault = fault_in_text(lines.number, [text])
        cells: Cells = {}
        if fault is None:
            cells, fault = _json_row(lines.number, text)
        yield Row(lines.number, cells, lines.done, fault)


def _json_row(line: int, text: str) -> tuple[Cells, Fault | None]:
    reason = "这一行不是 JSON 对象。"
    try:
        document = json.loads(text)
        if isinstance(document, dict):
            cells = dict(_flat("", document))
            return cells, fault_in_text(line, [cell for cell in cells.values() if isinstance(cell, str)])
    except (ValueError, RecursionError) as error:
        reason = f"这一行不是 JSON：{str(error)[:80]}。"
    return {}, Fault(line, "", text.strip()[:80], "not_json", reason, "每行写一个 JSON 对象。")


def _flat(above: str, document: dict[str, object], depth: int = 0) -> Iterator[tuple[str, Cell]]:
    """Nested objects as `outer.inner`; lists as their JSON."""
    for key, value in document.items():
        name = f"{above}{key}"
        if isinstance(value, dict) and depth < 5:
            yield from _flat(f"{name}.", value, depth + 1)
        elif value is None or isinstance(value, str | int | float | bool):
            yield name, value
        else:
            yield name, json.dumps(value, ensure_ascii=False)
