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
        with advice_on_missing_tables():
            yield
        return
    with cluster.running():
        set_up_django()
        with advice_on_missing_tables():
            yield


@contextmanager
def advice_on_missing_tables() -> Iterator[None]:
    """A database that was never brought up to date is named, with what to do, instead of a traceback."""
    from django.db import ProgrammingError, connection

    try:
        yield
    except ProgrammingError as error:
        name = connection.settings_dict["NAME"]
        raise click.ClickException(
            f"The database {name} lacks tables: `yiwang migrate` makes them. "
            "The demo has its own: set YIWANG_DATABASE_NAME=yiwang_demo."
        ) from error


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
