"""Loading shipped editions, and editing a code locally."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.codes import queries
from yiwang.core.codes.declare import CODE, BadDeclaration, CodeTable, Label, edition_rank, table_digest
from yiwang.core.codes.models import CodeItem, LocalCode, LocalOrder
from yiwang.core.codes.models import CodeTable as CodeTableRow
from yiwang.core.errors import Conflict, Invalid
from yiwang.core.locks import hold


@transaction.atomic
def load_edition(tables: Iterable[CodeTable]) -> dict[str, int]:
    """Store shipped tables; again changes nothing. Returns how many tables and codes are new.

    Raises: BadDeclaration when a table was changed under an edition that is already loaded.
    """
    new = [table for table in tables if not _is_loaded(table)]
    for table in new:
        row = CodeTableRow.objects.create(
            key=table.key,
            edition=table.edition,
            rank=edition_rank(table.edition),
            name=table.name.zh,
            name_en=table.name.en,
            source=table.source,
            digest=table_digest(table),
        )
        CodeItem.objects.bulk_create(_item_rows(row, table))
    return {"code_tables": len(new), "code_items": sum(len(table.items) for table in new)}


@transaction.atomic
def edit_code(
    actor: Actor,
    table_key: str,
    code: str,
    *,
    name: Label,
    valid_from: date,
    parent: str | None = None,
    active: bool = True,
) -> LocalCode:
    """Word, add or switch a code for this district from `valid_from` on; earlier days keep what held then.

    The open version ends the day before, or is replaced when it began on the same day or later.
    Records `codes.edit_code` in the audit log. Raises: NotFound `code_table_missing`; Invalid `bad_code`,
    `unknown_parent`, `has_children`.
    """
    table = queries.table(table_key, on=valid_from)
    if not CODE.fullmatch(code):
        raise Invalid("bad_code", "代码只用小写字母、数字和下划线，以字母开头。", field="code")
    _check_parent(table, code, parent)
    before = table.find(code)
    gone = _end_versions(table_key, code, valid_from)
    version = LocalCode.objects.create(
        table_key=table_key,
        code=code,
        name=name.zh,
        name_en=name.en,
        parent=parent,
        active=active,
        valid_from=valid_from,
    )
    after = {**_described(name, parent, active), "from": str(valid_from)}
    _record_code(actor, "edit_code", (table_key, code), _before(before, gone), after)
    return version


@transaction.atomic
def put_in_order(actor: Actor, table_key: str, codes: Sequence[str], *, expected_version: int) -> LocalOrder:
    """Offer the codes of a table in this order from now on.

    Raises: NotFound `code_table_missing`; Invalid `unknown_code` unless it names each code of the table once; Conflict
    `order_changed` when somebody else was first.
    """
    before = queries.table(table_key)
    row = _locked_order(table_key, expected_version)
    known = [item.code for item in before.items]
    if sorted(codes) != sorted(known):
        raise Invalid("unknown_code", "次序中要有这个字典的每一项，各一次。", field="codes", table=table_key)
    if row is None:
        row = LocalOrder(table_key=table_key, version=0)
    row.codes, row.version = list(codes), row.version + 1
    row.save()
    _record_order(actor, "put_in_order", table_key, known, list(codes))
    return row


@transaction.atomic
def reset_order(actor: Actor, table_key: str, *, expected_version: int) -> None:
    """Back to the shipped order; nothing when it is that already. Raises as `put_in_order`.

    The version counts on, so that nobody who looked at an order before the reset overwrites one made after it.
    """
    before = [item.code for item in queries.table(table_key).items]
    row = _locked_order(table_key, expected_version)
    if row is None or not row.codes:
        return
    row.codes, row.version = [], row.version + 1
    row.save()
    after = [item.code for item in queries.table(table_key).items]
    _record_order(actor, "reset_order", table_key, before, after)


@transaction.atomic
def reset_code(actor: Actor, table_key: str, code: str) -> None:
    """From today on a code says what the shipped edition says; what was planned for later goes, and is on the record.

    Raises: NotFound `code_table_missing`; Invalid `nothing_shipped` for a code of the district's own, which can be
    switched off but never taken out of what was written with it.
    """
    table = queries.table(table_key)
    before = table.find(code)
    shipped = queries.shipped(table_key, code)
    if shipped is None or before is None:
        raise Invalid(
            "nothing_shipped", "这是本区自定的项目，没有标准版可恢复；不再使用请停用。", field="code"
        )
    _check_parent(table, code, shipped.parent)
    gone = _end_versions(table_key, code, clock.today())
    after = _described(shipped.name, shipped.parent, shipped.active)
    _record_code(actor, "reset_code", (table_key, code), _before(before, gone), after)


def _locked_order(table_key: str, expected_version: int) -> LocalOrder | None:
    hold(f"codes.order:{table_key}")
    row = LocalOrder.objects.filter(pk=table_key).first()
    if (row.version if row else 0) != expected_version:
        raise Conflict(
            "order_changed", "别人刚调整过次序，请重新载入后再改。", version=row.version if row else 0
        )
    return row


def _record_order(actor: Actor, verb: str, table_key: str, before: list[str], after: list[str]) -> None:
    audit.record(
        actor,
        action=f"codes.{verb}",
        object_type="code_table",
        object_id=table_key,
        before={"order": before},
        after={"order": after},
    )


def _check_parent(table: queries.Table, code: str, parent: str | None) -> None:
    if parent is None:
        return
    above = table.find(parent)
    if above is None or above.parent is not None or parent == code:
        raise Invalid("unknown_parent", "上级代码不存在，或本身已有上级（最多两级）。", field="parent")
    if any(item.parent == code for item in table.items):
        raise Invalid("has_children", "这个代码下面还有代码，不能再放到别的代码下。", field="parent")


def _is_loaded(table: CodeTable) -> bool:
    row = CodeTableRow.objects.filter(key=table.key, edition=table.edition).first()
    if row is not None and row.digest != table_digest(table):
        raise BadDeclaration(
            f"{table.key} {table.edition} was changed after it was loaded: give it a new edition"
        )
    return row is not None


def _item_rows(row: CodeTableRow, table: CodeTable) -> Iterable[CodeItem]:
    for position, item in enumerate(table.items):
        yield CodeItem(
            table=row,
            code=item.code,
            position=position,
            name=item.name.zh,
            name_en=item.name.en,
            parent=item.parent,
            active=item.active,
            confidence=item.confidence,
        )


def _end_versions(table_key: str, code: str, on: date) -> list[LocalCode]:
    """No version holds from `on`; returns those that are gone because they would have begun then or later."""
    versions = LocalCode.objects.select_for_update().filter(table_key=table_key, code=code)
    later = versions.filter(valid_from__gte=on)
    gone = list(later.order_by("valid_from"))
    later.delete()
    versions.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on)).update(valid_to=on)
    return gone


def _record_code(
    actor: Actor, verb: str, code: tuple[str, str], before: dict[str, Any] | None, after: dict[str, Any]
) -> None:
    audit.record(
        actor,
        action=f"codes.{verb}",
        object_type="code",
        object_id=":".join(code),
        before=before,
        after=after,
    )


def _before(code: queries.Code | None, gone: Sequence[LocalCode]) -> dict[str, Any] | None:
    """What a code said until now, and the versions that go with that; None when it was not there."""
    said = _described(code.name, code.parent, code.active) if code else {}
    if gone:
        said["versions"] = [_version(row) for row in gone]
    return said or None


def _version(row: LocalCode) -> dict[str, Any]:
    said = _described(Label(row.name, row.name_en), row.parent, row.active)
    return {**said, "from": str(row.valid_from), "to": str(row.valid_to) if row.valid_to else None}


def _described(name: Label, parent: str | None, active: bool) -> dict[str, Any]:
    return {"name": name.zh, "name_en": name.en, "parent": parent, "active": active}
