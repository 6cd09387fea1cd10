"""`yiwang files`: whether all content is there, and the way to another place."""

import click

from yiwang.project.cli.database import reachable_database


@click.group()
def files() -> None:
    """Photos and documents: check them, copy them to another place."""


@files.command()
@click.option("--deep", is_flag=True, help="Read every content and compare its SHA-256.")
def check(deep: bool) -> None:
    """Say whether every file's content is where it should be; exit 1 when some is not."""
    with reachable_database():
        from yiwang.core.files import actions

        place, seconds = actions.try_out()
        wrong = 0
        for digest, why in actions.missing(deep):
            click.echo(f"  {digest}  {why}")
            wrong += 1
    click.echo(f"{place} answers in {seconds * 1000:.0f} ms; {wrong:,} contents are not as they should be")
    if wrong:
        raise SystemExit(1)


@files.command()
@click.argument("to")
def copy(to: str) -> None:
    """Copy all content to TO (file:///path or s3://bucket/prefix?endpoint=…); again copies the rest.

    Then give YIWANG_FILES_URL the new place and start again. Nothing is removed from the old one.
    """
    with reachable_database():
        from yiwang.core.files import actions
        from yiwang.project.environment import bucket_credentials_of_process

        def say(done: int, total: int) -> None:
            click.echo(f"\r{done:,} of {total:,}", nl=done == total)

        try:
            result = actions.copy_to(to, bucket_credentials_of_process(), say)
        except ValueError as error:
            raise click.ClickException(str(error)) from None
    click.echo(
        f"{result.copied:,} copied ({result.bytes_copied / 1e6:,.1f} MB), {result.there:,} were there,"
        f" {len(result.damaged):,} missing or damaged here"
    )
    for digest in result.damaged:
        click.echo(f"  {digest}")
    if result.damaged:
        raise SystemExit(1)
