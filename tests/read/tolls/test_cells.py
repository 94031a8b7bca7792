"""Cells of a table under their header."""

import pytest

from ascertain.read.tolls.cells import cell_toll


@pytest.mark.parametrize(
    ("header", "cell", "toll"),
    [
        ("Killed", "12", "killed 12 "),
        ("Civilians injured", "at least 30", "injured >=30 civilians"),
        ("Killed", "12 March", ""),
        ("Killed", "12 of 30", ""),
        ("Killed or injured", "40", "casualties 40 "),
        ("Killed / wounded", "12", "casualties 12 "),
        ("Date killed", "n/a", ""),
        ("Village", "12", ""),
        ("", "12", ""),
        ("Killed", "", ""),
    ],
)
def test_a_cell_is_a_toll_of_what_its_header_says(header: str, cell: str, toll: str) -> None:
    body = f"{header}\n{cell}"
    found = cell_toll(body, (0, len(header)), (len(header) + 1, len(body)), "en")
    assert (f"{found.kind} {found.count.notation()} {found.group}" if found else "") == toll
