"""`yiwang up` and `yiwang demo`."""

import os
import sys
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

import click

DEMO_DATABASE = "yiwang_demo"


def addressed(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the options that say where it listens."""
    port = click.option(
        "--port", type=click.IntRange(1, 65534), help="TCP port; live events take the next one."
    )
    host = click.option("--host", help="Address to listen on; 0.0.0.0 for all.")
    lan = click.option("--lan", is_flag=True, help="For phones in this network: all addresses, by https.")
    return port(host(lan(command)))


def listen_on(host: str | None, port: int | None, lan: bool) -> None:
    """Puts the options into the environment, which is read later and passed on to every process."""
    if lan:
        os.environ["YIWANG_TLS"] = "1"
        os.environ.setdefault("YIWANG_HOST", "0.0.0.0")  # noqa: S104 - that is what is asked for
    if host is not None:
        os.environ["YIWANG_HOST"] = host
    if port is not None:
        os.environ["YIWANG_PORT"] = str(port)
        os.environ["YIWANG_LIVE_PORT"] = str(port + 1)


@click.command()
@addressed
@click.option("--prepare/--no-prepare", default=True, help="Bring the database up to date first.")
def up(host: str | None, port: int | None, lan: bool, prepare: bool) -> None:
    """Run the platform: database, web, worker and gateway, until Ctrl-C."""
    listen_on(host, port, lan)
    start(prepare=prepare, on_up=tell_up)


@click.command()
@addressed
@click.option("--fresh", is_flag=True, help="Throw the demo's database away and make it anew.")
def demo(host: str | None, port: int | None, lan: bool, fresh: bool) -> None:
    """Run a living demo district in a database of its own."""
    if os.environ.get("YIWANG_DATABASE_URL"):
        raise click.ClickException("The demo makes its own database; start it without YIWANG_DATABASE_URL.")
    os.environ["YIWANG_MODE"] = "demo"
    os.environ["YIWANG_DATABASE_NAME"] = DEMO_DATABASE
    listen_on(host, port, lan)
    if fresh:
        forget_demo()
    start(prepare=True, on_up=tell_demo)


def forget_demo() -> None:
    """Drops the demo's database."""
    from yiwang.project import cluster
    from yiwang.project.cluster import databases
    from yiwang.project.supervisor.platform import only_one

    with only_one(), cluster.running() as where:
        databases.drop(where, DEMO_DATABASE)


def start(*, prepare: bool, on_up: Callable[[], None]) -> None:
    """Runs the platform and ends this process with its exit code."""
    from yiwang.project.supervisor.platform import run

    sys.exit(run(prepare=prepare, on_up=on_up))


def tell_up() -> None:
    """Says where the platform is and, as long as nobody can sign in, how the first administrator is made."""
    tell_address()
    from yiwang.project.reaching import asked

    try:
        is_open = asked("/session/door")["open"]
    except (OSError, ValueError):
        return
    if not is_open:
        click.secho(
            "  Nobody can sign in yet. Make the first administrator, in another terminal:\n", fg="yellow"
        )
        click.echo(f"    {sys.argv[0]} createadmin\n")
        click.echo("  It prints a link by which that person sets a password, once; then they sign in and are")
        click.echo(
            "  led through the rest.  还没有人可以登录：请另开终端运行上面的命令，打开它给出的链接设置密码。\n"
        )


def tell_address() -> None:
    """Says where the platform is."""
    from yiwang.project.environment import ENV

    if ENV.tls:
        tell_phones()
    click.secho(f"\n  Yiwang 一网 is up:  {ENV.address}\n  Ctrl-C stops it.\n", bold=True)


def tell_phones() -> None:
    """Says how a phone in this network comes in: a code to scan, and the mark to compare."""
    import segno

    from yiwang.project.environment import ENV
    from yiwang.project.lan import authority, page

    found = page.addresses()
    if not found:
        click.secho(
            "\n  No private network address was found: phones cannot reach this machine.", fg="yellow"
        )
        return
    click.echo(f"\n  Phones in this network begin here  手机请扫码或打开：  {found[0]}\n")
    segno.make(found[0], error="l").terminal(compact=True, border=2)
    click.echo(f"  SHA-256 {authority.fingerprint(ENV.tls_dir)}")


def tell_demo() -> None:
    """Says who may sign in, one person of each post, and where."""
    try:
        accounts = demo_accounts()
    except (OSError, ValueError) as error:
        click.echo(f"\n  The demo accounts cannot be listed: {error}")
    else:
        first_of_post = {worded(account["post"]): account for account in reversed(accounts)}
        chosen = [account for account in accounts if account in first_of_post.values()]
        head = ("account 账号", "password 密码", "name 姓名", "post 岗位", "unit 单位")
        click.echo("\n" + table(head, [account_row(account) for account in chosen]))
        click.echo(f"  … and {len(accounts) - len(chosen)} more, listed where one signs in.")
    tell_address()


def demo_accounts() -> list[dict[str, Any]]:
    """What the running demo tells of its accounts."""
    from yiwang.project.reaching import asked

    found: list[dict[str, Any]] = asked("/demo-accounts")["items"]
    return found


def account_row(account: dict[str, Any]) -> list[str]:
    """One line of the table of demo accounts."""
    return [worded(account[key]) for key in ("username", "password", "name", "post", "unit")]


def worded(value: Any) -> str:
    """A text, or the Chinese one of a `{zh, en}` pair."""
    return str(value.get("zh", "")) if isinstance(value, dict) else str(value or "")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Aligned columns; a Chinese character is two columns wide on a terminal."""
    widths = [max(width(line[column]) for line in [head, *rows]) for column in range(len(head))]
    lines = [head, ["─" * one for one in widths], *rows]
    return "\n".join(
        "  "
        + "  ".join(cell + " " * (one - width(cell)) for cell, one in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def width(text: str) -> int:
    """How many columns a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
