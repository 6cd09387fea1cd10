"""Ask for a list as a table, call it off, fetch it, and take old ones away. The worker's part is `work`."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict, Invalid, Refused, TooMany
from yiwang.core.exporting import ExportedList, Wanted, exported_list
from yiwang.core.exports import access, work
from yiwang.core.exports.models import UNDER_WAY, Export
from yiwang.core.exports.tasks import write_export
from yiwang.core.files import actions as files
from yiwang.core.locks import hold

MOST_AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants: the list, what of it, the form (xlsx or csv), and the filters in the person's words."""

    list_key: str
    wanted: Wanted
    form: str
    said: tuple[str, ...] = ()


@transaction.atomic
def ask(actor: Actor, order: Order) -> Export:
    """Let a list be written out by the worker. Raises Refused, Invalid for what the list does not know, TooMany."""
    listed = exported_list(order.list_key)
    if actor.user_id is None or not listed.is_open_to(actor):
        raise Refused("not_allowed", "您没有查看这个列表的权限。")
    hold(f"exports:{actor.user_id}")
    if access.exports_of(actor).filter(state__in=UNDER_WAY).count() >= MOST_AT_ONCE:
        raise TooMany("too_many_exports", "正在导出的太多，请等前面的完成。", retry_after_s=10)
    _check(actor, listed, order.wanted)
    export = Export.objects.create(
        owner_id=actor.user_id,
        list_key=listed.key,
        form=order.form,
        query=dict(order.wanted.query),
        said=list(order.said),
        sort=order.wanted.sort,
        columns=list(order.wanted.columns),
        language=order.wanted.language,
    )
    told = {"list": listed.key, "columns": export.columns, "form": export.form}
    audit.record(
        actor, action="exports.ask", object_type="export", object_id=str(export.pk), before=None, after=told
    )
    write_export.defer(export_id=str(export.pk))
    return export


@transaction.atomic
def stop(actor: Actor, export_id: UUID) -> Export:
    """Call one off that is under way, or take away one that is there. Raises NotFound."""
    export = access.lock_export_for(actor, export_id)
    if export.state == Export.State.READY or export.state in UNDER_WAY:
        work.take_away(export)
    return export


def content(actor: Actor, export_id: UUID) -> tuple[Export, Iterator[bytes]]:
    """A finished one in pieces, with a record of who fetched it.

    Raises NotFound, Conflict `export_not_ready`, Refused for who may no longer see the list.
    """
    export = access.get_export_for(actor, export_id)
    if not exported_list(export.list_key).is_open_to(actor):
        raise Refused("not_allowed", "您已没有查看这个列表的权限。")
    if export.state != Export.State.READY:
        raise Conflict("export_not_ready", "这个文件还没有完成，或已经过期。", state=export.state)
    with transaction.atomic():
        audit.record(
            actor,
            action="exports.fetch",
            object_type="export",
            object_id=str(export.pk),
            before=None,
            after={"list": export.list_key, "rows": export.done},
        )
    return export, files.read_aside(export.key, export.size_bytes)


def _check(actor: Actor, listed: ExportedList, wanted: Wanted) -> None:
    known = {column.key for column in listed.columns}
    strangers = [key for key in wanted.columns if key not in known]
    if strangers or not wanted.columns or len(set(wanted.columns)) != len(wanted.columns):
        raise Invalid("unknown_column", "列不对。", field="columns", allowed=sorted(known))
    listed.found(actor, wanted)
