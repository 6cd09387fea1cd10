"""`yiwang deadlines`: what limits run, which marks could not fire, and another try for them."""

import click

from yiwang.project.cli.database import reachable_database

SHOWN = 50


@click.group()
def deadlines() -> None:
    """Running limits, and marks that could not fire."""


@deadlines.command()
def status() -> None:
    """Say what runs and waits, and list the marks that are stuck; exit 1 when there are any."""
    with reachable_database():
        from yiwang.core.deadlines import queries

        state = queries.state()
        stuck = list(queries.open_stuck()[:SHOWN])
    since = f", the oldest since {state.oldest_at:%Y-%m-%d %H:%M:%S} UTC" if state.oldest_at else ""
    click.echo(f"{state.running:,} limits run; {state.waiting:,} are due to fire{since}")
    click.echo(f"{state.retried:,} are being tried again; {state.stuck:,} marks are stuck")
    for mark in stuck:
        row = mark.deadline
        last_line = mark.reason.strip().splitlines()[-1:] or [""]
        click.echo(
            f"  {mark.pk:>6}  {row.owner_kind}:{row.owner_id}  {row.stage}  {mark.mark}  {mark.mark_at}"
        )
        click.echo(f"          {last_line[0][:150]}")
    if stuck:
        raise SystemExit(1)


@deadlines.command()
@click.argument("marks", type=int, nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every mark that is stuck.")
def fire(marks: tuple[int, ...], every: bool) -> None:
    """Fire the stuck marks with these numbers again, at once; exit 1 when one fails again."""
    if bool(marks) == every:
        raise click.UsageError("Give the numbers of stuck marks (see `yiwang deadlines status`), or --all.")
    failed = 0
    with reachable_database():
        from yiwang.core.deadlines import actions, queries

        numbers = [mark.pk for mark in queries.open_stuck()] if every else list(marks)
        for number in numbers:
            try:
                actions.fire_stuck(number)
            except Exception as error:
                failed += 1
                click.echo(f"{number}: {error}", err=True)
    click.echo(f"{len(numbers) - failed} marks fired, {failed} failed again.")
    if failed:
        raise SystemExit(1)
