"""Commands for a record that is in more than one place: join one that others keep, copy one to somewhere else."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from ascertain import errors
from ascertain.cli.arguments import the_inquiry
from ascertain.cli.options import (
    DatabaseOption,
    DebugOption,
    EndpointOption,
    JsonOption,
    ObjectsOption,
    RegionOption,
)
from ascertain.cli.output import Watched, guarded, out, print_json
from ascertain.inquiry import join_inquiry
from ascertain.record.home.address import for_others
from ascertain.settings import Settings

commands = typer.Typer()


@commands.command(
    epilog="Example: `ascertain join idlib --database 'postgresql://db.example.org/inquiries?schema=idlib' "
    "--objects s3://evidence/idlib`"
)
def join(
    folder: Annotated[Path, typer.Argument(help="The folder to make.")],
    database: DatabaseOption = None,
    objects: ObjectsOption = None,
    objects_endpoint: EndpointOption = None,
    objects_region: RegionOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Work from here on a record that others keep in a database server."""

    def work() -> int:
        places = places_of(database, objects, objects_endpoint, objects_region)
        inquiry = join_inquiry(folder, progress=Watched(), **places)
        head = inquiry.record.head()
        if as_json:
            print_json({"record": str(folder), "entries": head.size, "root": head.root().hex()})
        else:
            out.print(Text(f"joined {inquiry.name}: {head.size} entries, root {head.root().hex()[:16]}…"))
            out.print(Text(f"next: ascertain verify --record {folder}", style="dim"))
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


@commands.command(
    epilog="Examples: `ascertain copy idlib /mnt/archive/idlib` · "
    "`ascertain copy idlib idlib-team --database postgresql://db.example.org/inquiries --objects s3://evidence/idlib`"
)
def copy(
    record: Annotated[Path, typer.Argument(help="The record's folder.")],
    folder: Annotated[Path, typer.Argument(help="The folder to make for the copy.")],
    database: DatabaseOption = None,
    objects: ObjectsOption = None,
    objects_endpoint: EndpointOption = None,
    objects_region: RegionOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Copy a record to another place, and prove that both have the same root before saying so."""

    def work() -> int:
        done = the_inquiry(record, None).copy(folder, **places_of(database, objects, objects_endpoint, objects_region))
        if as_json:
            print_json({"record": str(folder), **asdict(done)})
            return errors.DONE
        out.print(
            Text(
                f"copied to {folder}: {done.entries} entries, {done.objects} objects "
                f"({done.sent} sent, {done.size:,} bytes); both have the root {done.root}"
            )
        )
        if done.keys:
            out.print(Text(f"keys of {done.keys} sealed exhibits lie in both now: who is erased, is erased in both"))
        out.print(Text("the private signing key was not copied: `ascertain key new` makes one there", style="dim"))
        if done.since:
            out.print(Text(f"{record} got {done.since} entries meanwhile: they are not in the copy"))
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


def how_to_join(name: str, settings: Settings) -> str:
    """The command with which a colleague joins this record."""
    told = {
        "--database": for_others(settings.database),
        "--objects": settings.objects,
        "--objects-endpoint": settings.objects_endpoint,
        "--objects-region": settings.objects_region,
    }
    words = [f"{option} {shlex.quote(value)}" for option, value in told.items() if value]
    return " ".join(["ascertain join", shlex.quote(name), *words])


def places_of(database: str | None, objects: str | None, endpoint: str | None, region: str | None) -> dict[str, str]:
    """The settings that these options give, by name."""
    given = {"database": database, "objects": objects, "objects_endpoint": endpoint, "objects_region": region}
    return {name: value for name, value in given.items() if value is not None}
