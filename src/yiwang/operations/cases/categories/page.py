"""The edition of categories as a page for people: what is there, where it comes from, what is not known.

`docs/standards/categories.md` is this module's output for the shipped edition with the sectors' declarations; a test
compares the two. `gaps` is the same knowledge for programs.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from yiwang.core.calendars.rules import Limit, LimitKind
from yiwang.operations.cases.categories.edition import Edition
from yiwang.operations.cases.declare import CaseCategory, Origin

ORIGINS = {
    Origin.ADOPTED: "in the adopted table",
    Origin.LOCAL: "that city's extension",
    Origin.INFERRED: "fills a gap, inferred",
    Origin.LEGACY: "only in the older list",
    Origin.PLATFORM: "the platform's own, for what no list covers",
}
UNITS = {
    LimitKind.URGENT_HOUR: "urgent h",
    LimitKind.WORKING_HOUR: "working h",
    LimitKind.WORKING_DAY: "working d",
    LimitKind.NATURAL_DAY: "natural d",
}


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is known not to be known, with the keys of the categories that it concerns."""

    key: str
    zh: str
    en: str
    categories: tuple[str, ...] = ()


def gaps(edition: Edition) -> tuple[Gap, ...]:
    """The stated gaps of an edition, and those that follow from its rows."""
    stated = tuple(Gap(gap["key"], gap["zh"], gap["en"]) for gap in edition.gaps)
    return (
        *stated,
        Gap(
            "no_code",
            "小类代码不详，留空，待核对标准后补入。",
            "The minor code is not known and left empty until the standard has been checked.",
            _keys(edition, lambda item: item.code is None),
        ),
        Gap(
            "inferred_code",
            "小类代码由新旧类目对照推得。",
            "The minor code is inferred by comparing the two lists.",
            _keys(edition, lambda item: item.origin is Origin.INFERRED and item.code is not None),
        ),
        Gap(
            "default_condition",
            "没有可依据的立案条件和时限，使用未经核对的平台默认值。",
            "No sourced condition and limit: the platform's unverified default stands in.",
            _keys(edition, lambda item: all(condition.is_default for condition in item.conditions)),
        ),
    )


def page(edition: Edition) -> str:
    """The whole page in Markdown."""
    return "\n".join([*_head(edition), *_counts(edition), *_gaps(edition), *_classes(edition)])


def _keys(edition: Edition, chosen: Callable[[CaseCategory], bool]) -> tuple[str, ...]:
    return tuple(item.key for item in edition.categories if chosen(item))


def _head(edition: Edition) -> Iterator[str]:
    yield "# Categories and filing conditions"
    yield ""
    yield (
        f"Edition {edition.edition}: {len(edition.categories)} classes of components (部件) and events (事件) after"
        " GB/T 30428.2, each with filing conditions, limits and closing tests in the shape of GB/T 30428.8. This page"
        " is derived from the shipped files (`src/yiwang/operations/cases/editions`) and from what the sectors declare,"
        " by `cases.categories.page`; change the data, not the page."
        " How limits are counted: [working-time](working-time.md)."
    )
    yield ""
    yield "A class is known by its key, never by digits: numberings disagree. Sources:"
    yield ""
    for origin in Origin:
        source = edition.origins[origin]
        yield f"- **{ORIGINS[origin]}**: {source.name.en} ({source.confidence})."
    yield f"- **default condition**: {edition.default_source.en}."
    yield ""
    yield (
        "What is shipped never changes. A district writes its own version of a class with a date, on screen"
        " ([administration](../guide/administration.md)): names, filing, handling and closing conditions, limits of the"
        " four kinds, limits that differ in areas of management class A, B or C, and stricter rules for requests. Its"
        " version wins from its day on; a case keeps the rules under which it was registered; a newer edition is shown"
        " beside it, field by field. No limits by management class are shipped: none is verified."
    )
    yield ""


def _counts(edition: Edition) -> Iterator[str]:
    yield "## How many"
    yield ""
    yield "| kind | major | " + " | ".join(ORIGINS.values()) + " | conditions |"
    yield "|---|---|" + "---|" * (len(ORIGINS) + 1)
    for (kind, code), name in edition.majors.items():
        members = [item for item in edition.categories if (item.kind, item.major) == (kind, code)]
        by_origin = Counter(item.origin for item in members)
        cells = [str(by_origin[origin] or "") for origin in ORIGINS]
        conditions = sum(len(item.conditions) for item in members)
        yield f"| {kind} | {code} {name.zh} {name.en} | " + " | ".join(cells) + f" | {conditions} |"
    yield ""


def _gaps(edition: Edition) -> Iterator[str]:
    yield "## What is not known"
    yield ""
    for gap in gaps(edition):
        concerned = f" ({len(gap.categories)} classes, marked below)" if gap.categories else ""
        yield f"- **{gap.key}**: {gap.en}{concerned}"
    yield ""


def _classes(edition: Edition) -> Iterator[str]:
    yield "## The classes"
    yield ""
    yield "`*` no adopted condition, the default stands in. Codes: newer / older numbering; `–` not known or none."
    for (kind, code), name in edition.majors.items():
        yield ""
        yield f"### {kind} {code} {name.zh} {name.en}"
        yield ""
        yield "| key | name | codes | from | usual unit | limits |"
        yield "|---|---|---|---|---|---|"
        members = [item for item in edition.categories if (item.kind, item.major) == (kind, code)]
        yield from map(
            _row, sorted(members, key=lambda item: (item.minor is None, item.minor or "", item.key))
        )
    yield ""


def _row(item: CaseCategory) -> str:
    slug = item.key.partition(".")[2]
    star = "`*` " if all(condition.is_default for condition in item.conditions) else ""
    limits = ", ".join(dict.fromkeys(_limit(condition.limit) for condition in item.conditions))
    codes = f"{item.code or '–'} / {item.legacy_code or '–'}"
    return (
        f"| `{slug}` | {item.name.zh} {item.name.en} | {codes} | {item.origin.value} | {item.usual_unit}"
        f" | {star}{limits} |"
    )


def _limit(limit: Limit) -> str:
    return f"{limit.amount.normalize():f} {UNITS[limit.kind]}"
