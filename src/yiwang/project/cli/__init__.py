"""The `yiwang` command. Each part is loaded when it is called: the command itself starts in a moment."""

import sys
from importlib import import_module

import click

from yiwang.project.failure import Failure

COMMANDS = {
    "up": "yiwang.project.cli.running:up",
    "demo": "yiwang.project.cli.running:demo",
    "doctor": "yiwang.project.cli.doctor:doctor",
    "migrate": "yiwang.project.cli.database:migrate",
    "seed": "yiwang.project.cli.database:seed",
    "createadmin": "yiwang.project.cli.createadmin:createadmin",
    "import": "yiwang.project.cli.importing:bring",
    "audit": "yiwang.project.cli.audit:audit",
    "events": "yiwang.project.cli.events:events",
    "deadlines": "yiwang.project.cli.deadlines:deadlines",
    "facts": "yiwang.project.cli.facts:facts",
    "notices": "yiwang.project.cli.notices:notices",
    "files": "yiwang.project.cli.files:files",
    "backup": "yiwang.project.cli.backup:backup",
    "restore": "yiwang.project.cli.backup:restore",
    "bench": "yiwang.project.cli.bench:bench",
    "openapi": "yiwang.project.cli.openapi:openapi",
}


class Parts(click.Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(module), name)
        return command if isinstance(command, click.Command) else None


@click.group(cls=Parts, context_settings={"help_option_names": ["-h", "--help"]})
def yiwang() -> None:
    """Yiwang 一网: one platform on which a district runs its whole urban management."""


def main() -> None:
    """Runs the command; a failure that has a reason is told in one line, without a traceback."""
    try:
        yiwang()
    except Failure as error:
        sys.exit(f"{click.style('✗', fg='red')} {error}")
