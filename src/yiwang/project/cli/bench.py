"""`yiwang bench`."""

import click


@click.command()
@click.argument("name", required=False)
@click.option("--quick", is_flag=True, help="A small run that shows that it works, not how fast.")
@click.option("--names", is_flag=True, help="Print the names only.")
def bench(name: str | None, quick: bool, names: bool) -> None:
    """Run the benchmark NAME and print one line of JSON for each figure; without a name, list them."""
    from yiwang.project import benching

    known = benching.names()
    if name is None or names:
        click.echo("\n".join(known) if known or names else "There are no benchmarks yet.")
        return
    if name not in known:
        raise click.ClickException(
            f"There is no benchmark {name!r}. There are: {', '.join(known) or 'none yet'}."
        )
    for line in benching.run(name, quick=quick):
        click.echo(line)
