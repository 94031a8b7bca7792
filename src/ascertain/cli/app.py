"""The command `ascertain`: its parts, each a module that is imported when one of its commands is asked for."""

from __future__ import annotations

import importlib
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

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
_STYLE: Final = "markdown"


class Parts(TyperGroup):
    """The commands, each found in its module when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """All of them, in the order in which the help shows them."""
        return list(PARTS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name; None when there is none."""
        if cmd_name not in PARTS:
            return None
        part = typer.Typer(rich_markup_mode=_STYLE)
        part.add_typer(importlib.import_module(f"ascertain.cli.{PARTS[cmd_name]}").commands)
        return typer.main.get_group(part).commands[cmd_name]


app = typer.Typer(
    name="ascertain",
    cls=Parts,
    help="Keep a record of attacks on civilians, and check public statements against it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=_STYLE,
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
