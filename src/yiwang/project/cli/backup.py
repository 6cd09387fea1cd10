"""`yiwang backup` and `yiwang restore`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from yiwang.project.cli.database import reachable_database

STAGES = {
    "counting": "reading the tables",
    "dumping": "writing the database",
    "copying": "copying files",
    "sealing": "sealing",
    "checking": "checking files",
    "files": "putting files back",
    "loading": "reading the database back",
    "comparing": "comparing tables",
    "chain": "verifying the audit chain",
}


@click.command()
@click.option("--to", type=click.Path(path_type=Path, file_okay=False), help="The folder of backups.")
@click.option("--list", "listing", is_flag=True, help="Make none; list those that there are.")
def backup(to: Path | None, listing: bool) -> None:
    """Back the database and all files up; the platform may run meanwhile. By default below var/backups."""
    from yiwang.project.backup import making, shelf
    from yiwang.project.environment import ENV

    folder = (to or ENV.backup_dir).resolve()
    if listing:
        for one in shelf.listed(folder):
            click.echo(
                f"  {one.id}  {one.bytes / 1e6:>10,.1f} MB  {one.rows:>12,} rows  {one.files:>9,} files"
            )
        for name, why in shelf.damaged(folder):
            click.echo(f"  {name}  {why}")
        return
    from yiwang.project.cluster import database_url

    with reachable_database(), progress() as say:
        made = making.make(database_url(), folder, by="command", occasion="command", say=say)
    click.echo(
        f"{folder / made.id}: {made.rows:,} rows in {len(made.tables)} tables, {made.files:,} files,"
        f" {made.bytes / 1e6:,.1f} MB"
    )
    if made.missing:
        click.echo(
            f"! {len(made.missing)} files were missing in the running platform; see `yiwang files check`"
        )


@click.command()
@click.argument("where", type=click.Path(path_type=Path, exists=True))
@click.option("--replace", is_flag=True, help="Put it in the place of a database that is not empty.")
@click.option("--check", is_flag=True, help="Change nothing: read the whole backup and compare its digests.")
@click.option("--trial", is_flag=True, help="Change nothing: read it into a scratch database and compare.")
def restore(where: Path, replace: bool, check: bool, trial: bool) -> None:
    """Bring the backup in WHERE (its folder or its manifest.json) back. Stop the platform first."""
    from yiwang.project.backup import checking

    folder = (where.parent if where.is_file() else where).resolve()
    if check:
        with progress() as say:
            wrong = checking.faults(folder, say)
        for name in wrong:
            click.echo(f"  {name}  is not as it was")
        click.echo("The backup is whole." if not wrong else f"{len(wrong)} parts are damaged.")
        raise SystemExit(1 if wrong else 0)
    if trial:
        try_out(folder)
        return
    from yiwang.project.supervisor.platform import only_one

    with only_one(), reachable_database(), progress() as say:
        bring_back(folder, replace=replace, say=say)


def try_out(folder: Path) -> None:
    """Into a scratch database; exit 1 when something is not as it was."""
    from yiwang.project.backup import checking

    with reachable_database(), progress() as say:
        tried = checking.try_out(folder, say)
    for one in tried.differences:
        click.echo(f"  {one.table}: {one.found:,} rows, {one.expected:,} expected")
    click.echo(f"audit chain: {tried.chain_words}")
    click.echo(f"{tried.rows:,} rows in {tried.tables} tables: {'equal' if tried.ok else 'NOT equal'}")
    raise SystemExit(0 if tried.ok else 1)


def bring_back(folder: Path, *, replace: bool, say: Callable[[int, int, str], None]) -> None:
    """The restore itself, told."""
    from yiwang.project.backup import restoring

    done = restoring.restore(folder, replace=replace, say=say)
    found = done.manifest
    click.echo(
        f"\n{found.id} is back: {found.rows:,} rows in {len(found.tables)} tables and {found.files:,} files, all equal"
        f" ({done.files_put:,} files were put back)."
    )
    if done.set_aside:
        click.echo(f"What was there before is kept as database {done.set_aside}, until the next restore.")
    click.echo(f"audit chain: {done.chain}")
    if not done.chain.ok:
        raise SystemExit(1)


@contextmanager
def progress() -> Iterator[Callable[[int, int, str], None]]:
    """Tells each stage on a line of its own."""
    at = ""

    def say(done: int, total: int, stage: str) -> None:
        nonlocal at
        if stage != at:
            at = stage
            click.echo(f"  {STAGES.get(stage, stage)} …", err=True)

    yield say
