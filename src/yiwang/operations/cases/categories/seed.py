"""Loads the shipped edition of categories with what sectors declare, and the code tables of this room."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.db import transaction

from yiwang.core import registry
from yiwang.core.codes import actions as codes
from yiwang.core.codes.declare import BadDeclaration, Confidence, content_digest, edition_rank, read_tables
from yiwang.operations.cases.categories.edition import FOLDER, Edition, read_edition
from yiwang.operations.cases.categories.models import Category, CategoryCode, ConditionLimit, FilingCondition
from yiwang.operations.cases.categories.search import search_text
from yiwang.operations.cases.declare import CaseCategory

LATER = ("area_limits", "handling")


def load() -> dict[str, int]:
    """Load tables and categories; again changes nothing. Returns how many rows are new.

    Raises: BadDeclaration, naming the row, when an edition contradicts itself or was changed after it was loaded.
    """
    counts = codes.load_edition(read_tables(FOLDER / "code_tables.json"))
    return {**counts, **load_edition(read_edition(registry.declarations(CaseCategory)))}


@transaction.atomic
def load_edition(edition: Edition) -> dict[str, int]:
    """Store the categories of one edition that are not there yet, with their codes and conditions."""
    loaded = dict(Category.objects.filter(edition=edition.edition).values_list("key", "digest"))
    new = [item for item in edition.categories if not _is_loaded(item, edition, loaded)]
    rows = Category.objects.bulk_create([_row(item, edition) for item in new])
    pairs = list(zip(rows, new, strict=True))
    codes_made = CategoryCode.objects.bulk_create(
        CategoryCode(category=row, scheme=scheme, code=code)
        for row, item in pairs
        for scheme, code in edition.codes(item)
    )
    declared = [condition for item in new for condition in item.conditions]
    conditions_made = FilingCondition.objects.bulk_create(
        condition for row, item in pairs for condition in _condition_rows(row, item, edition)
    )
    ConditionLimit.objects.bulk_create(
        ConditionLimit(condition=row, area_class=name, limit_kind=limit.kind, limit_amount=limit.amount)
        for row, condition in zip(conditions_made, declared, strict=True)
        for name, limit in condition.area_limits
    )
    return {
        "categories": len(rows),
        "category_codes": len(codes_made),
        "filing_conditions": len(conditions_made),
    }


def _is_loaded(item: CaseCategory, edition: Edition, loaded: dict[str, str]) -> bool:
    known = loaded.get(item.key)
    if known is not None and known != _digest(item, edition):
        raise BadDeclaration(
            f"category {item.key!r} was changed after edition {edition.edition} was loaded: give it a new edition"
        )
    return known is not None


def _digest(item: CaseCategory, edition: Edition) -> str:
    return content_digest([_told(item), edition.codes(item)])


def _told(item: CaseCategory) -> dict[str, Any]:
    """What is declared. What later versions can declare too is left out where it is not, so that the digest of an
    edition stays what it was when it was loaded."""
    told = asdict(item)
    for row, later in [(told, ("requests",)), *((row, LATER) for row in told["conditions"])]:
        for name in later:
            if not row[name]:
                del row[name]
    return told


def _row(item: CaseCategory, edition: Edition) -> Category:
    major, source = edition.majors[item.kind, item.major], edition.origins[item.origin]
    return Category(
        key=item.key,
        edition=edition.edition,
        rank=edition_rank(edition.edition),
        kind=item.kind,
        major_code=item.major,
        minor_code=item.minor,
        major_name_zh=major.zh,
        major_name_en=major.en,
        name_zh=item.name.zh,
        name_en=item.name.en,
        origin=item.origin,
        source=source.name.zh,
        source_en=source.name.en,
        confidence=source.confidence,
        usual_unit=item.usual_unit,
        search=search_text(item.name, item.synonyms),
        requests=dict(item.requests),
        digest=_digest(item, edition),
    )


def _condition_rows(row: Category, item: CaseCategory, edition: Edition) -> Iterator[FilingCondition]:
    adopted = edition.origins["adopted"]
    for no, condition in enumerate(item.conditions, start=1):
        source = edition.default_source if condition.is_default else adopted.name
        confidence = Confidence.UNVERIFIED_DEFAULT if condition.is_default else adopted.confidence
        yield FilingCondition(
            category=row,
            no=no,
            text_zh=condition.text.zh,
            text_en=condition.text.en,
            limit_kind=condition.limit.kind,
            limit_amount=condition.limit.amount,
            handling_zh=condition.handling.zh if condition.handling else "",
            handling_en=condition.handling.en if condition.handling else "",
            closing_zh=condition.closing.zh,
            closing_en=condition.closing.en,
            source=source.zh,
            confidence=confidence,
        )
