"""Two workstations, one record: what one does the other sees, opens, erases; and a copy takes it all home."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pyrage import x25519

import ascertain
from ascertain.record.sealed import age

STATEMENT = "Published on October 3, 2018\n\nThe Commission found that chlorine was used in Estor on 7 April 2018.\n"


@pytest.mark.home("team")
def test_two_people_keep_one_record_and_take_it_home(home: Any, small: Any, tmp_path: Path) -> None:
    settings = home.settings()
    places = {name: getattr(settings, name) for name in ("database", "objects", "objects_endpoint")}
    alice = ascertain.new(tmp_path / "a", reference=str(small.write(tmp_path / "small")), author="Alice", **places)
    bob = ascertain.join(tmp_path / "b", author="Bob", **places)
    (tmp_path / "statement.txt").write_text(STATEMENT)
    (tmp_path / "interview.txt").write_text("She was at the well.")

    checked = bob.check(tmp_path / "statement.txt")
    assert [claim.outcome.verdict for claim in checked.claims] == ["supported"]
    assert checked.exhibit in {entry.body.get("exhibit") for entry in alice.log() if entry.author == "Bob"}

    her = x25519.Identity.generate()
    alice.protection.name_recipient("Hana", age.public_key(her))
    (sealed,) = alice.protection.seal_files([tmp_path / "interview.txt"], ["Hana"], ascertain.Given())
    bob.protection.open(sealed.exhibit, [her], tmp_path / "opened.txt")
    assert (tmp_path / "opened.txt").read_text() == "She was at the well."
    assert bob.verify().problems == ()

    copied = bob.copy(tmp_path / "copy")
    assert copied.keys == 1
    assert copied.root == alice.record.head().root().hex()

    bob.protection.erase(sealed.exhibit, "she asked", "the head of the inquiry")
    for inquiry in (alice, bob):
        assert inquiry.verify().problems == ()
    assert list(alice.record.keys.names()) == []
    home_again = ascertain.open(tmp_path / "copy")
    assert home_again.verify().problems == ()
    home_again.protection.open(sealed.exhibit, [her], tmp_path / "not-erased-here.txt")  # which `copy` had said
