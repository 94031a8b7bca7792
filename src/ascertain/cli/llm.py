"""What `ascertain read --with llm` prints: the claims that stand in the text, what was dropped, and what it cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.text import Text

from ascertain import errors
from ascertain.cli.output import out, print_json, shown
from ascertain.cli.read_lines import claim_line, permit, tell_failure
from ascertain.jobs.items import Failure
from ascertain.publish.permitted import Gate

if TYPE_CHECKING:
    from ascertain.jobs.reading.llm import LlmRead

_MILLION = 1_000_000


def tell_llm(outcomes: Iterable[LlmRead | Failure], gate: Gate | None) -> int:
    """Print each outcome as it comes, as JSON where a gate says what may be shown so; returns the exit code."""
    failed = 0
    for outcome in outcomes:
        if isinstance(outcome, Failure):
            failed += 1
            tell_failure(outcome, gate is not None)
        elif gate is not None:
            permit(gate, outcome.exhibit, outcome.name, outcome.claims)
            print_json(_told(outcome))
        else:
            _tell(outcome)
    return errors.PARTLY if failed else errors.DONE


def _told(done: LlmRead) -> dict[str, Any]:
    return {
        "exhibit": done.exhibit,
        "name": done.name,
        "reader": done.reader,
        "claims": [claim.model_dump(mode="json") for claim in done.claims],
        "new": done.new,
        "dropped": dict(done.dropped),
        "spent": asdict(done.spent),
    }


def _tell(done: LlmRead) -> None:
    out.print(Text(shown(done.name), style="bold"))
    out.print(Text(f"read by {shown(done.reader)} — exhibit {done.exhibit[:16]}…", style="dim"))
    for number, claim in enumerate(done.claims, 1):
        out.print(claim_line(number, claim))
    dropped = "; ".join(f"{number} × {reason}" for reason, number in done.dropped.items())
    out.print(Text(f"{len(done.claims)} claims, {done.new} of them new; dropped: {dropped or 'nothing'}"))
    spent = done.spent
    out.print(
        Text(
            f"{spent.asked} answers in {spent.attempts} attempts, {spent.reused} kept from before; "
            f"{spent.tokens_sent:,} tokens sent, {spent.tokens_received:,} back, {spent.milliseconds / 1000:.1f} s; "
            f"cost {spent.cost_millionths / _MILLION:.6f}",
            style="dim",
        )
    )
