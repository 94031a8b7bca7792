"""The command `ascertain`: its parts, each a module that is imported when one of its commands is asked for."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from ascertain.cli.groups import STYLE, Parts
from ascertain.cli.output import out
from ascertain.version import VERSION

# Which module has which command or group of commands. A command that verifies need not wait for readers of Word files.
PARTS: Final = {
    "new": "making",
    "join": "joining",
    "copy": "joining",
    "import": "making",
    "preserve": "preserving",
    "failures": "preserving",
    "similar": "similar",
    "read": "reading",
    "check": "checking",
    "publish": "publishing",
    "restore": "bundles",
    "protect": "protecting",
    "key": "keys",
    "checkpoint": "custody",
    "timestamp": "custody",
    "prove": "custody",
    "verify": "record",
    "rebuild": "record",
    "list": "record",
    "log": "record",
    "config": "record",
}


class Commands(Parts):
    """The commands of `ascertain`."""

    parts = PARTS


app = typer.Typer(
    name="ascertain",
    cls=Commands,
    help="Keep a record of attacks on civilians, and check public statements against it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=STYLE,
)


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Keep a record of attacks on civilians, and check public statements against it."""
    if version:
        out.print(f"ascertain {VERSION}")
        raise typer.Exit()
