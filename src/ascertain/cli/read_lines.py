"""A claim, and what was not read, in a line."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text

from ascertain.cli.output import err, print_json, shown
from ascertain.jobs.items import Failure
from ascertain.model.claim import Claim, Slot
from ascertain.publish.permitted import Carried, Gate


def tell_failure(failure: Failure, as_json: bool) -> None:
    """What was not read, and why."""
    if as_json:
        print_json({"target": failure.name, "failed": failure.code, "reason": failure.reason})
    else:
        err.print(Text(f"not read: {shown(failure.name)}: {shown(failure.reason)}", style="red"))


def permit(gate: Gate, exhibit: str, name: str, claims: Iterable[Claim]) -> None:
    """A reading as JSON holds the exhibit's words. Raises NotPermitted where they are not for the reader."""
    read = [(claim.id, exhibit) for claim in claims]
    gate.require(Carried(exhibits=[exhibit], claims=read, texts=[(f"the name of exhibit {exhibit}", name)]))


def claim_line(number: int, claim: Claim) -> Text:
    """A claim: its frame, how surely it is said, by whom; then its slots with their words, and its incident."""
    line = Text(f"{number:3}  ")
    line.append(f"{claim.frame.value}, {claim.modality.value}", style="bold")
    if claim.via:
        line.append(f" by {', '.join(shown(_value(slot)) for slot in claim.via)}")
    line.append(": ")
    line.append(shown(", ".join(f"{slot.name} {_value(slot)}" for slot in claim.slots) or claim.reason or "–"))
    if claim.incident:
        line.append(f"  (incident {claim.incident})", style="dim")
    return line


def _value(slot: Slot) -> str:
    """A slot's value with its words, once where they are the same."""
    words = " ".join(slot.span.text.split())
    return f"“{words}”" if slot.value.casefold() == words.casefold() else f"{slot.value} “{words}”"
