"""How a room or a sector declares a code table, and how shipped files of tables are read and checked."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
EDITION = re.compile(r"(\d{4})\.(\d{1,3})")
RANKS_PER_YEAR = 1000


class BadDeclaration(ValueError):
    """Declared data cannot be used; the message names the table, the code and what is wrong."""


class Confidence(StrEnum):
    """How sure a shipped row is; shown to whoever decides by it."""

    ADOPTED = "adopted"  # read in a table that a city has adopted, named in `source`
    INFERRED = "inferred"  # follows from the pattern of adopted rows
    LOCAL_RULE = "local_rule"  # our own choice, decided in docs/adr
    UNVERIFIED_DEFAULT = "unverified_default"  # a starting value: check before relying on it


@dataclass(frozen=True, slots=True)
class Label:
    """A declared name in both languages."""

    zh: str
    en: str

    @classmethod
    def read(cls, raw: object, where: str) -> "Label":
        """From `{"zh": ..., "en": ...}`; raises BadDeclaration unless both are there."""
        known = raw if isinstance(raw, Mapping) else {}
        zh, en = known.get("zh"), known.get("en")
        if not (isinstance(zh, str) and zh and isinstance(en, str) and en):
            raise BadDeclaration(f"{where}: a name needs both zh and en, not {raw!r}")
        return cls(zh, en)


@dataclass(frozen=True, slots=True)
class CodeItem:
    """One code. `parent` is the code above it, so that a channel has its sub-channels; two levels at most."""

    code: str
    name: Label
    parent: str | None = None
    active: bool = True
    confidence: Confidence = Confidence.LOCAL_RULE


@dataclass(frozen=True, slots=True)
class CodeTable:
    """One table in one edition, for instance `case_sources` 2026.1. Its content never changes once shipped."""

    key: str
    edition: str
    name: Label
    source: str
    items: tuple[CodeItem, ...] = field(default_factory=tuple)

    def __post_init__(self) -> None:
        edition_rank(self.edition)
        if not CODE.fullmatch(self.key):
            raise BadDeclaration(f"{self.key!r}: a table's key is lower-case words joined by _")
        seen: dict[str, CodeItem] = {}
        for item in self.items:
            self._check(item, seen)
            seen[item.code] = item

    def _check(self, item: CodeItem, seen: Mapping[str, CodeItem]) -> None:
        where = f"{self.key} {self.edition}"
        if not CODE.fullmatch(item.code):
            raise BadDeclaration(f"{where}: {item.code!r} is not lower-case words joined by _")
        if item.code in seen:
            raise BadDeclaration(f"{where}: {item.code!r} stands there twice")
        above = seen.get(item.parent) if item.parent else None
        if item.parent and (above is None or above.parent):
            raise BadDeclaration(
                f"{where}: {item.code!r} needs a parent from the top level, above it in the file"
            )


def edition_rank(edition: str) -> int:
    """The order of editions as a number: "2026.2" comes after "2026.1". Raises: BadDeclaration."""
    match = EDITION.fullmatch(edition)
    if match is None:
        raise BadDeclaration(f"{edition!r}: an edition is a year and a number, for instance 2026.1")
    return int(match[1]) * RANKS_PER_YEAR + int(match[2])


def content_digest(content: object) -> str:
    """SHA-256 over the canonical JSON of declared content: tells whether a shipped edition was changed."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def table_digest(table: CodeTable) -> str:
    """The digest of one table's content."""
    return content_digest(asdict(table))


def read_tables(file: Path) -> tuple[CodeTable, ...]:
    """The tables of one shipped file: `{"edition", "tables": [{"key", "name", "source", "items": [...]}]}`.

    Raises: BadDeclaration with the file's name.
    """
    raw = json.loads(file.read_text(encoding="utf-8"))
    try:
        return tuple(_table(table, raw["edition"]) for table in raw["tables"])
    except (KeyError, TypeError) as error:
        raise BadDeclaration(f"{file.name}: {error!r} is missing or of the wrong kind") from error
    except BadDeclaration as error:
        raise BadDeclaration(f"{file.name}: {error}") from error


def _table(raw: Mapping[str, Any], edition: str) -> CodeTable:
    name = Label.read(raw["name"], raw["key"])
    return CodeTable(raw["key"], edition, name, raw["source"], tuple(_items(raw["items"], raw["key"])))


def _items(rows: Iterable[Mapping[str, Any]], table: str) -> Iterable[CodeItem]:
    for row in rows:
        yield CodeItem(
            code=row["code"],
            name=Label.read(row, f"{table} {row['code']}"),
            parent=row.get("parent"),
            active=row.get("active", True),
            confidence=_confidence(row.get("confidence", Confidence.LOCAL_RULE), table),
        )


def _confidence(value: str, where: str) -> Confidence:
    try:
        return Confidence(value)
    except ValueError as error:
        raise BadDeclaration(f"{where}: confidence {value!r} is none of {', '.join(Confidence)}") from error
