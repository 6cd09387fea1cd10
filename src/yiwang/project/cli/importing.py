"""`yiwang import`."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yiwang.project.cli.database import reachable_database

if TYPE_CHECKING:
    from yiwang.core.imports.models import Run

SHOWN = 10
PARTS = 1000  # of the progress bar


@click.command("import")
@click.argument("target")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--mapping", "name", help="The name of a shipped mapping, or the path of a .toml file.")
@click.option("--dry-run", "dry", is_flag=True, help="Look through the whole file and keep nothing.")
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    help="Write the faulty rows there, as .csv or .xlsx, to be mended.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Only the first so many rows.")
def bring(
    target: str, file: Path | None, name: str | None, *, dry: bool, report: Path | None, limit: int | None
) -> None:
    """Bring the rows of FILE (CSV, Excel, JSON lines; also .gz) in as TARGET, for instance `cases`.

    Without a FILE, list the shipped mappings. A run that was broken off goes on where it was; rows that are there
    already are passed over.
    """
    with reachable_database():
        from yiwang.core.actor import system
        from yiwang.core.errors import DomainError
        from yiwang.core.imports import actions, declare, queries

        try:
            wanted = declare.target(target)
            if file is None or name is None:
                for one in queries.shipped_mappings(wanted):
                    click.echo(f"  {one.name:<24}{one.title}")
                if file is not None:
                    raise click.UsageError("Say by which mapping: --mapping NAME.")
                return
            mapping = queries.mapping(wanted, name)
            options = actions.Options(limit=limit, dry=dry, report=report)
            began = time.monotonic()
            with click.progressbar(length=PARTS, label=file.name, show_pos=False) as bar:
                run = actions.bring_in(system("import"), file, mapping, options, progress(bar))
                bar.update(PARTS - bar.pos)
        except (declare.BadTable, declare.BadMapping) as error:
            raise click.ClickException(str(error)) from None
        except DomainError as error:
            raise click.ClickException(error.message) from None
        tell(run, time.monotonic() - began, dry=dry, report=report)


def progress(bar: "click._termui_impl.ProgressBar[int]") -> Callable[["Run", float], None]:
    """Moves the bar on, with the rate of rows behind it."""
    began = time.monotonic()

    def say(run: "Run", done: float) -> None:
        rate = run.position / max(time.monotonic() - began, 0.001)
        bar.label = f"{run.position:,} rows, {rate:,.0f}/s"
        bar.update(max(int(done * PARTS) - bar.pos, 0))

    return say


def tell(run: "Run", seconds: float, *, dry: bool, report: Path | None) -> None:
    """What came of it, and the first faults."""
    kept = "would be new" if dry else "new"
    click.echo(
        f"{run.position:,} rows in {seconds:.1f} s: {run.loaded:,} {kept}, {run.present:,} there already, "
        f"{run.faulty:,} faulty"
    )
    if run.faulty and report is not None:
        click.echo(f"The faulty rows stand in {report}: mend them there and import that file.")
    elif run.faulty and not dry:
        from itertools import islice

        from yiwang.core.imports import queries

        for fault in islice(queries.faults(run.pk), SHOWN):
            click.echo(
                f"  line {fault.line}: {fault.field or 'row'} {fault.value!r}: {fault.reason} {fault.advice}"
            )
        click.echo("  … and so on; --report FILE.csv writes them all." if run.faulty > SHOWN else "")
