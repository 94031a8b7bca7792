"""The options that many commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

RecordOption = Annotated[
    Path | None,
    typer.Option(
        "--record", "-r", help="The record's folder (default: $ASCERTAIN_RECORD, or this folder or one above)."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON; errors are one JSON object on stderr.")]
DebugOption = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
AuthorOption = Annotated[str | None, typer.Option("--author", help="Who signs the entries.")]
ReaderOption = Annotated[
    str | None,
    typer.Option("--reader", help="For whom it is, the most closed they may see: public, restricted or sealed."),
]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", help="What had been published by this day (EDTF: 2018-09-03, 2018-09).")
]
AsRecordedOption = Annotated[
    str | None, typer.Option("--as-recorded", help="What this record knew: an entry's number, or a UTC time.")
]
DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database", help="Keep the log in PostgreSQL: postgresql://HOST/DATABASE?schema=NAME (never a password)."
    ),
]
ObjectsOption = Annotated[
    str | None, typer.Option("--objects", help="Keep the objects in a bucket, s3://BUCKET/PREFIX, or in a folder.")
]
EndpointOption = Annotated[
    str | None, typer.Option("--objects-endpoint", help="The address of an S3-compatible server.")
]
RegionOption = Annotated[str | None, typer.Option("--objects-region", help="The bucket's region.")]
