"""The arguments and options that commands of protection share."""

from __future__ import annotations

from typing import Annotated

import typer

ExhibitArgument = Annotated[str, typer.Argument(help="An exhibit's id, or its first eight digits or more.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why.")]
AuthorityOption = Annotated[str, typer.Option("--authority", help="Who decided it, by what right.")]
