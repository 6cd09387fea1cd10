"""`yiwang migrate` and `yiwang seed`."""

from collections.abc import Iterator
from contextlib import contextmanager

import click


@contextmanager
def reachable_database() -> Iterator[None]:
    """The database answers and Django is loaded; a private cluster that was stopped is stopped again at the end."""
    from yiwang.project import cluster
    from yiwang.project.preparation import set_up_django

    if not cluster.is_private():
        set_up_django()
        yield
        return
    with cluster.running():
        set_up_django()
        yield


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when migrations are pending.")
def migrate(check: bool) -> None:
    """Bring the database's schema up to date."""
    from yiwang.project import preparation

    with reachable_database():
        pending = preparation.pending_migrations()
        for name in pending:
            click.echo(f"  {name}")
        if check and pending:
            raise click.ClickException(f"{len(pending)} migrations are pending.")
        preparation.migrate(lambda text: None)
    click.echo(f"{len(pending)} migrations applied." if pending else "The database is up to date.")


@click.command()
def seed() -> None:
    """Load the declared data of every room; what is there already stays."""
    from yiwang.project import preparation

    with reachable_database():
        for room, counts in preparation.seed():
            click.echo(f"  {room:<12}{preparation.in_words(counts)}")
