"""Commands that make a record and fill it with a reference."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from ascertain import errors
from ascertain.cli.arguments import the_inquiry
from ascertain.cli.joining import how_to_join, places_of
from ascertain.cli.options import (
    AuthorOption,
    DatabaseOption,
    DebugOption,
    EndpointOption,
    JsonOption,
    ObjectsOption,
    RecordOption,
    RegionOption,
)
from ascertain.cli.output import Watched, guarded, out, print_json
from ascertain.cli.passphrases import (
    AskPassphraseOption,
    KeyFileOption,
    PassphraseFileOption,
    absolute,
    new_passphrase,
)
from ascertain.inquiry import new_inquiry
from ascertain.jobs.importing import load_reference

commands = typer.Typer()


@commands.command(epilog="Example: `ascertain new idlib --with syria-cw`")
def new(
    folder: Annotated[Path, typer.Argument(help="The folder to make.")],
    reference: Annotated[
        str | None, typer.Option("--with", help="A reference record to begin with: a shipped name or a folder.")
    ] = None,
    key_file: KeyFileOption = None,
    passphrase_file: PassphraseFileOption = None,
    ask_passphrase: AskPassphraseOption = False,
    database: DatabaseOption = None,
    objects: ObjectsOption = None,
    objects_endpoint: EndpointOption = None,
    objects_region: RegionOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Make a record with a signing key, all of it or nothing."""

    def work() -> int:
        secret = new_passphrase(passphrase_file, ask=ask_passphrase)
        flags = {
            "author": author,
            "signing_key": absolute(key_file),
            **places_of(database, objects, objects_endpoint, objects_region),
        }
        inquiry = new_inquiry(folder, reference=reference, passphrase=secret, progress=Watched(), **flags)
        head, key = inquiry.record.head(), str(inquiry.signing_keys()[0].key)
        if as_json:
            print_json({"record": str(folder), "entries": head.size, "root": head.root().hex(), "key": key})
        else:
            out.print(Text(f"made {folder}: {head.size} entries, root {head.root().hex()[:16]}…"))
            hidden = "" if secret else ", not encrypted"
            out.print(Text(f"its signing key is in {inquiry.key_file}{hidden}"), soft_wrap=True)
            out.print(Text(f"its public half: {key}", style="dim"), soft_wrap=True)
            out.print(Text(f"next: ascertain check STATEMENT --record {folder}", style="dim"))
            if inquiry.settings.database:
                out.print(Text(f"others: {how_to_join(folder.name, inquiry.settings)}", style="dim"), soft_wrap=True)
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


@commands.command(
    "import", epilog="Example: `ascertain import my-folder --dry-run` · the format: docs/import-format.md"
)
def import_(
    source: Annotated[str, typer.Argument(help="A folder of CSV files, or a shipped reference record's name.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List every problem; touch no record.")] = False,
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Import a reference record: every row with its source, or nothing with every problem named."""

    def work() -> int:
        if dry_run:
            reference, _ = load_reference(source)
            problems = [asdict(problem) for problem in reference.problems]
            if as_json:
                print_json(
                    {
                        "name": reference.name,
                        "version": reference.version,
                        "rows": len(reference.rows),
                        "problems": problems,
                    }
                )
            else:
                for problem in reference.problems:
                    out.print(Text(str(problem)))
                out.print(Text(f"{len(reference.rows)} good rows, {len(problems)} problems; nothing was imported"))
            return errors.FAILED if problems else errors.DONE
        done = the_inquiry(record, author).import_reference(source)
        if as_json:
            print_json(asdict(done))
        else:
            out.print(
                Text(
                    f"{done.name} {done.version}: {done.stated} rows stated, {done.withdrawn} withdrawn, "
                    f"{done.unchanged} unchanged"
                )
            )
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)
