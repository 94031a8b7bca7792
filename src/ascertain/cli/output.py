"""What the command line prints, for people (Rich) and for machines (JSON), and how it ends."""

from __future__ import annotations

import json
import sys
import traceback
import unicodedata
from collections.abc import Callable
from threading import Lock
from typing import Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)  # fmt: skip
from rich.progress import Progress as Bar
from rich.text import Text

from ascertain import errors
from ascertain.errors import AscertainError, BadMapping, ImportRefused, NotPermitted


class Lines(Console):
    """A console that never breaks a line of text: what is piped can be searched, and a terminal breaks lines itself."""

    def print(self, *objects: Any, soft_wrap: bool | None = None, **options: Any) -> None:
        """Print texts as they are, and tables as wide as the terminal."""
        lines = all(isinstance(one, str | Text) for one in objects)
        super().print(*objects, soft_wrap=lines if soft_wrap is None else soft_wrap, **options)


out = Lines(highlight=False)
err = Lines(stderr=True, highlight=False)


def print_json(value: Any) -> None:
    """One JSON value on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


_BY_STEPS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
_BY_BYTES = (
    TextColumn("{task.description}"), BarColumn(),
    TextColumn("{task.fields[steps]:,}/{task.fields[of]:,} files, {task.fields[rate]:,.0f} a second"),
    DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn(),
)  # fmt: skip


class Watched:
    """Progress as a bar on standard error; nothing when that is not a terminal."""

    def __init__(self) -> None:
        self._bar: Bar | None = None
        self._task: Any = None
        self._in_bytes = False
        self._counting = Lock()
        self._steps = 0

    def begin(self, task: str, total: int | None, size: int | None = None) -> None:
        """Show a bar: by steps, or by bytes where those tell better how much is left."""
        if err.is_terminal:
            self._in_bytes, self._steps = bool(size), 0
            self._bar = Bar(*(_BY_BYTES if size else _BY_STEPS), console=err, transient=True)
            self._bar.start()
            self._task = self._bar.add_task(task, total=size or total, steps=0, of=total or 0, rate=0.0)

    def advance(self, steps: int = 1, size: int = 0) -> None:
        """Move the bar."""
        if self._bar is None:
            return
        with self._counting:
            self._steps += steps
            seconds = next((task.elapsed for task in self._bar.tasks if task.id == self._task), None)
            rate = self._steps / seconds if seconds else 0.0
            self._bar.update(self._task, advance=size if self._in_bytes else steps, steps=self._steps, rate=rate)

    def note(self, message: str) -> None:
        """A line above the bar."""
        err.print(Text(shown(message)))

    def end(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def guarded(work: Callable[[], int | None], *, as_json: bool, debug: bool) -> None:
    """Do a command's work and leave with its exit code; an error is told in words, or as one JSON object on stderr."""
    try:
        code = work() or errors.DONE
    except AscertainError as error:
        if debug:
            traceback.print_exc()
        _tell(error, as_json)
        code = error.exit_code
    except Exception as error:  # a defect of ours: say so in words, and keep the promise of --json
        if debug:
            traceback.print_exc()
        _tell(
            AscertainError(f"unexpected: {type(error).__name__}: {error}", next_step="run again with --debug"), as_json
        )
        code = errors.FAILED
    except KeyboardInterrupt:
        err.print("stopped")
        code = errors.STOPPED
    raise typer.Exit(code)


def _tell(error: AscertainError, as_json: bool) -> None:
    problems = list(error.problems) if isinstance(error, BadMapping | ImportRefused | NotPermitted) else []
    if as_json:
        told = {
            "error": error.code,
            "message": error.message,
            "next_step": error.next_step,
            "exit_code": error.exit_code,
        }
        sys.stderr.write(json.dumps({**told, "problems": problems}, ensure_ascii=False) + "\n")
        return
    err.print(f"[red]error:[/] {_plain(error.message)}")
    for problem in problems[:50]:
        err.print(f"  {_plain(problem)}")
    if len(problems) > 50:
        err.print(f"  … and {len(problems) - 50} more (all of them with --json)")
    if error.next_step:
        err.print(f"[dim]next:[/] {_plain(error.next_step)}")


def shown(text: str) -> str:
    """Text from a record or a file as a terminal may have it: without the codes that move its cursor or its colours."""
    return "".join(c if c in "\n\t" or unicodedata.category(c) != "Cc" else "\ufffd" for c in text)


def _plain(text: str) -> str:
    return shown(text).replace("[", "\\[")
