"""`yiwang createadmin`: the first administrator, or another one."""

import click

from yiwang.project.cli.database import reachable_database
from yiwang.project.environment import ENV


@click.command()
@click.option("--username", help="The account's name: small letters, digits, dots and dashes.")
@click.option("--name", help="The person's name.")
@click.option("--phone", default="", help="The person's telephone number.")
@click.option("--yes", is_flag=True, help="Do not ask before a further administrator is added.")
def createadmin(username: str | None, name: str | None, phone: str, *, yes: bool) -> None:
    """Make an administrator of the whole district, and print the link by which they set their password, once.

    What is not given is asked for. The link works for a day; made anew by another administrator, or by this command
    for another account.
    """
    with reachable_database():
        from yiwang.core.accounts import staff
        from yiwang.core.actor import system
        from yiwang.core.errors import DomainError

        found()
        known = staff.administrators()
        if known:
            click.echo(f"There are administrators already: {', '.join(user.name for user in known)}.")
            if not yes:
                click.confirm("Add another one?", abort=True)
        wanted = username or click.prompt("Account name")
        called = name or click.prompt("Name")
        try:
            made = staff.create_administrator(
                system("createadmin"), username=wanted, name=called, phone=phone
            )
        except DomainError as error:
            hint = " Run `yiwang seed` first." if error.code == "no_units" else ""
            raise click.ClickException(f"{error.message}{hint}") from None
    click.echo(
        f"{called} ({made.link.user.username}) is an administrator. The password is set here, once, by"
    )
    click.echo(f"{made.link.expires_at.astimezone():%Y-%m-%d %H:%M}:\n")
    click.echo(f"  {ENV.address}{made.path}\n")
    click.echo("After signing in, 开始使用 (Getting started) leads through what is left to do.")


def found() -> None:
    """A database that serves nobody yet serves the district whose areas it holds."""
    from yiwang.city.geo import queries as places
    from yiwang.core.accounts import actions, queries
    from yiwang.core.accounts.models import Installation

    if queries.installation() is not None:
        return
    district = next((area for area in places.areas() if area.level == "district"), None)
    if district is None:
        raise click.ClickException("This database holds no district yet; run `yiwang seed` first.")
    actions.found(kind=Installation.Kind.REAL, district_code=district.code, district_name=district.name)
    click.echo(f"This database now serves {district.name} ({district.code}).")
