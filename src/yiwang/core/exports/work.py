"""The worker's part: write a list out, from the beginning, however often it was begun."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.db import connections, transaction

from yiwang.core import clock
from yiwang.core.accounts.queries import actor_for_user
from yiwang.core.actor import Actor
from yiwang.core.errors import DomainError, Refused
from yiwang.core.exporting import ExportedList, Wanted, exported_list
from yiwang.core.exports.models import UNDER_WAY, Export
from yiwang.core.exports.writing import Lines, Sheets, Writer
from yiwang.core.files import actions as files
from yiwang.core.notify import actions as notify

TELL_EVERY = 2000
KEPT_FOR = timedelta(days=7)
# Longer ones are told by a notice: whoever asked has gone on with something else.
WORTH_A_NOTICE = timedelta(seconds=8)


class Stopped(Exception):
    """The person no longer wants it."""


def write(export_id: UUID, *, tell_every: int = TELL_EVERY) -> None:
    """Write one out, as the worker: from the beginning, however often it was begun. What goes wrong stands in it."""
    export = Export.objects.filter(pk=export_id, state__in=UNDER_WAY).first()
    if export is None:
        return
    began = clock.now()
    try:
        with _progress(export) as tell:
            _write(export, tell, tell_every)
    except Stopped:
        return
    except DomainError as error:
        _fail(export, error.code)
        return
    except Exception:
        _fail(export, "broken")
        raise
    if clock.now() - began > WORTH_A_NOTICE:
        _notify(export, "exports.ready")


def forget_old() -> int:
    """Take away files of more than a week; returns how many."""
    with transaction.atomic():
        old = Export.objects.select_for_update(skip_locked=True).filter(
            state=Export.State.READY, ended_at__lt=clock.now() - KEPT_FOR
        )
        return sum(take_away(export) for export in old)


def take_away(export: Export) -> int:
    """Let a file go, or stop one that is under way; its row says that there was one. The row is locked."""
    files.take_aside_away(export.key)
    export.end(Export.State.GONE if export.state == Export.State.READY else Export.State.STOPPED)
    return 1


def _write(export: Export, tell: Callable[[int, int], None], tell_every: int) -> None:
    """All rows into a draft, which is put aside when it is whole."""
    listed = exported_list(export.list_key)
    actor = actor_for_user(export.owner_id)
    if actor is None or not listed.is_open_to(actor):
        raise Refused("not_allowed", "您已没有查看这个列表的权限。")
    wanted = Wanted(export.query, export.sort, tuple(export.columns), export.language)
    draft, done = files.draft_aside(), 0
    try:
        with transaction.atomic(), _writer(export, listed, draft) as writer:
            found = listed.found(actor, wanted)
            tell(0, found.count())
            for row in found.rows():
                writer.write(row)
                done += 1
                if done % tell_every == 0:
                    tell(done, 0)
            writer.save(_about(export, actor, done))
        size_bytes = files.put_aside(export.key, draft)
    finally:
        draft.unlink(missing_ok=True)
    export.done, export.size_bytes = done, size_bytes
    _finish(export)


def _writer(export: Export, listed: ExportedList, draft: Path) -> Writer:
    by_key = {column.key: column for column in listed.columns}
    columns = tuple(by_key[key] for key in export.columns)
    if export.form == Export.Form.CSV:
        return Lines(draft, columns, export.language)
    title = listed.zh if export.language == "zh" else listed.en
    return Sheets(draft, title, columns, export.language)


def _about(export: Export, actor: Actor, done: int) -> list[str]:
    """By whom, when, by which filters: what makes a table on somebody's desk understood a year later."""
    at = clock.now().astimezone(clock.LOCAL)
    if export.language == "en":
        head = [f"Written out by {actor.name} ({actor.post}) at {at:%Y-%m-%d %H:%M}", f"{done:,} rows"]
    else:
        head = [f"导出人：{actor.name}（{actor.post}）", f"导出时间：{at:%Y-%m-%d %H:%M}", f"行数：{done:,}"]
    return [*head, *export.said]


@contextmanager
def _progress(export: Export) -> Iterator[Callable[[int, int], None]]:
    """How far it is, on a connection of its own, since the rows are read in one transaction. Raises Stopped."""
    statement = (
        "update exports_export set state = 'running', done = %s, total = greatest(total, %s)"
        " where id = %s and state in ('waiting', 'running')"
    )
    with closing(connections.create_connection("default")) as beside:

        def tell(done: int, total: int) -> None:
            with beside.cursor() as cursor:
                cursor.execute(statement, [done, total, export.pk])
                if cursor.rowcount == 0:
                    raise Stopped

        yield tell


@transaction.atomic
def _finish(export: Export) -> None:
    """Ready, unless the person called it off meanwhile, or another worker was at it as well and has finished it."""
    row = Export.objects.select_for_update().get(pk=export.pk)
    if row.state not in UNDER_WAY:
        if row.state != Export.State.READY:
            files.take_aside_away(export.key)
        raise Stopped
    row.done, row.total, row.size_bytes = export.done, max(row.total, export.done), export.size_bytes
    row.end(Export.State.READY)


def _fail(export: Export, reason: str) -> None:
    Export.objects.filter(pk=export.pk, state__in=UNDER_WAY).update(
        state=Export.State.FAILED, reason=reason, ended_at=clock.now()
    )
    _notify(export, "exports.failed")


def _notify(export: Export, kind: str) -> None:
    listed = exported_list(export.list_key)
    params = {"list": {"zh": listed.zh, "en": listed.en}, "rows": export.done}
    notify.notify([export.owner_id], kind=kind, params=params, link="/my/exports")
