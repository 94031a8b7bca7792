"""What is said of files as they are preserved: a few lines and a table for people, a line each for machines."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import asdict
from typing import Any

from rich.table import Table
from rich.text import Text

from ascertain.cli.output import err, out, shown
from ascertain.jobs.items import Failure, Preserved

_LINES = 20
_FAILURES = 50


class IntakeTold:
    """Tells each outcome as it comes, and counts."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self._number: Counter[str] = Counter()
        self._size: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()

    @property
    def some_failed(self) -> bool:
        """Whether anything did."""
        return bool(self._failed)

    def tell(self, outcome: Preserved | Failure) -> None:
        """One outcome."""
        if isinstance(outcome, Failure):
            self._failed[outcome.code] += 1
            self._failure(outcome)
            return
        status = "preserved" if outcome.added else "already there"
        self._number[status] += 1
        self._size[status] += outcome.size
        if self._as_json:
            _line({"status": status, **asdict(outcome)})
        elif self._number.total() <= _LINES:
            out.print(Text(_in_words(outcome)))
        elif self._number.total() == _LINES + 1:
            out.print(Text("…", style="dim"))

    def sum_up(self) -> None:
        """The counts at the end."""
        if self._as_json:
            counts = {status.replace(" ", "_"): self._number[status] for status in ("preserved", "already there")}
            _line({"status": "done", **counts, "failed": self._failed.total(), "failed_by_code": dict(self._failed)})
        elif self._number.total() + self._failed.total() > 1:
            out.print(self._table())
            if self._failed:
                err.print(Text("next: ascertain failures; again: the same command with --retry", style="dim"))

    def _failure(self, outcome: Failure) -> None:
        if self._as_json:
            _line({"status": "failed", **asdict(outcome)})
        elif self._failed.total() <= _FAILURES:
            err.print(Text(f"failed: {shown(outcome.name)}: {shown(outcome.reason)}", style="red"))
        elif self._failed.total() == _FAILURES + 1:
            err.print(Text("… (all of them: ascertain failures)", style="red"))

    def _table(self) -> Table:
        drawn = Table(header_style="bold")
        for column in ("", "files", "bytes"):
            drawn.add_column(column, justify="left" if not column else "right")
        for status in self._number:
            drawn.add_row(status, f"{self._number[status]:,}", f"{self._size[status]:,}")
        for code, number in sorted(self._failed.items()):
            drawn.add_row(f"failed: {code}", f"{number:,}", "")
        return drawn


def _in_words(done: Preserved) -> str:
    again = " (known bytes, a new acquisition)" if done.known else ""
    status = again if done.added else " (already there)"
    return f"{done.exhibit[:16]}…  {done.media_type}  {done.size:,} bytes  {shown(done.name)}{status}"


def _line(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()
