"""The command line as a person calls it, in a folder of its own with nothing in the environment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ascertain.cli.app import app


@pytest.fixture
def ascertain_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Any]:
    """Runs `ascertain` with these arguments."""
    for name in ("RECORD", "AUTHOR", "LOCK_WAIT_SECONDS", "STATEMENT_LIMIT_MB"):
        monkeypatch.delenv(f"ASCERTAIN_{name}", raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Any:
        return CliRunner(env={"COLUMNS": "200"}).invoke(app, [str(a) for a in arguments])

    return run
