"""`yiwang openapi`: the committed description of the API, from which the console's client is made."""

import json
from pathlib import Path

import click


def document() -> str:
    """The OpenAPI document of the running code, as it is committed: sorted by route as declared, indented by 2."""
    from yiwang.project.preparation import set_up_django

    set_up_django()
    from yiwang.project.api import api

    return json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=2, default=str) + "\n"


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when the committed one is out of date.")
def openapi(check: bool) -> None:
    """Write docs/api/openapi.json from the code."""
    from yiwang.project.environment import CHECKOUT

    file: Path = CHECKOUT / "docs" / "api" / "openapi.json"
    wanted = document()
    if file.exists() and file.read_text() == wanted:
        click.echo("docs/api/openapi.json is up to date.")
        return
    if check:
        raise click.ClickException(
            "docs/api/openapi.json is out of date. Run `yiwang openapi` and commit it."
        )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(wanted)
    click.echo("Wrote docs/api/openapi.json.")
