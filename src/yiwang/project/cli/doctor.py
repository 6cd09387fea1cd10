"""`yiwang doctor`."""

import sys

import click

COLOURS = {"✓": "green", "!": "yellow", "✗": "red"}


@click.command()
def doctor() -> None:
    """Check each part of the installation; exit 1 when something is wrong. A stopped platform is not wrong."""
    from yiwang.project.doctor import Level, examine

    wrong = 0
    for part, found in examine():
        mark = click.style(found.level.value, fg=COLOURS[found.level.value])
        click.echo(f"{mark} {part:<13} {found.text}")
        if found.remedy:
            click.echo(f"  {'':<13} → {found.remedy}")
        wrong += found.level is Level.WRONG
    if wrong:
        click.echo(f"\n{wrong} of these must be put right.")
    sys.exit(1 if wrong else 0)
