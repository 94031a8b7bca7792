"""Groups of commands whose usual command needs no name."""

from __future__ import annotations

from typing import Any, Final

from typer.core import TyperGroup

FILES: Final = "files"


class FilesFirst(TyperGroup):
    """A group whose first word may be left out: without a command's name, files are meant."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The words after the group's name."""
        named = args and args[0] in self.commands
        return super().parse_args(ctx, args if named else [FILES, *args])
