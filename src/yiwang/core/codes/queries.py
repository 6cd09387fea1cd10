"""What a code table says on a day, and how two of its editions differ."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, Q, QuerySet

from yiwang.core import clock
from yiwang.core.codes import rules
from yiwang.core.codes.declare import Confidence, Label
from yiwang.core.codes.models import CodeItem, CodeTable, LocalCode, LocalOrder
from yiwang.core.errors import Invalid, NotFound
from yiwang.core.prepared import Prepared

COMPARED = ("name", "parent", "active", "confidence")


def _of_key(key: str) -> QuerySet[CodeTable]:
    return CodeTable.objects.filter(key=key).order_by("-rank")


def _in_force(key: str, on: date) -> QuerySet[LocalCode]:
    in_force = Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))
    return LocalCode.objects.filter(in_force, table_key=key).order_by("code")


NEWEST = Prepared(lambda key: _of_key(key)[:1], "\uffff")
EDITION = Prepared(lambda key, edition: _of_key(key).filter(edition=edition), "\ufffe", "\uffff")
ITEMS = Prepared(lambda table_id: CodeItem.objects.filter(table=table_id).order_by("position"), -1)
LOCAL = Prepared(_in_force, "\uffff", date.max)
ORDER = Prepared(lambda key: LocalOrder.objects.filter(table_key=key), "\uffff")


@dataclass(frozen=True, slots=True)
class Code:
    """One code as it holds on a day. `local`: worded or switched by this district; `shipped`: what it hides, if any."""

    code: str
    name: Label
    parent: str | None
    active: bool
    confidence: Confidence
    local: bool = False
    shipped: Label | None = None

    @property
    def zh(self) -> str:
        """The name in Chinese."""
        return self.name.zh

    @property
    def en(self) -> str:
        """The name in English."""
        return self.name.en


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it holds on a day: the newest shipped edition under the local versions, in the order of the district.

    `own_order`: the district's instead of the shipped one; `order_version` counts its changes.
    """

    key: str
    edition: str
    name: Label
    source: str
    items: tuple[Code, ...]
    order_version: int = 0
    own_order: bool = False

    def find(self, code: str) -> Code | None:
        """The code's row, or None."""
        return next((item for item in self.items if item.code == code), None)


@dataclass(frozen=True, slots=True)
class TableSummary:
    """One line of the list of tables."""

    key: str
    edition: str
    name: Label
    count: int


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one code that two editions state differently. `overridden`: a local version hides it today."""

    code: str
    field: str
    before: object
    after: object
    overridden: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """What an upgrade from one edition to another brings."""

    added: tuple[Code, ...]
    removed: tuple[Code, ...]
    changed: tuple[Change, ...]


def tables() -> list[TableSummary]:
    """Every table once, in its newest edition, by key."""
    counts = dict(CodeItem.objects.values_list("table").annotate(Count("pk")))
    newest = CodeTable.objects.order_by("key", "-rank").distinct("key")
    return [
        TableSummary(row.key, row.edition, Label(row.name, row.name_en), counts.get(row.pk, 0))
        for row in newest
    ]


def table(key: str, on: date | None = None) -> Table:
    """A table as it holds on `on` (today in Asia/Shanghai when None). Raises: NotFound `code_table_missing`."""
    shipped = _edition(key, None)
    day = on or clock.today()
    items = {item.code: item for item in _items(shipped)}
    for item in _local(key, day):
        hidden = items.get(item.code)
        items[item.code] = replace(item, shipped=hidden.name if hidden else None)
    name = Label(shipped.name, shipped.name_en)
    order = ORDER.first(key)
    codes = rules.in_order(list(items), order.codes) if order else list(items)
    version, own = (order.version, bool(order.codes)) if order else (0, False)
    rows = tuple(items[code] for code in codes)
    return Table(key, shipped.edition, name, shipped.source, rows, version, own)


def require_table(key: str) -> None:
    """Raises: NotFound `code_table_missing` unless there is such a table."""
    _edition(key, None)


def shipped(key: str, code: str) -> Code | None:
    """What the newest shipped edition says of a code; None when it has none. Raises: NotFound `code_table_missing`."""
    return next((item for item in _items(_edition(key, None)) if item.code == code), None)


def require(key: str, code: str, *, field: str) -> Code:
    """The code, if it may be chosen today: active, and not a heading with codes below it.

    Raises: Invalid `unknown_code`, naming `field`; NotFound `code_table_missing`.
    """
    found = table(key)
    chosen = found.find(code)
    is_heading = any(item.parent == code for item in found.items)
    if chosen is None or not chosen.active or is_heading:
        raise Invalid("unknown_code", f"“{found.name.zh}”中没有可选的代码“{code}”。", field=field, table=key)
    return chosen


@dataclass(frozen=True, slots=True)
class LocalDifference:
    """How the district's own edition of a table differs from the shipped one today, and what the newest shipped edition
    brought against the one before (None when there is only one). `moved`: codes that stand elsewhere."""

    edition: str
    before: str | None
    changes: tuple[rules.Change, ...]
    moved: tuple[str, ...]
    upgrade: Difference | None


def local_difference(key: str) -> LocalDifference:
    """The difference as it stands today. Raises: NotFound `code_table_missing`."""
    shipped = _edition(key, None)
    said, own = list(_items(shipped)), list(_local(key, clock.today()))
    order = ORDER.first(key)
    codes = [item.code for item in said]
    moved = rules.moved(codes, rules.in_order(codes, order.codes)) if order else []
    last = _of_key(key).exclude(pk=shipped.pk).first()
    upgrade = difference(key, last.edition, shipped.edition) if last else None
    changes = tuple(rules.changes(said, own))
    return LocalDifference(shipped.edition, last.edition if last else None, changes, tuple(moved), upgrade)


def difference(key: str, before: str, after: str) -> Difference:
    """What changes from edition `before` to edition `after`. Raises: NotFound `code_table_missing`."""
    old = {item.code: item for item in _items(_edition(key, before))}
    new = {item.code: item for item in _items(_edition(key, after))}
    local = {item.code for item in _local(key, clock.today())}
    return Difference(
        added=tuple(item for code, item in new.items() if code not in old),
        removed=tuple(item for code, item in old.items() if code not in new),
        changed=tuple(_changes(((old[code], new[code]) for code in new if code in old), local)),
    )


def _changes(pairs: Iterable[tuple[Code, Code]], local: set[str]) -> Iterator[Change]:
    for old, new in pairs:
        for name in COMPARED:
            if getattr(old, name) != getattr(new, name):
                yield Change(old.code, name, getattr(old, name), getattr(new, name), old.code in local)


def _edition(key: str, edition: str | None) -> CodeTable:
    row = EDITION.first(key, edition) if edition else NEWEST.first(key)
    if row is None:
        raise NotFound("code_table_missing", "没有这个代码表或版本。", table=key, edition=edition)
    return row


def _items(shipped: CodeTable) -> Iterator[Code]:
    for row in ITEMS(shipped.pk):
        yield Code(row.code, Label(row.name, row.name_en), row.parent, row.active, Confidence(row.confidence))


def _local(key: str, on: date) -> Iterator[Code]:
    for row in LOCAL(key, on):
        name = Label(row.name, row.name_en)
        yield Code(row.code, name, row.parent, row.active, Confidence.LOCAL_RULE, local=True)
