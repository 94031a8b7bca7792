"""Commands that read tables of incidents as sources: each row a claim."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer
from pydantic import ValidationError
from rich.table import Table
from rich.text import Text

from ascertain import errors
from ascertain.cli.arguments import the_inquiry
from ascertain.cli.options import AuthorOption, DebugOption, JsonOption, RecordOption
from ascertain.cli.output import err, guarded, out, print_json, shown
from ascertain.jobs.files import read_file
from ascertain.jobs.given import Given
from ascertain.jobs.reading.datasets import ReadDataset
from ascertain.read.datasets.mapping import Form, Mapping
from ascertain.read.datasets.mapping_file import parse_mapping, shipped_mappings
from ascertain.read.datasets.proposing import propose_mapping
from ascertain.read.datasets.tables.opening import open_table

commands = typer.Typer()
_FAILURES: Final = 20
_WORDS: Final = 10
_MAPPING_MB: Final = 1


@commands.command(
    "dataset",
    epilog="Examples: `ascertain read dataset ged231.csv --as ucdp-ged --release 23.1` · "
    "`ascertain read dataset export.csv --as acled` · `ascertain read dataset table.csv --as mapping.yaml --name ours`",
)
def dataset(
    target: Annotated[str, typer.Argument(help="An exhibit (eight digits of its id, or more) or a file.")],
    mapping: Annotated[
        str, typer.Option("--as", help=f"A mapping: {', '.join(shipped_mappings())}, or a file (docs/datasets.md).")
    ],
    name: Annotated[
        str, typer.Option("--name", help="The dataset's name, by which a newer release finds it (the mapping's own).")
    ] = "",
    release: Annotated[str, typer.Option("--release", help="Which release it is, in the publisher's words.")] = "",
    again: Annotated[
        bool, typer.Option("--again", help="Have a release that was read before stand once more.")
    ] = False,
    published: Annotated[str, typer.Option("--published", help="The release's date.")] = "",
    publisher: Annotated[str, typer.Option("--publisher", help="Who issued it.")] = "",
    url: Annotated[str, typer.Option("--url", help="Its address.")] = "",
    note: Annotated[str, typer.Option("--note", help="How it was acquired.")] = "",
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Read a table of incidents: each row a claim, each slot with its cell. A file is preserved first.

    A newer release of the same name adds what is new, replaces what changed and withdraws what is gone. Rows that are
    no claims are named, with the reason, and counted; they end the command with code 3.
    """

    def work() -> int:
        chosen = chosen_mapping(mapping)
        given = Given(published=published, publisher=publisher, url=url, note=note)
        done = the_inquiry(record, author).datasets.read(
            target, chosen, name=name, release=release, again=again, given=given
        )
        print_json(_told(done)) if as_json else _tell(done)
        return errors.PARTLY if done.outcome.failed else errors.DONE

    guarded(work, as_json=as_json, debug=debug)


@commands.command("mapping", epilog="Example: `ascertain read mapping incidents.xlsx > incidents.yaml`")
def mapping_(
    file: Annotated[Path, typer.Argument(help="A table: CSV, TSV, XLSX, JSON lines or Parquet.")],
    sheet: Annotated[str, typer.Option("--sheet", help="The sheet of a workbook.")] = "",
    header: Annotated[str, typer.Option("--header", help="The header: first, hxl, none or a row's number.")] = "first",
    encoding: Annotated[str, typer.Option("--encoding", help="The encoding of a text that is not UTF-8.")] = "",
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Propose a mapping for a table, from its headers and first rows. It is a draft; nothing is read by it."""

    def work() -> int:
        if not file.is_file():
            raise errors.UsageError(f"there is no file {file}")
        form = chosen_form(sheet=sheet, header=header, encoding=encoding)
        proposal = propose_mapping(open_table(file, form), file.stem)
        if as_json:
            print_json({"mapping": proposal.text, "shipped": proposal.shipped, "unsure": list(proposal.unsure)})
        else:
            out.print(Text(shown(proposal.text), end=""))
        if proposal.shipped:
            err.print(Text(f"the shipped mapping {proposal.shipped} fits this table: --as {proposal.shipped}"))
        for one in proposal.unsure:
            err.print(Text(f"look at {shown(one)}", style="yellow"))
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


def chosen_form(**parts: str) -> Form:
    """How a table is written, by the words of options. Raises UsageError."""
    try:
        return Form.model_validate(parts)
    except ValidationError as error:
        raise errors.UsageError(
            "--header is `first`, `hxl`, `none` or a row's number", next_step="such as: --header 3"
        ) from error


def chosen_mapping(text: str) -> Mapping:
    """A mapping by its shipped name or its file. Raises UsageError, BadMapping."""
    shipped = shipped_mappings().get(text)
    if shipped is not None:
        return shipped
    if not Path(text).is_file():
        raise errors.UsageError(
            f"{text!r} is neither a shipped mapping nor a file", next_step=f"shipped: {', '.join(shipped_mappings())}"
        )
    return parse_mapping(read_file(Path(text), _MAPPING_MB), Path(text).name)


def _told(done: ReadDataset) -> dict[str, Any]:
    outcome = done.outcome
    return {
        "dataset": done.name,
        "release": done.release,
        "exhibit": done.exhibit,
        "mapping": done.mapping,
        "entry": done.entry,
        "read_before": done.known,
        "rows": outcome.rows,
        **{word: outcome.changes[word] for word in ("new", "changed", "restored", "withdrawn", "unchanged", "failed")},
        "failed_by_code": dict(sorted(outcome.failed.items())),
        "failures": [{"row": one.row, "code": one.code, "reason": one.reason} for one in outcome.failures],
        "unknown": {slot: dict(words.most_common()) for slot, words in outcome.unknown.items() if words},
        "doubts": dict(outcome.doubts),
        "notes": outcome.notes,
    }


def _tell(done: ReadDataset) -> None:
    outcome = done.outcome
    title = f"{done.name} {done.release}".strip()
    if done.known:
        out.print(Text(shown(f"{title} was read before, as entry {done.entry}; nothing is added")))
        return
    for failure in outcome.failures[:_FAILURES]:
        err.print(Text(shown(f"row {failure.row}: {failure.code}: {failure.reason}"), style="red"))
    if outcome.failed.total() > _FAILURES:
        err.print(Text(f"… {outcome.failed.total():,} rows in all (--json lists more)", style="red"))
    out.print(
        Text(shown(f"{title}: {outcome.rows:,} rows of exhibit {done.exhibit[:16]}…, entry {done.entry}"), "bold")
    )
    drawn = Table(header_style="bold")
    drawn.add_column("")
    drawn.add_column("rows", justify="right")
    for word in ("new", "changed", "restored", "withdrawn", "unchanged"):
        if outcome.changes[word]:
            drawn.add_row(word, f"{outcome.changes[word]:,}")
    for code, number in sorted(outcome.failed.items()):
        drawn.add_row(f"failed: {code}", f"{number:,}")
    out.print(drawn)
    for slot, words in outcome.unknown.items():
        if words:
            said = ", ".join(f"{word!r} {number:,}" for word, number in words.most_common(_WORDS))
            out.print(Text(shown(f"{slot}: {len(words):,} words of no known code, kept as they stand: {said}")))
    for doubt, number in outcome.doubts.items():
        out.print(Text(shown(f"{number:,} rows: {doubt}")))
    for note in outcome.notes:
        out.print(Text(f"note: {shown(note)}", style="dim"))
