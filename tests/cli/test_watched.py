from __future__ import annotations

import io
from threading import Thread

import pytest
from rich.console import Console

from ascertain.cli import output
from ascertain.cli.output import Watched


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What a person at a terminal sees."""
    shown = io.StringIO()
    monkeypatch.setattr(output, "err", Console(file=shown, force_terminal=True, width=200, highlight=False))
    return shown


def test_a_job_over_bytes_shows_files_bytes_rates_and_what_remains(terminal: io.StringIO) -> None:
    watched = Watched()
    watched.begin("preserving", 20, 4_000_000)
    watched.advance(7, 1_000_000)
    watched.end()
    seen = terminal.getvalue()
    assert "preserving" in seen
    assert "7/20 files" in seen
    assert "1.0/4.0 MB" in seen
    assert "MB/s" in seen or "?" in seen


def test_a_job_over_steps_shows_steps(terminal: io.StringIO) -> None:
    watched = Watched()
    watched.begin("verifying", 20)
    watched.advance(7)
    watched.end()
    assert "7/20" in terminal.getvalue()


def test_a_note_is_shown_as_it_is_without_what_would_steer_the_terminal(terminal: io.StringIO) -> None:
    Watched().note("[red]in\x1b[2Jquiry[/] is left out")
    assert "[red]in\ufffd[2Jquiry[/] is left out" in terminal.getvalue()


def test_nothing_is_drawn_where_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    monkeypatch.setattr(output, "err", Console(file=shown, force_terminal=False))
    watched = Watched()
    watched.begin("preserving", 20, 4_000_000)
    watched.advance(1, 1)
    watched.end()
    assert shown.getvalue() == ""


def test_several_threads_may_move_the_bar(terminal: io.StringIO) -> None:
    watched = Watched()
    watched.begin("preserving", 400, 400)
    threads = [Thread(target=lambda: [watched.advance(1, 1) for _ in range(100)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    watched.end()
    assert "400/400" in terminal.getvalue()
