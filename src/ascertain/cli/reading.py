"""The group of commands of the stage read."""

from __future__ import annotations

from typing import Final

import typer

from ascertain.cli.groups import FilesFirst, Parts

PARTS_OF_READ: Final = {
    "files": "read_files",
    "review": "reviewing",
    "dataset": "datasets",
    "mapping": "datasets",
    "gazetteer": "gazetteers",
    "train": "training",
}


class Read(FilesFirst, Parts):
    """The commands of `ascertain read`."""

    parts = PARTS_OF_READ


commands = typer.Typer()
commands.add_typer(
    typer.Typer(name="read", cls=Read, help="Read exhibits to claims, each slot with its words."), name="read"
)
