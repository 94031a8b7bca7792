"""What a verification says of signatures and timestamps, in lines for people."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from ascertain.record.custody.check import WHAT_A_TIMESTAMP_SAYS
from ascertain.record.verify import Verification


def print_custody(console: Console, found: Verification) -> None:
    """How many entries are signed, by which keys, and which existed when."""
    custody = found.custody
    if not custody.keys and not custody.checkpoints:
        console.print(Text("signed: nothing; this record has no key (`ascertain key new`)", style="dim"))
        return
    if custody.signed:
        rest = found.entries - custody.signed
        console.print(Text(f"signed: the first {custody.signed} entries; the {rest} after them are not"))
    else:
        console.print(Text("signed: nothing yet (`ascertain checkpoint`)"))
    for key in custody.keys:
        console.print(Text(f"key in use: {key}", style="dim"), soft_wrap=True)
    if custody.timestamps or custody.unchecked:
        until = f"; {custody.stamped} entries existed at {custody.stamped_at[:19]}Z" if custody.stamped_at else ""
        console.print(Text(f"timestamps: {custody.timestamps} hold, {custody.unchecked} not checked{until}"))
        for root in custody.roots:
            console.print(
                Text(f"by the word of the authority whose root certificate has SHA-256 {root}"), soft_wrap=True
            )
        console.print(Text(f"({WHAT_A_TIMESTAMP_SAYS})", style="dim"))
