"""Brings a table in, chunk by chunk: each chunk is one transaction with its progress, so that a kill costs nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import DatabaseError, OperationalError, connection, transaction

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict
from yiwang.core.imports import queries, report, tables
from yiwang.core.imports.declare import Bringing, Outcome, Parsed
from yiwang.core.imports.faults import BadTable, Cells, Fault, shown
from yiwang.core.imports.mapping import Mapping as Rules
from yiwang.core.imports.models import ExternalKey, RowFault, Run
from yiwang.core.imports.rules import Columns, parse_row
from yiwang.core.imports.tables import Row, Table
from yiwang.core.locks import hold

CHUNK = 1000

Say = Callable[[Run, float], None]


@dataclass(frozen=True, slots=True)
class Options:
    """`limit`: only the first so many rows; `dry`: nothing is kept; `report`: where faulty rows are written.

    `name`: what people call the file, where its path does not say it.
    """

    limit: int | None = None
    dry: bool = False
    report: Path | None = None
    chunk: int = CHUNK
    name: str = ""


@dataclass(slots=True)
class Report:
    """What a dry run found, as there is no row in the database for it."""

    columns: dict[str, None] = field(default_factory=dict)
    faults: list[tuple[Fault, Cells]] = field(default_factory=list)


def claim(target: str, source: str, keys: Sequence[str]) -> dict[str, ExternalKey]:
    """The keys that have an object already; nobody else makes one from this source until the transaction ends."""
    hold(f"imports.claim:{target}:{source}")
    return queries.known(target, source, keys)


def remember(target: str, source: str, made: Mapping[str, UUID], run_id: UUID | None = None) -> None:
    """Note which object was made for each key, in the transaction that makes them."""
    columns = "(target, source, key, object_id, run_id)"
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY imports_externalkey {columns} FROM STDIN") as copy,
    ):
        for key, object_id in made.items():
            copy.write_row((target, source, key, object_id, run_id))


def bring_in(
    actor: Actor, path: Path, mapping: Rules, options: Options = Options(), say: Say = lambda run, done: None
) -> Run:
    """Bring a file in by a mapping; a run that was broken off goes on where it was.

    Returns the run with its counts: position = loaded + present + faulty. Raises BadTable, BadMapping (columns that
    the file does not have), Conflict `import_running` when another process is at this very file.
    """
    found = tables.survey(path, encoding=mapping.encoding)
    table = tables.open_table(found, delimiter=mapping.delimiter, sheet=mapping.sheet)
    if table.columns and (missing := mapping.missing(table.columns)):
        lacking = "; ".join(" or ".join(names) for names in missing)
        raise BadTable(f"{path.name} has no column {lacking}. It has: {', '.join(table.columns)}.")
    if options.dry:
        return _dry(actor, table, mapping, options, say)
    with alone(f"{mapping.target.key}:{mapping.source}:{found.digest}"):
        run = _begin(actor, table, mapping, options.name)
        try:
            bringing = Bringing(actor, mapping.source, mapping.options, run.pk)
            _work(bringing, run, table, mapping, options, say=say)
        except BaseException as error:
            _break_off(run, error)
            raise
        _finish(actor, run, partly=options.limit is not None)
    if options.report is not None:
        write_report(run, table, options.report)
    return run


@contextmanager
def alone(name: str) -> Iterator[None]:
    """One process at a time brings one file in; the lock goes with its connection, however the process ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(hashtextextended(%s, 1))", [name])
        if not cursor.fetchone()[0]:
            raise Conflict("import_running", "这个文件正在由另一个进程导入。")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(hashtextextended(%s, 1))", [name])


def _begin(actor: Actor, table: Table, mapping: Rules, name: str) -> Run:
    found = table.survey
    run = queries.unfinished(mapping.target.key, mapping.source, found.digest, mapping.digest)
    if run is not None:
        run.state, run.reason = Run.State.RUNNING, ""
        run.save(update_fields=["state", "reason"])
        return run
    run = _new_run(actor, table, mapping, name)
    with transaction.atomic():
        run.save(force_insert=True)
        audit.record(
            actor,
            action="imports.start",
            object_type="import",
            object_id=str(run.pk),
            before=None,
            after={
                "file": run.file_name,
                "sha256": run.file_digest,
                "mapping": run.mapping,
                "target": run.target,
            },
        )
    return run


def _new_run(actor: Actor, table: Table, mapping: Rules, name: str = "") -> Run:
    found = table.survey
    return Run(
        target=mapping.target.key,
        source=mapping.source,
        mapping=mapping.name[:100],
        mapping_digest=mapping.digest,
        mapping_document=_storable(mapping.document),
        file_name=(name or found.path.name)[-255:],
        file_digest=found.digest,
        file_size=found.size,
        started_by=actor.user_id,
        started_by_name=actor.name,
    )


def _break_off(run: Run, error: BaseException) -> None:
    """Notes why, as far as the database still answers; progress is what the chunks have committed."""
    try:
        Run.objects.filter(pk=run.pk).update(
            state=Run.State.FAILED, reason=f"{type(error).__name__}: {error}"[:1000]
        )
    except DatabaseError:
        return


def _finish(actor: Actor, run: Run, *, partly: bool) -> None:
    with transaction.atomic():
        # A run of the first rows only can be gone on with.
        run.state, run.ended_at = (Run.State.FAILED if partly else Run.State.DONE), clock.now()
        run.reason = "只导入了前一部分" if partly else ""
        run.save(update_fields=["state", "ended_at", "reason"])
        audit.record(
            actor,
            action="imports.finish",
            object_type="import",
            object_id=str(run.pk),
            before=None,
            after={"rows": run.position, "loaded": run.loaded, "present": run.present, "faulty": run.faulty},
        )


def _chunks(table: Table, run: Run, options: Options) -> Iterator[list[Row]]:
    """The rows that are not dealt with yet, in chunks."""
    rows = islice(table.rows, options.limit)
    for _ in islice(rows, run.position):
        pass
    while chunk := list(islice(rows, options.chunk)):
        yield chunk


def _work(bringing: Bringing, run: Run, table: Table, mapping: Rules, options: Options, *, say: Say) -> None:
    columns = Columns(table.columns)
    for rows in _chunks(table, run, options):
        with transaction.atomic():
            outcome, originals = bring_rows(bringing, mapping, columns, rows)
            RowFault.objects.bulk_create(
                _fault_row(run, fault, originals[fault.line]) for fault in outcome.faults
            )
            count(run, rows, outcome)
            run.save(update_fields=["position", "loaded", "present", "faulty"])
        say(run, rows[-1].done)


def _dry(actor: Actor, table: Table, mapping: Rules, options: Options, say: Say) -> Run:
    run = _new_run(actor, table, mapping)
    bringing, columns, found = (
        Bringing(actor, mapping.source, mapping.options, run.pk),
        Columns(table.columns),
        Report(),
    )
    found.columns.update(dict.fromkeys(table.columns))
    for rows in _chunks(table, run, options):
        with transaction.atomic():
            outcome, originals = bring_rows(bringing, mapping, columns, rows)
            transaction.set_rollback(True)
        for fault in outcome.faults:
            found.columns.update(dict.fromkeys(originals[fault.line]))
            found.faults.append((fault, originals[fault.line]))
        count(run, rows, outcome)
        say(run, rows[-1].done)
    run.state = Run.State.DONE
    if options.report is not None:
        lines = ((_storable(cells), _added(fault)) for fault, cells in found.faults)
        report.write(options.report, _own(found.columns), lines)
    return run


def bring_rows(
    bringing: Bringing, mapping: Rules, columns: Columns, rows: Sequence[Row]
) -> tuple[Outcome, dict[int, Cells]]:
    """Parse and bring in one chunk, inside the caller's transaction; every row is made, present or at fault."""
    originals = {row.line: row.cells for row in rows}
    faults: list[Fault] = []
    parsed: dict[str, Parsed] = {}
    for row in rows:
        one = row.fault or parse_row(mapping, columns, row.line, row.cells)
        if isinstance(one, Fault):
            faults.append(one)
        elif one.key in parsed:
            faults.append(_double(one, parsed[one.key].line))
        else:
            parsed[one.key] = one
    outcome = _bring(bringing, mapping, list(parsed.values()))
    _part_doubles(bringing, mapping, outcome, parsed)
    outcome.faults += faults
    outcome.faults.sort(key=lambda fault: fault.line)
    return outcome, originals


def _bring(bringing: Bringing, mapping: Rules, rows: list[Parsed]) -> Outcome:
    """As the target does it; what the database itself refuses is traced to its row by halving the chunk."""
    if not rows:
        return Outcome()
    try:
        with transaction.atomic():
            outcome = mapping.target.bring(bringing, rows)
    except OperationalError:
        raise
    except DatabaseError as error:
        if len(rows) == 1:
            reason = f"数据库不接受这一行：{str(error).splitlines()[0][:200]}。"
            return Outcome(faults=[Fault(rows[0].line, "", "", "refused_by_database", reason)])
        first, second = (
            _bring(bringing, mapping, half) for half in (rows[: len(rows) // 2], rows[len(rows) // 2 :])
        )
        return Outcome(first.made | second.made, first.present | second.present, first.faults + second.faults)
    if len(rows) != len(outcome.made) + len(outcome.present) + len(outcome.faults):
        raise RuntimeError(f"{mapping.target.key}: {len(rows)} rows went in and not as many came out")
    return outcome


def _part_doubles(bringing: Bringing, mapping: Rules, outcome: Outcome, parsed: Mapping[str, Parsed]) -> None:
    """A key that an earlier row of this very file has is a fault; one from an earlier run is simply there."""
    if not outcome.present:
        return
    for key, row in queries.known(mapping.target.key, bringing.source, outcome.present).items():
        if row.run_id == bringing.run_id:
            outcome.present.discard(key)
            outcome.faults.append(_double(parsed[key], row.line))


def _double(row: Parsed, first_line: int | None) -> Fault:
    where = f"第 {first_line} 行" if first_line else "前面的行"
    return Fault(row.line, "key", shown(row.key), "double", f"同样的编号在{where}已经有了。",
        "删掉这一行，或在映射中选能区分各行的列作编号。")  # fmt: skip


def count(run: Run, rows: Sequence[Row], outcome: Outcome) -> None:
    """Adds a chunk to the run's figures."""
    run.position += len(rows)
    run.loaded += len(outcome.made)
    run.present += len(outcome.present)
    run.faulty += len(outcome.faults)


def _fault_row(run: Run, fault: Fault, cells: Cells) -> RowFault:
    return RowFault(
        run=run, line=fault.line, field=fault.field[:60], value=shown(fault.value), code=fault.code,
        reason=shown(fault.reason), advice=fault.advice, original=_storable(cells),
    )  # fmt: skip


def write_report_of(run: Run, path: Path) -> int:
    """As `write_report`, without the file that was brought in: its columns are those that faulty rows had."""
    columns: dict[str, None] = {}
    for fault in queries.faults(run.pk):
        columns.update(dict.fromkeys(fault.original))
    return report.write(path, _own(columns), _report_lines(run))


def write_report(run: Run, table: Table, path: Path) -> int:
    """Write the faulty rows of a whole run, those before a restart too; returns how many."""
    columns = dict.fromkeys(table.columns)
    if not columns:
        for fault in queries.faults(run.pk):
            columns.update(dict.fromkeys(fault.original))
    return report.write(path, _own(columns), _report_lines(run))


def _report_lines(run: Run) -> Iterator[report.Line]:
    for row in queries.faults(run.pk):
        yield row.original, (row.line, row.field, row.value, row.code, row.reason, row.advice)


def _own(columns: Mapping[str, None]) -> tuple[str, ...]:
    return tuple(column for column in columns if column not in report.ADDED)


def _added(fault: Fault) -> tuple[object, ...]:
    return (fault.line, fault.field, fault.value, fault.code, fault.reason, fault.advice)


def _storable(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Cells as JSON in the database: dates as text, and nothing that it cannot hold."""
    return {_clean(key): _value(value) for key, value in cells.items()}


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, Mapping):
        return _storable(value)
    if isinstance(value, list | tuple):
        return [_value(one) for one in value]
    if isinstance(value, datetime | date | time):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, Decimal) or (isinstance(value, float) and not abs(value) < 1e308):
        return str(value)
    if isinstance(value, int) and abs(value) > 1 << 53:
        return str(value)
    return value


def _clean(text: str) -> str:
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if mark == "\0" or "\ud800" <= mark <= "\udfff" else mark for mark in text
    )
