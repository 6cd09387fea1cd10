"""Reads the shipped edition of categories and puts it together with what the sectors declare."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from yiwang.core.calendars.rules import Limit
from yiwang.core.codes.declare import BadDeclaration, Confidence, Label
from yiwang.operations.cases.categories.models import LEGACY_SCHEME, SCHEME, VISION_SCHEME
from yiwang.operations.cases.declare import CaseCategory, FilingConditionDecl, Origin, limit

FOLDER = Path(__file__).parent.parent / "editions" / "2026_1"
DEFAULT = "default:"


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows of one origin come from, in words, and how sure they are."""

    name: Label
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition as it is loaded: the categories, and what explains them.

    `majors`: (kind, code) to name. `vision`: machine-vision class to category key. `gaps`: what is known not to be
    known, `{key, zh, en}` each.
    """

    edition: str
    categories: tuple[CaseCategory, ...]
    majors: Mapping[tuple[str, str], Label]
    origins: Mapping[str, Source]
    default_source: Label
    vision: Mapping[str, str]
    gaps: tuple[Mapping[str, str], ...]

    def codes(self, category: CaseCategory) -> list[tuple[str, str]]:
        """The (scheme, code) pairs of a category."""
        pairs = [(SCHEME, category.code), (LEGACY_SCHEME, category.legacy_code)]
        pairs += [(VISION_SCHEME, code) for code, key in self.vision.items() if key == category.key]
        return [(scheme, code) for scheme, code in pairs if code]


def read_edition(declared: Iterable[CaseCategory] = (), folder: Path = FOLDER) -> Edition:
    """The shipped edition merged with the categories that sectors declare, each key once, in file order.

    Raises: BadDeclaration when a key or a code stands there twice, a condition or a vision class names a category
    that is not there, a major class is unknown, or a category ends up without a condition.
    """
    about = json.loads((folder / "edition.json").read_text(encoding="utf-8"))
    rows = [_category(row, about["edition"]) for row in _rows(folder / "categories.csv")]
    conditions = _conditions(folder / "conditions.csv")
    shipped = [replace(row, conditions=tuple(conditions.pop(row.key, []))) for row in rows]
    categories = [_with_default(item, conditions) for item in [*declared, *shipped]]
    edition = Edition(
        edition=about["edition"],
        categories=tuple(categories),
        majors={(row["kind"], row["code"]): Label(row["zh"], row["en"]) for row in about["majors"]},
        origins={key: _source(row) for key, row in about["origins"].items()},
        default_source=Label(about["default_condition"]["zh"], about["default_condition"]["en"]),
        vision={row["code"]: row["category"] for row in _rows(folder / "vision_classes.csv")},
        gaps=tuple(about["known_gaps"]),
    )
    _check(edition, {key for key in conditions if not key.startswith(DEFAULT)})
    return edition


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, strict=True)


def _category(row: Mapping[str, str], edition: str) -> CaseCategory:
    return CaseCategory(
        key=row["key"],
        major=row["major"],
        minor=row["minor"] or None,
        name=Label(row["zh"], row["en"]),
        origin=Origin(row["origin"]),
        usual_unit=row["usual_unit"],
        edition=edition,
        legacy_code=row["legacy_code"] or None,
        synonyms=tuple(row["synonyms"].split()),
    )


def _conditions(file: Path) -> dict[str, list[FilingConditionDecl]]:
    by_category: dict[str, list[FilingConditionDecl]] = {}
    for row in _rows(file):
        for key in row["categories"].split():
            condition = FilingConditionDecl(
                text=Label(row["zh"], row["en"]),
                limit=limit(row["limit"]),
                closing=Label(row["closing_zh"], row["closing_en"]),
                is_default=key.startswith(DEFAULT),
                area_limits=tuple(_area_limits(row.get("area_limits") or "")),
            )
            by_category.setdefault(key, []).append(condition)
    return by_category


def _area_limits(text: str) -> Iterator[tuple[str, Limit]]:
    """ "A:2h B:4h" as pairs of management class and limit."""
    for part in text.split():
        area_class, _, short = part.partition(":")
        yield area_class, limit(short)


def _with_default(item: CaseCategory, conditions: Mapping[str, list[FilingConditionDecl]]) -> CaseCategory:
    if item.conditions:
        return item
    of_kind = conditions.get(f"{DEFAULT}{item.kind}", [])
    return replace(item, conditions=tuple(conditions.get(f"{DEFAULT}{item.kind}.{item.major}", of_kind)))


def _source(row: Mapping[str, Any]) -> Source:
    return Source(Label(row["zh"], row["en"]), Confidence(row["confidence"]))


def _check(edition: Edition, orphans: set[str]) -> None:
    keys = [item.key for item in edition.categories]
    _once("category", keys)
    names = [f"{item.kind} {item.name.zh}" for item in edition.categories]
    _once("name", names)
    for scheme in (SCHEME, LEGACY_SCHEME):
        pairs = [
            (item.kind, code) for item in edition.categories for s, code in edition.codes(item) if s == scheme
        ]
        _once(f"code of {scheme}", [f"{kind} {code}" for kind, code in pairs])
    if strangers := (orphans | set(edition.vision.values())) - set(keys):
        raise BadDeclaration(
            f"conditions or vision classes name categories that are not there: {sorted(strangers)}"
        )
    for item in edition.categories:
        if (item.kind, item.major) not in edition.majors:
            raise BadDeclaration(
                f"category {item.key!r}: there is no major class {item.major} of {item.kind}s"
            )
        if item.edition != edition.edition:
            raise BadDeclaration(f"category {item.key!r}: edition {item.edition} is not {edition.edition}")
        if not item.conditions:
            raise BadDeclaration(f"category {item.key!r}: no condition, and no default for {item.kind}s")


def _once(what: str, values: list[str]) -> None:
    doubles = sorted({value for value in values if values.count(value) > 1})
    if doubles:
        raise BadDeclaration(f"{what} stands there twice: {', '.join(doubles)}")
