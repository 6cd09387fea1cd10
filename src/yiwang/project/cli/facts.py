"""`yiwang facts`: the facts that evaluation counts, made again from the cases or held against them."""

import click

from yiwang.project.cli.database import reachable_database

SHOWN = 50


@click.group()
def facts() -> None:
    """Facts of cases, that evaluation counts."""


@facts.command()
def rebuild() -> None:
    """Make all facts again from the cases; the platform may run meanwhile."""
    with reachable_database():
        from yiwang.insight.evaluation import actions

        done = actions.rebuild(lambda so_far: click.echo(f"\r{so_far:,} cases", nl=False, err=True))
    click.echo(f"\rFacts of {done:,} cases stand as the cases do.")


@facts.command()
def check() -> None:
    """Compare all facts with what the cases say; exit 1 when any differ."""
    with reachable_database():
        from yiwang.insight.evaluation import actions

        wrong = actions.check(lambda so_far: click.echo(f"\r{so_far:,} cases", nl=False, err=True))
    click.echo(f"\r{len(wrong):,} cases have facts that differ from what they say.")
    for case_id in wrong[:SHOWN]:
        click.echo(f"  {case_id}")
    if wrong:
        raise SystemExit(1)
