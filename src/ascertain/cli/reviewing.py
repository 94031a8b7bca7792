"""The command that reviews claims: in the terminal, or by a file that is filled in elsewhere."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from ascertain import errors
from ascertain.cli.arguments import the_inquiry, write_text
from ascertain.cli.options import AuthorOption, DebugOption, JsonOption, ReaderOption, RecordOption
from ascertain.cli.output import err, guarded, out, print_json, shown
from ascertain.cli.review_dialogue import ask_for
from ascertain.errors import UsageError
from ascertain.inquiry import Inquiry
from ascertain.jobs.files import read_file
from ascertain.jobs.reviewing import FORMS, ReviewedExhibit, Taken
from ascertain.publish.permitted import Carried
from ascertain.read.review.applying import decisions

commands = typer.Typer()
_LIMIT_MB = 50


@commands.command(
    epilog="Examples: `ascertain read review 3f9a11d0` · `ascertain read review 3f9a11d0 --export claims.csv` · "
    "`ascertain read review 3f9a11d0 --import claims.csv`"
)
def review(
    exhibit: Annotated[str, typer.Argument(help="The exhibit: its id, or the beginning of it.")],
    export: Annotated[
        Path | None, typer.Option("--export", help="Write the claims here: .csv to fill in, .json, .jsonld (W3C).")
    ] = None,
    take: Annotated[
        Path | None,
        typer.Option("--import", help="Take the judgements of a file: .csv, .json, .jsonld (also of other tools)."),
    ] = None,
    examples: Annotated[
        Path | None, typer.Option("--examples", help="Write what was judged as training data (JSON lines).")
    ] = None,
    reader: ReaderOption = None,
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Judge the claims of an exhibit: accept, correct, reject. What you have judged is not asked again.

    With --json and no file, the review as it stands is printed and nothing is asked.
    """

    def work() -> int:
        inquiry = the_inquiry(record, author, reader=reader)
        if take is not None:
            done = inquiry.reviews.import_file(exhibit, read_file(take, _LIMIT_MB), _form(take))
            return _tell_taken(done, as_json)
        found = inquiry.reviews.of(exhibit)
        if export is not None or examples is not None or as_json:
            _permit(inquiry, found)
            return _write(inquiry, found, export, examples, as_json)
        return ask(inquiry, found)

    guarded(work, as_json=as_json, debug=debug)


def _write(inquiry: Inquiry, found: ReviewedExhibit, export: Path | None, examples: Path | None, as_json: bool) -> int:
    if export is not None:
        write_text(export, inquiry.reviews.export(found.exhibit, _form(export)))
    if examples is not None:
        write_text(examples, inquiry.reviews.examples_as_lines([found.exhibit]))
    if export is None and examples is None:
        print_json(inquiry.reviews.told(found))
        return errors.DONE
    summary = {"exhibit": found.exhibit, "claims": len(found.review.claims), "states": decisions(found.review)}
    if as_json:
        print_json(summary)
    else:
        out.print(Text(f"{summary['claims']} claims written to {shown(str(export or examples))}"))
    return errors.DONE


def _permit(inquiry: Inquiry, found: ReviewedExhibit) -> None:
    """What is exported holds the exhibit's words. Raises NotPermitted."""
    claims = [(one.claim.id, found.exhibit) for one in found.review.claims]
    inquiry.gate.require(Carried(exhibits=[found.exhibit], claims=claims))


def ask(inquiry: Inquiry, found: ReviewedExhibit) -> int:
    """Ask for each claim that the author has not judged; returns the exit code."""
    author = inquiry.reviews.author
    waiting = found.review.open_for(author)
    judged = len(found.review.claims) - len(waiting)
    out.print(
        Text(f"exhibit {found.exhibit[:16]}…: {len(waiting)} claims to judge, {judged} judged by {shown(author)}")
    )
    done = 0
    for number, one in enumerate(waiting, 1):
        answer = ask_for(one, found, author, f"{number} of {len(waiting)}")
        if answer is None:
            break
        done += inquiry.reviews.judge(found.exhibit, answer)
    _tell_state(inquiry.reviews.of(found.exhibit), done)
    return errors.DONE


def _tell_state(found: ReviewedExhibit, done: int) -> None:
    states = ", ".join(f"{number} {state}" for state, number in decisions(found.review).items())
    out.print(Text(f"{done} judged now; in all: {states or 'no claims'}"))
    for lost in found.review.lost:
        about = lost.machine.clause.text if lost.machine else lost.judgement.claim
        line = f"{lost.judgement.decision.value} by {lost.judgement.author}, “{' '.join(about.split())[:80]}”"
        err.print(Text(shown(f"not carried over: {line}: {lost.why.value}"), style="yellow"))


def _tell_taken(done: Taken, as_json: bool) -> int:
    if as_json:
        told: dict[str, Any] = asdict(done)
        print_json(told)
    else:
        out.print(Text(f"{done.new} judgements taken, {done.known} known already, {len(done.problems)} not taken"))
        if done.others:
            out.print(Text(f"{done.others} claims are judged by others alone: they import them with --author"))
        for problem in done.problems:
            err.print(Text(shown(f"{problem.where}: {problem.why}"), style="red"))
    return errors.PARTLY if done.problems else errors.DONE


def _form(path: Path) -> str:
    form = path.suffix.lower().lstrip(".")
    if form not in FORMS:
        raise UsageError(f"{path.name} is neither {' nor '.join('.' + one for one in FORMS)}")
    return form
