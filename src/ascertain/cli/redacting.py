"""The command that makes redacted copies."""

from __future__ import annotations

import getpass
import re
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.text import Text

from ascertain import errors
from ascertain.cli.arguments import the_inquiry
from ascertain.cli.options import AuthorOption, DebugOption, JsonOption, RecordOption
from ascertain.cli.output import guarded, out, print_json
from ascertain.errors import UsageError
from ascertain.jobs.protecting.opening import read_identity_file
from ascertain.jobs.redacting import PageRegion, Wanted
from ascertain.preserve.redact.image import Region
from ascertain.preserve.redact.text import Hidden

commands = typer.Typer()

_REGION = re.compile(r"(?:(\d{1,5}):)?(\d{1,6}),(\d{1,6}),(\d{1,6}),(\d{1,6})", re.ASCII)
_SPAN = re.compile(r"(\d{1,10}):(\d{1,10})", re.ASCII)


@commands.command(
    epilog="Examples: `ascertain protect redact 3f9a11d0 --words-from names.txt --reason 'witness protection'` · "
    "`ascertain protect redact 77ab02c4 --region 120,40,200,80 --reason 'a face'` · "
    "`ascertain protect redact 90cd15e1 --region 2:72,100,200,30 --reason 'an address'`"
)
def redact(
    exhibit: Annotated[str, typer.Argument(help="The exhibit: its id, or the beginning of it.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it is in the log for ever, so not what.")],
    words: Annotated[
        list[str] | None,
        typer.Option("--words", help="Words to hide wherever they stand (they stay in your shell's history)."),
    ] = None,
    words_from: Annotated[
        Path | None, typer.Option("--words-from", help="A file of words to hide, one or a phrase a line.")
    ] = None,
    span: Annotated[list[str] | None, typer.Option("--span", help="Characters of its text to hide: START:END.")] = None,
    region: Annotated[
        list[str] | None,
        typer.Option("--region", help="A region to paint over: X,Y,WIDTH,HEIGHT in pixels; of a PDF PAGE:… in points."),
    ] = None,
    as_text: Annotated[bool, typer.Option("--as-text", help="Of a PDF, make a text and not page images.")] = False,
    access: Annotated[
        str, typer.Option("--access", help="The copy's class: public or restricted; else its origin's.")
    ] = "",
    identity: Annotated[
        Path | None, typer.Option("--identity", help="The file of an age identity that opens a sealed exhibit.")
    ] = None,
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Make a copy of an exhibit without what must not be seen; the exhibit itself stays as it is.

    Texts lose words and spans, images and pages of a PDF lose regions. The copy is made anew: no metadata, no text
    layer, no length of what is gone. Look at it before it leaves the house.
    """

    def work() -> int:
        wanted = Wanted(
            reason,
            words=(*(words or ()), *_lines(words_from)),
            spans=tuple(_span(one) for one in span or ()),
            regions=tuple(_region(one) for one in region or ()),
            as_text=as_text,
        )
        who = read_identity_file(identity, _ask) if identity else ()
        done = the_inquiry(record, author).redact(exhibit, wanted, _access(access), who)
        if as_json:
            print_json(asdict(done))
        else:
            out.print(Text(f"{done.exhibit}  {done.media_type}  {done.size:,} bytes  from {done.origin[:16]}…"))
            for note in done.notes:
                out.print(Text(f"note: {note}", style="dim"))
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


def _ask() -> str:
    return getpass.getpass("passphrase of the identity: ")


def _lines(path: Path | None) -> list[str]:
    if path is None:
        return []
    try:
        return [line for line in path.read_text("utf-8-sig").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read as UTF-8 text") from error


def _span(text: str) -> Hidden:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise UsageError(f"{text!r} is no span", next_step="write START:END, as characters of the text")
    return Hidden(int(found[1]), int(found[2]))


def _region(text: str) -> PageRegion:
    found = _REGION.fullmatch(text)
    if found is None:
        raise UsageError(f"{text!r} is no region", next_step="write X,Y,WIDTH,HEIGHT, or PAGE:X,Y,WIDTH,HEIGHT")
    x, y, width, height = (int(number) for number in found.groups()[1:])
    return PageRegion(int(found[1] or 0), Region(x, y, width, height))


def _access(text: str) -> Literal["", "public", "restricted"]:
    if text == "public":
        return "public"
    if text == "restricted":
        return "restricted"
    if text:
        raise UsageError(
            f"no class {text!r} for a copy", next_step="say public or restricted; seal it with its own command"
        )
    return ""
