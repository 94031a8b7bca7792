"""A claim, and what was not read, in a line."""

from __future__ import annotations

from rich.text import Text

from ascertain.cli.output import err, print_json, shown
from ascertain.jobs.items import Failure
from ascertain.model.claim import Claim


def tell_failure(failure: Failure, as_json: bool) -> None:
    """What was not read, and why."""
    if as_json:
        print_json({"target": failure.name, "failed": failure.code, "reason": failure.reason})
    else:
        err.print(Text(f"not read: {shown(failure.name)}: {shown(failure.reason)}", style="red"))


def claim_line(number: int, claim: Claim) -> Text:
    """A claim with the words of its slots."""
    slots = ", ".join(f"{slot.name} {slot.value} “{' '.join(slot.span.text.split())}”" for slot in claim.slots)
    return Text(f"{number:3}  {claim.frame.value}, {claim.modality.value}: {shown(slots or claim.reason or '–')}")
