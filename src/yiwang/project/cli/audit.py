"""`yiwang audit`."""

import sys

import click

from yiwang.project.cli.database import reachable_database


@click.group()
def audit() -> None:
    """The audit log."""


@audit.command()
def verify() -> None:
    """Check the sealed chain from its first entry to its last; exit 1 when it is broken."""
    with reachable_database():
        from yiwang.core.audit import queries

        found = queries.verify()
    click.echo(str(found))
    sys.exit(0 if found.ok else 1)
