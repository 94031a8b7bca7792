"""Groups of commands: some whose parts are imported when they are asked for, some whose usual command needs no name."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any, ClassVar, Final

import typer
from typer.core import TyperGroup

FILES: Final = "files"
STYLE: Final = "markdown"


class Parts(TyperGroup):
    """Commands that are each found in their module when they are asked for: one that verifies need not wait for others.

    `parts` says which module of `ascertain.cli` has which command, in the order in which the help shows them.
    """

    parts: ClassVar[Mapping[str, str]] = {}

    def list_commands(self, ctx: Any) -> list[str]:
        """All of them."""
        return list(self.parts)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name; None when there is none."""
        if cmd_name not in self.parts:
            return None
        part = typer.Typer(rich_markup_mode=STYLE)
        part.add_typer(importlib.import_module(f"ascertain.cli.{self.parts[cmd_name]}").commands)
        return typer.main.get_group(part).commands[cmd_name]


class FilesFirst(TyperGroup):
    """A group whose first word may be left out: without a command's name, files are meant."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The words after the group's name."""
        named = args and args[0] in self.list_commands(ctx)
        return super().parse_args(ctx, args if named else [FILES, *args])
