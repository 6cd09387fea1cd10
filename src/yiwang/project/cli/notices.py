"""`yiwang notices`: what waits to be sent out by mail, text message or WeChat, what could not be, and another try."""

import json

import click

from yiwang.project.cli.database import reachable_database

SHOWN = 50


@click.group()
def notices() -> None:
    """Notices on their way out of the platform."""


@notices.command()
def status() -> None:
    """Say what waits and list what could not be sent; exit 1 when there is any."""
    with reachable_database():
        from yiwang.core.notify import queries

        counts = queries.deliveries_by_state()
        dead = list(queries.dead_deliveries().select_related("notice").order_by("-id")[:SHOWN])
    click.echo(
        "  ".join(f"{state} {count:,}" for state, count in sorted(counts.items())) or "nothing was ever sent"
    )
    for row in dead:
        click.echo(
            f"  {row.pk:>6}  {row.channel:<12} {row.notice.kind:<24} {row.attempts} attempts  {row.reason}"
        )
    if dead:
        raise SystemExit(1)


@notices.command()
@click.argument("deliveries", type=int, nargs=-1)
@click.option("--all", "every", is_flag=True, help="Everything that could not be sent.")
def retry(deliveries: tuple[int, ...], every: bool) -> None:
    """Send what could not be sent again; what is marked `unsure` may arrive twice by this."""
    if bool(deliveries) == every:
        raise click.UsageError("Give the numbers (see `yiwang notices status`), or --all.")
    with reachable_database():
        from yiwang.core.actor import system
        from yiwang.core.errors import Conflict
        from yiwang.core.notify import actions
        from yiwang.core.notify.queries import Which

        which = Which() if every else Which(ids=deliveries)
        try:
            count = actions.send_again(system("terminal"), which)
        except Conflict:
            count = 0
    click.echo(f"{count} will be tried again by the worker.")


@notices.command()
def outbox() -> None:
    """Show what a development or demo platform would have sent, the latest last."""
    with reachable_database():
        from django.conf import settings

        folder = settings.NOTIFY_OUTBOX
    files = sorted(folder.glob("*.json"))[-SHOWN:] if folder else []
    for file in files:
        body = json.loads(file.read_text(encoding="utf-8"))
        click.echo(f"{file.name[:15]}  {body['channel']:<12} {body['to']}")
        click.echo(f"    {body['subject']}: {body['text']}  {body['link']}")
    if not files:
        click.echo("Nothing was kept.")
