"""The command `ascertain`: one module of commands a stage."""

from __future__ import annotations

from typing import Annotated

import typer

from ascertain.cli import (
    bundles,
    checking,
    classes,
    custody,
    joining,
    keys,
    making,
    opening,
    preserving,
    protect,
    publishing,
    recipients,
    record,
    redacting,
    similar,
)
from ascertain.cli.output import out
from ascertain.version import VERSION

app = typer.Typer(
    name="ascertain",
    help="Keep a record of attacks on civilians, and check public statements against it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode="markdown",
)

for stage in (making, joining, preserving, bundles, similar, checking, record, custody):
    app.add_typer(stage.commands)
app.add_typer(keys.commands)
app.add_typer(publishing.commands)
for part in (opening.commands, redacting.commands, classes.commands, recipients.commands):
    protect.commands.add_typer(part)
protect.commands.command(epilog="Example: `ascertain protect keygen my.key`")(recipients.keygen)
app.add_typer(protect.commands)


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Keep a record of attacks on civilians, and check public statements against it."""
    if version:
        out.print(f"ascertain {VERSION}")
        raise typer.Exit()
