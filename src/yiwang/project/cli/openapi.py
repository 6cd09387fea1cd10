"""`yiwang openapi`: the committed description of the API, from which the console's client is made."""

import json
from collections.abc import Iterator
from pathlib import Path

import click


def document() -> str:
    """The OpenAPI document of the running code, as it is committed: sorted by route as declared, indented by 2."""
    from yiwang.project.preparation import set_up_django

    set_up_django()
    from yiwang.project.api import api

    twice = named_twice()
    if twice:
        raise click.ClickException(
            f"Two schemas have one name, so one of them would vanish: {', '.join(twice)}."
        )
    return json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=2, default=str) + "\n"


def named_twice() -> list[str]:
    """Schemas of one name in two rooms: the document knows them by name only, and the last one would win."""
    from pydantic import BaseModel

    rooms: dict[str, set[str]] = {}
    for schema in _below(BaseModel):
        if schema.__module__.startswith("yiwang."):
            rooms.setdefault(schema.__name__, set()).add(schema.__module__)
    return sorted(
        f"{name} ({' and '.join(sorted(where))})" for name, where in rooms.items() if len(where) > 1
    )


def _below(kind: type) -> Iterator[type]:
    children: list[type] = kind.__subclasses__()
    for child in children:
        yield child
        yield from _below(child)


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
