"""Loading shipped editions, and editing a code locally."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.codes import queries
from yiwang.core.codes.declare import CODE, BadDeclaration, CodeTable, Label, edition_rank, table_digest
from yiwang.core.codes.models import CodeItem, LocalCode
from yiwang.core.codes.models import CodeTable as CodeTableRow
from yiwang.core.errors import Invalid


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
    _end_versions(table_key, code, valid_from)
    version = LocalCode.objects.create(
        table_key=table_key,
        code=code,
        name=name.zh,
        name_en=name.en,
        parent=parent,
        active=active,
        valid_from=valid_from,
    )
    after = {"name": name.zh, "name_en": name.en, "parent": parent, "active": active, "from": str(valid_from)}
    audit.record(
        actor,
        action="codes.edit_code",
        object_type="code",
        object_id=f"{table_key}:{code}",
        before=_described(before),
        after=after,
    )
    return version


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


def _end_versions(table_key: str, code: str, on: date) -> None:
    versions = LocalCode.objects.select_for_update().filter(table_key=table_key, code=code)
    versions.filter(valid_from__gte=on).delete()
    versions.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on)).update(valid_to=on)


def _described(code: queries.Code | None) -> dict[str, Any] | None:
    if code is None:
        return None
    return {"name": code.name.zh, "name_en": code.name.en, "parent": code.parent, "active": code.active}
