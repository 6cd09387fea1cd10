"""A mapping: how the columns of a table become the fields of a target, as declared data (TOML).

Everything that can be wrong with a mapping is said before the first row, with the place and what is allowed.
"""

import difflib
import hashlib
import json
import tomllib
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from yiwang.core.imports.declare import Kind, Target, TargetField, target
from yiwang.core.imports.faults import BadMapping

HOME = ZoneInfo("Asia/Shanghai")
PARTS = {"target", "source", "title", "file", "key", "dates", "empty", "fields", "options"}
FILE_PARTS = {"encoding", "delimiter", "sheet"}
DATE_PARTS = {"zone", "formats"}
FIELD_PARTS = {
    "column", "columns", "between", "constant", "default", "values", "other", "words", "formats", "zone", "cut",
}  # fmt: skip
KEY_PARTS = {"columns", "between", "content"}
EMPTY = ("", "-", "--", "n/a", "null", "none", "nan", "无")

# Column names that mean the same; the first that the file has is taken.
Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldRule:
    """Where one field's value comes from.

    Either a `constant`, or the cells of `columns` joined by `between`; then looked up in `values` (else `other`, else a
    fault), or found by `words` in the text; `default` stands for an empty one. `cut`: longer texts are shortened.
    """

    field: TargetField
    columns: tuple[Names, ...] = ()
    between: str = "\n"
    constant: Any = None
    default: Any = None
    values: Dict[str, Any] | None = None
    other: Any = None
    words: tuple[tuple[Any, tuple[str, ...]], ...] = ()
    formats: tuple[str, ...] = ()
    zone: ZoneInfo = HOME
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Mapping:
    """A checked mapping. The external key is the cells of `key` joined by `between`, or their digest (`by_content`)."""

    name: str
    title: str
    target: Target
    source: str
    encoding: str
    delimiter: str
    sheet: str
    key: tuple[Names, ...]
    between: str
    by_content: bool
    empty: frozenset[str]
    fields: tuple[FieldRule, ...]
    options: Dict[str, Any]
    document: Dict[str, Any]

    @property
    def digest(self) -> str:
        """Changes with every change of the mapping."""
        return hashlib.sha256(json.dumps(self.document, sort_keys=True, default=str).encode()).hexdigest()

    def missing(self, columns: Sequence[str]) -> list[Names]:
        """The columns that the mapping needs and a table with these columns does not have.

        All of the key; of a required field that has no default one at least.
        """
        have = {folded(column) for column in columns}

        def lacks(names: Names) -> bool:
            return not any(folded(name) in have for name in names)

        lacking = [names for names in self.key if lacks(names)]
        for rule in self.fields:
            needed = rule.field.required and rule.default is None and rule.other is None
            if needed and rule.columns and all(map(lacks, rule.columns)):
                lacking.append(rule.columns[0])
        return list(dict.fromkeys(lacking))


def folded(name: str) -> str:
    """A column's name without what people write now so, now so: case, blanks, width of letters."""
    import unicodedata

    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def find(name: str, folders: Sequence[Path] = ()) -> Path:
    """The file of a mapping: a path, or the name of a shipped one. Raises BadMapping with the names that there are."""
    path = Path(name)
    if path.suffix == ".toml" and path.is_file():
        return path
    shipped = {file.stem: file for folder in folders for file in sorted(folder.glob("*.toml"))}
    if name in shipped:
        return shipped[name]
    raise BadMapping(
        f"There is no mapping {name!r}. Give the path of a .toml file, or one of: {', '.join(shipped)}."
    )


def read(path: Path) -> Mapping:
    """A mapping from its file. Raises BadMapping."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        document = tomllib.loads(text)
    except OSError as error:
        raise BadMapping(f"{path} cannot be read: {error.strerror or error}.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadMapping(f"{path.name} is no TOML: {error}.") from None
    return parse(path.stem, document)


def parse(name: str, document: Dict[str, Any]) -> Mapping:
    """A mapping from its document. Raises BadMapping."""
    _known(name, "", document, PARTS)
    wanted = target(_text(name, "target", document.get("target")))
    file, dates = _table(name, "file", document), _table(name, "dates", document)
    _known(name, "file", file, FILE_PARTS)
    _known(name, "dates", dates, DATE_PARTS)
    columns, between, by_content = _key(name, _table(name, "key", document))
    options = _table(name, "options", document)
    try:
        wanted.prepare(options)
    except BadMapping as error:
        raise BadMapping(f"{name}: [options] {error}") from None
    return Mapping(
        name=name,
        title=_text(name, "title", document.get("title", name)),
        target=wanted,
        source=_text(name, "source", document.get("source")),
        encoding=_text(name, "file.encoding", file.get("encoding", "auto")),
        delimiter=_text(name, "file.delimiter", file.get("delimiter", "auto")),
        sheet=_text(name, "file.sheet", file.get("sheet", ""), may_be_empty=True),
        key=columns,
        between=between,
        by_content=by_content,
        empty=frozenset(str(one).casefold() for one in document.get("empty", EMPTY)),
        fields=_fields(name, wanted, _table(name, "fields", document), dates),
        options=options,
        document=document,
    )


def _key(name: str, part: Dict[str, Any]) -> tuple[tuple[Names, ...], str, bool]:
    _known(name, "key", part, KEY_PARTS)
    if ("columns" in part) == ("content" in part):
        raise BadMapping(
            f"{name}: [key] needs columns (that name a row for good), or content (whose digest does)."
        )
    by_content = "content" in part
    columns = _columns(name, "key", part["content" if by_content else "columns"])
    return columns, _text(name, "key.between", part.get("between", ":"), may_be_empty=True), by_content


def _fields(name: str, wanted: Target, part: Dict[str, Any], dates: Dict[str, Any]) -> tuple[FieldRule, ...]:
    rules = []
    for key, given in part.items():
        field = wanted.field(key)
        if field is None:
            known = [one.name for one in wanted.fields]
            raise BadMapping(f"{name}: [fields] {wanted.key} have no field {key!r}{_meant(key, known)}")
        short = {"column": given} if isinstance(given, str) else {"constant": given}
        rules.append(_rule(name, field, given if isinstance(given, dict) else short, dates))
    ruled = {rule.field.name for rule in rules}
    lacking = [one.name for one in wanted.fields if one.required and one.name not in ruled]
    if lacking:
        raise BadMapping(f"{name}: [fields] must say where {', '.join(lacking)} come from.")
    return tuple(rules)


def _rule(name: str, field: TargetField, part: Dict[str, Any], dates: Dict[str, Any]) -> FieldRule:
    place = f"fields.{field.name}"
    _known(name, place, part, FIELD_PARTS)
    columns = _columns(name, place, part["columns"]) if "columns" in part else ()
    if "column" in part:
        columns = (_names(name, f"{place}.column", part["column"]),)
    if bool(columns) == ("constant" in part):
        raise BadMapping(f"{name}: [{place}] needs either column(s) or a constant.")
    if field.kind is not Kind.TEXT and len(columns) > 1 and field.kind is not Kind.MOMENT:
        raise BadMapping(f"{name}: [{place}] is a {field.kind}, which comes from one column.")
    values = part.get("values")
    if values is not None and not isinstance(values, dict):
        raise BadMapping(f"{name}: [{place}] values must be a table of what stands there and what it means.")
    return FieldRule(
        field=field,
        columns=columns,
        between=_text(name, f"{place}.between", part.get("between", " " if field.kind is Kind.MOMENT else "\n"),
                      may_be_empty=True),
        constant=part.get("constant"),
        default=part.get("default"),
        values={str(key).strip().casefold(): value for key, value in values.items()} if values is not None else None,
        other=part.get("other"),
        words=_words(name, place, part.get("words", [])),
        formats=tuple(str(one) for one in part.get("formats", dates.get("formats", ()))),
        zone=_zone(name, part.get("zone", dates.get("zone", "Asia/Shanghai"))),
        cut=bool(part.get("cut", False)),
    )  # fmt: skip


def _words(name: str, place: str, declared: Any) -> tuple[tuple[Any, tuple[str, ...]], ...]:
    """`words = [["value", "word", "other word"], …]`: the first row of which a word stands in the text counts."""
    rows = []
    for row in declared if isinstance(declared, list) else [None]:
        if not isinstance(row, list) or len(row) < 2 or not all(isinstance(one, str) and one for one in row):
            raise BadMapping(f'{name}: [{place}] words is a list of ["value", "word", …].')
        rows.append((row[0], tuple(one.casefold() for one in row[1:])))
    return tuple(rows)


def _columns(name: str, place: str, declared: Any) -> tuple[Names, ...]:
    if not isinstance(declared, list) or not declared:
        raise BadMapping(f"{name}: [{place}] columns is a list of column names.")
    return tuple(_names(name, place, one) for one in declared)


def _names(name: str, place: str, declared: Any) -> Names:
    names = [declared] if isinstance(declared, str) else declared
    if not isinstance(names, list) or not names or not all(isinstance(one, str) and one for one in names):
        raise BadMapping(
            f"{name}: [{place}] a column is its name, or a list of names of which one is in the file."
        )
    return tuple(names)


def _zone(name: str, declared: Any) -> ZoneInfo:
    try:
        return ZoneInfo(str(declared))
    except (KeyError, ValueError, OSError):
        raise BadMapping(
            f"{name}: there is no time zone {declared!r}; write for instance Asia/Shanghai."
        ) from None


def _table(name: str, place: str, document: Dict[str, Any]) -> dict[str, Any]:
    part = document.get(place, {})
    if not isinstance(part, dict):
        raise BadMapping(f"{name}: [{place}] must be a table.")
    return part


def _text(name: str, place: str, value: Any, *, may_be_empty: bool = False) -> str:
    if not isinstance(value, str) or not (value or may_be_empty):
        raise BadMapping(f"{name}: {place} must be a text.")
    return value


def _known(name: str, place: str, part: Dict[str, Any], allowed: set[str]) -> None:
    for key in part:
        if key not in allowed:
            where = f"[{place}] " if place else ""
            raise BadMapping(f"{name}: {where}{key!r} is not known here{_meant(key, sorted(allowed))}")


def _meant(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; there are: {', '.join(known)}."
