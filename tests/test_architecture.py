"""The shape of the house: which way imports go, how long a module is, what none is called."""

from __future__ import annotations

import subprocess
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "src" / "ascertain").rglob("*.py"))
ALONE = ROOT / "src/ascertain/publish/verifier/verify_bundle.py"  # one file by design: every bundle carries it
BAGS = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "handler"}


def test_imports_go_one_way() -> None:
    program = Path(sysconfig.get_path("scripts")) / "lint-imports"
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(ROOT / "src").as_posix())
def test_a_module_is_no_longer_than_400_lines_and_no_bag(module: Path) -> None:
    assert module == ALONE or len(module.read_text("utf-8").splitlines()) <= 400
    assert module.stem not in BAGS
    assert module.parent.name not in BAGS
