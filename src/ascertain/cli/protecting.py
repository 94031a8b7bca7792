"""The group of commands `ascertain protect`, put together from its parts."""

from __future__ import annotations

from ascertain.cli import classes, opening, protect, recipients, redacting

commands = protect.commands
for part in (opening.commands, redacting.commands, classes.commands, recipients.commands):
    commands.add_typer(part)
commands.command(epilog="Example: `ascertain protect keygen my.key`")(recipients.keygen)
