from __future__ import annotations

import re
from pathlib import Path

from ascertain.preserve.capture.problem import Code

PAGE = (Path(__file__).parents[2] / "docs" / "capture.md").read_text("utf-8")


def test_every_code_is_explained_and_no_other() -> None:
    table = PAGE.partition("## Codes")[2].partition("\n## ")[0]
    explained = re.findall(r"`([a-z-]+)`", "".join(line.split("|")[1] for line in table.splitlines() if "|" in line))
    assert sorted(explained) == sorted(code.value for code in Code)
