"""Commands about who may see what."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.text import Text

from ascertain import errors
from ascertain.cli.arguments import the_inquiry
from ascertain.cli.options import AuthorOption, DebugOption, JsonOption, ReaderOption, RecordOption
from ascertain.cli.output import guarded, out, print_json, shown
from ascertain.cli.protect_options import AuthorityOption, ReasonOption
from ascertain.errors import UsageError
from ascertain.jobs.permitting import everything_withheld, reader_class
from ascertain.model.access import SubjectKind

commands = typer.Typer()


@commands.command(
    "class", epilog="Example: `ascertain protect class source 'The Monitor' restricted --reason R --authority A`"
)
def class_(
    kind: Annotated[str, typer.Argument(help="What it is: exhibit, source, claim, or record (every exhibit).")],
    subject: Annotated[str, typer.Argument(help="Its id; of a source also any of its names; of the record: all.")],
    access: Annotated[str, typer.Argument(help="public, restricted or sealed.")],
    reason: ReasonOption = "",
    authority: AuthorityOption = "",
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Say who may see something, and with it all that comes from it. A class hides nothing from who has the folder."""

    def work() -> int:
        if kind not in ("exhibit", "source", "claim", "record"):
            raise UsageError(f"{kind!r} has no class", next_step="exhibit, source, claim or record")
        known: SubjectKind = kind  # type: ignore[assignment]
        protection = the_inquiry(record, author).protection
        done = protection.set_class(known, subject, reader_class(access), reason, authority)
        if as_json:
            print_json({**asdict(done), "opens": done.opens})
        else:
            how = " (more may see it than before)" if done.opens else ""
            out.print(Text(f"{done.kind} {shown(done.subject)}: {done.before.value} → {done.after.value}{how}"))
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


@commands.command(epilog="Example: `ascertain protect check --reader public`")
def check(
    reader: ReaderOption = None, record: RecordOption = None, as_json: JsonOption = False, debug: DebugOption = False
) -> None:
    """Everything in the record that a reader may not see, each with why; exit code 1 if there is any."""

    def work() -> int:
        inquiry = the_inquiry(record, None, reader=reader)
        found = everything_withheld(inquiry.record, reader_class(inquiry.settings.reader))
        if as_json:
            print_json([asdict(one) for one in found])
        else:
            for one in found:
                out.print(Text(shown(one.words())))
            out.print(Text(f"{len(found)} things that a {inquiry.settings.reader} reader may not see", style="dim"))
        return errors.FAILED if found else errors.DONE

    guarded(work, as_json=as_json, debug=debug)
