"""Commands that sign a record, have it stamped, and prove things about it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.text import Text

from ascertain import errors
from ascertain.cli.arguments import the_inquiry
from ascertain.cli.options import AuthorOption, DebugOption, JsonOption, RecordOption
from ascertain.cli.output import err, guarded, out, print_json
from ascertain.cli.passphrases import KeyFileOption, PassphraseFileOption, absolute, passphrase_from
from ascertain.errors import UsageError
from ascertain.jobs.custody import NotStamped, Stamped, checkpoint_subject
from ascertain.record.custody.check import WHAT_A_TIMESTAMP_SAYS

commands = typer.Typer()


@commands.command(epilog="Example: `ascertain checkpoint --timestamp > elsewhere/idlib.checkpoint`")
def checkpoint(
    timestamp: Annotated[bool, typer.Option("--timestamp", help="Have every configured authority stamp it.")] = False,
    key_file: KeyFileOption = None,
    passphrase_file: PassphraseFileOption = None,
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Sign the log as it stands, and print the signed note: keep it somewhere else."""

    def work() -> int:
        inquiry = the_inquiry(record, author, signing_key=absolute(key_file))
        if timestamp and not inquiry.authorities:
            raise UsageError("no timestamp authority is configured", next_step="add [[authorities]] to record.toml")
        signed = inquiry.checkpoint(passphrase_from(passphrase_file))
        done, failed = inquiry.timestamp([checkpoint_subject(signed)]) if timestamp else ([], [])
        if as_json:
            print_json({**asdict(signed), **_as_json(done, failed)})
            return errors.PARTLY if failed else errors.DONE
        out.out(signed.note, end="", highlight=False)
        again = "nothing was written since: this is the checkpoint of" if signed.known else "signed, and kept as"
        err.print(Text(f"{again} entry {signed.entry}, over {signed.size} entries", style="dim"))
        return _tell_stamps(done, failed)

    guarded(work, as_json=as_json, debug=debug)


@commands.command(epilog="Example: `ascertain timestamp 1c1b9f0e2a7d4c55`")
def timestamp(
    exhibits: Annotated[list[str], typer.Argument(help="Exhibits, by their ids or the first 16 digits of them.")],
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Have every configured authority say that it saw these exhibits' hashes now."""

    def work() -> int:
        done, failed = the_inquiry(record, author).timestamp(exhibits)
        if as_json:
            print_json(_as_json(done, failed))
            return errors.PARTLY if failed else errors.DONE
        return _tell_stamps(done, failed)

    guarded(work, as_json=as_json, debug=debug)


@commands.command(
    epilog="Examples: `ascertain prove 17` · `ascertain prove 1c1b9f0e2a7d4c55` · `ascertain prove --from 900`"
)
def prove(
    entry: Annotated[str | None, typer.Argument(help="An entry's number, or an exhibit.")] = None,
    start: Annotated[
        int | None,
        typer.Option("--from", help="Prove instead that the log begins with this many entries as they were."),
    ] = None,
    record: RecordOption = None,
    debug: DebugOption = False,
) -> None:
    """Print the proof, as JSON, that an entry is under the last checkpoint, or that the log only grew."""

    def work() -> int:
        inquiry = the_inquiry(record, None)
        if (entry is None) == (start is None):
            raise UsageError("one thing is proved at a time", next_step="name an entry, or say --from SIZE")
        proof = inquiry.prove(entry) if entry is not None else inquiry.prove_growth(start or 0)
        print_json(proof)
        if proof["checkpoint"] is None:
            err.print(Text("note: no checkpoint covers this, so nobody has signed it: `ascertain checkpoint`"))
        return errors.DONE

    guarded(work, as_json=True, debug=debug)


def _tell_stamps(done: list[Stamped], failed: list[NotStamped]) -> int:
    for one in done:
        err.print(
            Text(f"stamped {one.subject[:16]} at {one.time[:19]}Z by {one.authority}, under root {one.root[:16]}…")
        )
    if done:
        err.print(Text(f"({WHAT_A_TIMESTAMP_SAYS})", style="dim"))
    for none in failed:
        err.print(Text(f"not stamped: {none.subject[:16]}: {none.reason}", style="red"))
    return errors.PARTLY if failed else errors.DONE


def _as_json(done: list[Stamped], failed: list[NotStamped]) -> dict[str, Any]:
    return {
        "timestamps": [asdict(one) for one in done],
        "failed": [asdict(one) for one in failed],
        "meaning": WHAT_A_TIMESTAMP_SAYS,
    }
