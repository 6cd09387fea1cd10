"""`yiwang events`: what waits for delivery, what was given up, and another try for it."""

import click

from yiwang.project.cli.database import reachable_database

SHOWN = 50


@click.group()
def events() -> None:
    """Events between rooms, and dead letters."""


@events.command()
def status() -> None:
    """Say what waits and list the dead letters; exit 1 when there are any."""
    with reachable_database():
        from yiwang.core.events import queries

        backlog = queries.backlog()
        letters = list(queries.open_dead_letters()[:SHOWN])
    since = f", the oldest since {backlog.oldest_at:%Y-%m-%d %H:%M:%S} UTC" if backlog.oldest_at else ""
    click.echo(f"{backlog.pending:,} events wait{since}; {backlog.dead_letters:,} dead letters")
    for letter in letters:
        last_line = letter.reason.strip().splitlines()[-1:] or [""]
        click.echo(f"  {letter.pk:>6}  {letter.event.type}  {letter.event.aggregate}  {letter.handler}")
        click.echo(f"          {last_line[0][:150]}")
    if letters:
        raise SystemExit(1)


@events.command()
@click.argument("letters", type=int, nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every dead letter.")
def replay(letters: tuple[int, ...], every: bool) -> None:
    """Let handlers try the dead letters with these numbers again."""
    if bool(letters) == every:
        raise click.UsageError("Give the numbers of dead letters (see `yiwang events status`), or --all.")
    with reachable_database():
        from yiwang.core.errors import DomainError
        from yiwang.core.events import actions, queries

        numbers = [letter.pk for letter in queries.open_dead_letters()] if every else letters
        for number in numbers:
            try:
                actions.replay(number)
            except DomainError as error:
                raise click.ClickException(f"{number}: {error.message}") from None
    click.echo(f"{len(numbers)} dead letters wait for another try; the worker takes them up at once.")
